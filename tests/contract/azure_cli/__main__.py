"""`make contract`: every `az` line of deploy/README.md before azure-cli's own parser.

Needs the package registry at the first time. Nothing is carried out and nobody is asked: groups,
commands, options and their values are judged as `az` does it; whether Azure would do what is
written, only Azure can say. `azd` is not used on the page, as no registry here has it.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.contract.azure_cli.commands import GuideBroken, Words, commands, mentioned
from tests.contract.environments import NoJudge, make_environment, run

HERE = Path(__file__).parent
FOLDER, PACKAGE = "azure-cli", "azure-cli==2.91.0"
SIGN = "VERDICT "
# The judge is judged too: it must refuse what was once on the page, or could be.
WRONG: Sequence[Words] = (
    ("bot", "list", "-g", "group"),
    ("acr", "build", "-r", "registry"),
    ("containerapp", "exec", "-n", "adf-ops", "--command", "sh"),
    ("containerapp", "exec", "-g", "group", "-n", "adf-ops", "--command", "sh", "--quiet"),
    ("role", "definition", "delete", "--resource-group", "group"),
    ("role", "definition", "delete", "--name", "role", "--factory", "group"),
    ("deployment", "group", "create", "-g", "group", "--template", "deploy/main.bicep"),
    ("account", "show", "--query", "[?name"),
)


async def main() -> int:
    """Judge the page and print what was refused; not nought where anything was."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            given = commands(Path(folder))
            named = [(*one, "--help") for one in mentioned()]
            said = await ask([*given, *named, *WRONG], Path(folder))
    except (NoJudge, GuideBroken) as missing:
        print(f"nothing was judged: {missing}")
        return 2
    page, wrong = said[: -len(WRONG)], said[-len(WRONG) :]
    failed = [(words, why) for words, why in zip([*given, *named], page, strict=True) if why]
    for words, why in failed:
        print(f"FAILED  az {' '.join(words)}\n        {why}")
    missed = [words for words, why in zip(WRONG, wrong, strict=True) if not why]
    for words in missed:
        print(f"FAILED  the parser takes what is wrong: az {' '.join(words)}")
    print(f"{len(given)} commands and {len(named)} names: {len(page) - len(failed)} accepted")
    print(f"{len(WRONG)} wrong ones: {len(WRONG) - len(missed)} refused")
    return 1 if failed or missed else 0


async def ask(given: Sequence[Words], folder: Path) -> Sequence[str]:
    """What the parser says to each command, blank where it takes it."""
    python = await make_environment(FOLDER, PACKAGE)
    quiet = {"AZURE_CONFIG_DIR": str(folder / "config"), "AZURE_CORE_COLLECT_TELEMETRY": "no"}
    lines = "".join(f"{json.dumps(one)}\n" for one in given)
    judge = [str(python), str(HERE / "judge.py")]
    out = await run(judge, lines, folder=folder, environment=quiet)
    verdicts = [line.removeprefix(SIGN) for line in out.splitlines() if line.startswith(SIGN)]
    if len(verdicts) != len(given):
        raise NoJudge(f"{len(verdicts)} verdicts on {len(given)} commands")
    return [str(json.loads(one)) for one in verdicts]


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
