"""Makes the Teams app package: `python -m manifest.package --app-id GUID` writes the zip to upload.

The same arguments make the same bytes, so that a package can be compared with a former one.
"""

import argparse
import json
import re
import sys
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from manifest.icons import COLOR, OUTLINE

HERE = Path(__file__).parent
PROJECT = HERE.parent / "pyproject.toml"
NEWEST, OLDER = "1.29", "1.25"
# The first has what the second has; both take what is written for NEWEST.
SCHEMAS = ("1.30", NEWEST, OLDER)
PLACEHOLDER = "https://example.com/say-here-who-runs-this-bot"
LONGEST_NAME = 30
LONGEST_DEVELOPER = 32

Json = Mapping[str, Any]

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
# A fixed time: the earliest a zip can tell.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
# Prompts that Teams sends by itself came with 1.27; before, a command is only its title.
_NEWER_COMMAND_KEYS = frozenset({"type", "prompt"})


class WrongArgument(Exception):
    """A package cannot be made from that: which argument, and how to fix it, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What differs from one installation to the next."""

    app_id: str
    version: str
    name: str = "ADF Ops"
    developer: str = "Your data platform team"
    website: str = PLACEHOLDER
    privacy: str = PLACEHOLDER
    terms: str = PLACEHOLDER
    domains: tuple[str, ...] = ()
    sign_in: bool = False

    def __post_init__(self) -> None:
        """Refuse what Teams would refuse at the upload."""
        if not _GUID.fullmatch(self.app_id) or not self.app_id.strip("0-"):
            raise WrongArgument(
                f"--app-id {f'“{self.app_id}” is not a GUID' if self.app_id else 'is empty'}: "
                "copy the Application (client) ID of the bot's app registration (MicrosoftAppId)"
            )
        _check_length("--name", self.name, LONGEST_NAME)
        _check_length("--developer", self.developer, LONGEST_DEVELOPER)
        for option in ("website", "privacy", "terms"):
            parts = urlsplit(str(getattr(self, option)))
            if parts.scheme != "https" or not parts.hostname:
                raise WrongArgument(f"--{option}: give an address that begins with https://")
        for host in self.domains:
            if not _HOST.fullmatch(host):
                raise WrongArgument(
                    f"--domain: {host} is not a host name, such as pages.contoso.com"
                )


def make_manifest(details: Details, schema: str = NEWEST) -> Json:
    """The manifest for an installation, in one of the schemas."""
    template = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    words = {
        "{app_id}": details.app_id.lower(),
        "{version}": details.version,
        "{name}": details.name,
        "{developer}": details.developer,
        "{website}": details.website,
        "{privacy}": details.privacy,
        "{terms}": details.terms,
    }
    filled = {**_filled(template, words), "validDomains": list(details.domains)}
    filled |= _sign_in(details) if details.sign_in else {}
    return _older(filled) if schema == OLDER else _in_schema(filled, schema)


def _sign_in(details: Details) -> Json:
    """What lets Teams get a token for the bot's registration by itself, or in a window."""
    app_id = details.app_id.lower()
    return {
        "webApplicationInfo": {"id": app_id, "resource": f"api://botid-{app_id}"},
        "validDomains": [*details.domains, "token.botframework.com"],
    }


def make_package(details: Details, schema: str = NEWEST) -> Mapping[str, bytes]:
    """The files of the package by their names; all of them lie at its root."""
    manifest = json.dumps(make_manifest(details, schema), indent=2, ensure_ascii=False)
    icons = {name: (HERE / name).read_bytes() for name in (COLOR, OUTLINE)}
    return {"manifest.json": f"{manifest}\n".encode(), **icons}


def write_zip(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files as a zip whose bytes depend on nothing else."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w") as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            package.writestr(entry, content)


def project_version() -> str:
    """The version of this project, which is the app's too."""
    return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])


def _filled(value: object, words: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, dict):
        return {key: _filled(one, words) for key, one in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_filled(one, words) for one in cast("list[object]", value)]
    if not isinstance(value, str):
        return value
    for placeholder, word in words.items():
        value = value.replace(placeholder, word)
    return value


def _in_schema(manifest: Json, schema: str) -> Json:
    address = manifest["$schema"].replace(f"v{NEWEST}", f"v{schema}")
    return {**manifest, "$schema": address, "manifestVersion": schema}


def _older(manifest: Json) -> Json:
    """The same for tenants whose Teams takes 1.25 at most: a command's title is what is sent."""
    bots = [
        {**bot, "commandLists": [_older_list(one) for one in bot["commandLists"]]}
        for bot in manifest["bots"]
    ]
    return _in_schema({**manifest, "bots": bots}, OLDER)


def _older_list(commands: Json) -> Json:
    return {**commands, "commands": [_older_command(one) for one in commands["commands"]]}


def _older_command(command: Json) -> Json:
    kept = {key: one for key, one in command.items() if key not in _NEWER_COMMAND_KEYS}
    return {**kept, "title": command.get("prompt", command["title"])}


def _check_length(option: str, value: str, longest: int) -> None:
    if not 0 < len(value.strip()) <= longest:
        raise WrongArgument(f"{option}: give 1 to {longest} characters")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m manifest.package", description=__doc__)
    say = parser.add_argument
    say("--app-id", required=True, help="application id of the bot's registration, a GUID")
    say("--out", type=Path, help="the zip; dist/adf-ops-VERSION.zip by default")
    say("--schema", choices=SCHEMAS, default=NEWEST, help="an older one for an older Teams")
    say("--name", default="ADF Ops", help="what Teams calls the app")
    say("--developer", default="Your data platform team", help="who runs this bot")
    say("--website", default=PLACEHOLDER, help="page about the bot, https")
    say("--privacy", default=PLACEHOLDER, help="page about privacy, https")
    say("--terms", default=PLACEHOLDER, help="page with the terms of use, https")
    say("--domain", action="append", default=[], help="a host the app may link to; repeatable")
    say("--sign-in", action="store_true", help="people sign in to act with their own rights")
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Write the package; a wrong argument ends it with one line."""
    given = _parser().parse_args(words)
    try:
        details = Details(
            app_id=given.app_id.strip(),
            version=project_version(),
            name=given.name,
            developer=given.developer,
            website=given.website,
            privacy=given.privacy,
            terms=given.terms,
            domains=tuple(given.domain),
            sign_in=given.sign_in,
        )
    except WrongArgument as error:
        print(f"Cannot make the package. {error}", file=sys.stderr)
        return 2
    out = given.out or Path("dist") / f"adf-ops-{details.version}.zip"
    write_zip(make_package(details, given.schema), out)
    print(f"{out} (schema {given.schema}, version {details.version}): upload it in Teams")
    if PLACEHOLDER in (details.website, details.privacy, details.terms):
        print("The pages about the bot are placeholders: name yours with --website, --privacy,")
        print("--terms before you publish it to the whole organization.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
