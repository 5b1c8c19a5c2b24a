"""The Teams app package: accepted by the published schemas, alike each time, never half filled."""

import json
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from manifest import icons, package
from manifest.package import (
    NEWEST,
    OLDER,
    Details,
    WrongArgument,
    make_manifest,
    make_package,
)
from manifest.package import SCHEMAS as SCHEMA_VERSIONS

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "tests" / "data" / "teams_manifest"
APP = "3f0a5c1e-1111-4222-8333-9c0d1e2f3a4b"
DETAILS = Details(app_id=APP, version="1.2.3")


def troubles(manifest: Mapping[str, Any], schema: str) -> list[str]:
    """What the published schema finds wrong."""
    rules = json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    found = Draft4Validator(rules).iter_errors(dict(manifest))  # pyright: ignore[reportUnknownMemberType]
    return [error.message for error in found]


@pytest.mark.parametrize("schema", SCHEMA_VERSIONS)
def test_the_published_schema_takes_the_manifest(schema: str) -> None:
    manifest = make_manifest(DETAILS, schema)
    assert manifest["manifestVersion"] == schema
    assert f"/v{schema}/" in manifest["$schema"]
    assert troubles(manifest, schema) == []


def test_the_schema_is_a_judge_that_says_no() -> None:
    assert troubles(make_manifest(DETAILS, NEWEST), OLDER) != []
    assert troubles({**make_manifest(DETAILS), "id": "no guid"}, NEWEST) != []


@pytest.mark.parametrize("schema", SCHEMA_VERSIONS)
def test_no_placeholder_is_left(schema: str) -> None:
    text = json.dumps(make_manifest(DETAILS, schema))
    assert re.findall(r"\{[a-z_]+\}", text) == []
    assert text.count(APP) == 2


def test_the_bot_is_in_personal_chats_channels_and_group_chats() -> None:
    (bot,) = make_manifest(DETAILS)["bots"]
    assert bot["botId"] == APP
    assert set(bot["scopes"]) == {"personal", "team", "groupChat"}
    listed = {scope for one in bot["commandLists"] for scope in one["scopes"]}
    assert listed == set(bot["scopes"])
    assert make_manifest(DETAILS)["supportsChannelFeatures"] == "tier1"


def test_nothing_is_claimed_that_the_bot_does_not_do() -> None:
    manifest = make_manifest(DETAILS)
    (bot,) = manifest["bots"]
    assert "supportsTargetedMessages" not in bot
    assert {bot[f"supports{what}"] for what in ("Files", "Calling", "Video")} == {False}
    assert not manifest.keys() & {"webApplicationInfo", "composeExtensions", "authorization"}


def test_the_older_manifest_keeps_every_command() -> None:
    newer, older = make_manifest(DETAILS), make_manifest(DETAILS, OLDER)
    for one, other in zip(
        newer["bots"][0]["commandLists"], older["bots"][0]["commandLists"], strict=True
    ):
        said = [command.get("prompt", command["title"]) for command in one["commands"]]
        assert [command["title"] for command in other["commands"]] == said


def test_the_version_is_that_of_the_project_and_of_the_changelog() -> None:
    newest = re.search(
        r"^## \[([\d.]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert newest is not None
    assert package.project_version() == newest.group(1)


@pytest.mark.parametrize("schema", SCHEMA_VERSIONS)
def test_the_zip_is_the_same_bytes_each_time_with_all_at_its_root(
    schema: str, tmp_path: Path
) -> None:
    for name in ("one.zip", "other.zip"):
        words = ["--app-id", APP, "--schema", schema, "--out", str(tmp_path / name)]
        assert package.main(words) == 0
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as opened:
        assert opened.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        manifest = json.loads(opened.read("manifest.json"))
    assert manifest["version"] == package.project_version()
    assert set(manifest["icons"].values()) < set(opened.namelist())


@pytest.mark.parametrize("app_id", ["", "  ", "adf-ops", "0" * 8, f"{APP}x", "-".join(["0" * 8])])
def test_an_app_id_that_is_none_is_refused_in_one_line(
    app_id: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.zip"
    assert package.main(["--app-id", app_id, "--out", str(out)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert "--app-id" in said[0]
    assert "MicrosoftAppId" in said[0]
    assert not out.exists()


def test_the_guid_of_nobody_is_refused() -> None:
    with pytest.raises(WrongArgument, match="--app-id"):
        Details(app_id="00000000-0000-0000-0000-000000000000", version="1.0.0")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("website", "http://contoso.com"),
        ("privacy", "contoso.com/privacy"),
        ("terms", "https://"),
        ("name", "x" * 31),
        ("name", " "),
        ("developer", "x" * 33),
    ],
)
def test_what_teams_would_refuse_is_refused_before(option: str, value: str) -> None:
    with pytest.raises(WrongArgument, match=f"--{option}"):
        Details(app_id=APP, version="1.0.0", **{option: value})  # pyright: ignore[reportArgumentType]


def test_a_domain_is_a_host_name() -> None:
    with pytest.raises(WrongArgument, match="--domain"):
        Details(app_id=APP, version="1.0.0", domains=("https://contoso.com/x",))
    details = Details(app_id=APP, version="1.0.0", domains=("pages.contoso.com",))
    assert make_manifest(details)["validDomains"] == ["pages.contoso.com"]
    assert troubles(make_manifest(details), NEWEST) == []


def test_placeholder_pages_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "x.zip")
    package.main(["--app-id", APP, "--out", out])
    assert "placeholders" in capsys.readouterr().out
    page = "https://contoso.com/adf-ops"
    pages = ["--website", page, "--privacy", page, "--terms", page]
    package.main(["--app-id", APP, "--out", out, *pages])
    assert "placeholders" not in capsys.readouterr().out


def pixels(png: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and pixels of an 8-bit RGBA picture without filters."""
    place, data = 8, b""
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += length + 12
    rows, size = zlib.decompress(data), width * 4 + 1
    assert {rows[at] for at in range(0, len(rows), size)} == {0}
    row_bytes = (rows[at + 1 : at + size] for at in range(0, len(rows), size))
    return width, height, [row[at : at + 4] for row in row_bytes for at in range(0, width * 4, 4)]


def test_the_icons_have_the_sizes_and_paints_that_teams_asks_for() -> None:
    files = make_package(DETAILS)
    width, height, color = pixels(files["color.png"])
    assert (width, height) == (192, 192)
    assert {pixel[3] for pixel in color} == {255}
    width, height, outline = pixels(files["outline.png"])
    assert (width, height) == (32, 32)
    assert {bytes(pixel[:3]) for pixel in outline} == {b"\xff\xff\xff"}
    assert {0, 255} < {pixel[3] for pixel in outline}


def test_the_icons_in_the_tree_are_what_the_script_draws(tmp_path: Path) -> None:
    assert icons.main(["--out", str(tmp_path)]) == 0
    for name in (icons.COLOR, icons.OUTLINE):
        kept = ROOT / "manifest" / name
        assert pixels((tmp_path / name).read_bytes()) == pixels(kept.read_bytes())
