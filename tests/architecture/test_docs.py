"""The pages a newcomer reads are true: settings, verbs, versions."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from bot.hosting.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    """A file of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_explained_once() -> None:
    explained = re.findall(r"^([A-Za-z_]+)=", read(".env.example"), re.MULTILINE)
    known = [field.alias for field in Settings.model_fields.values()]
    assert sorted(explained) == sorted(str(alias) for alias in known)


def test_the_example_itself_is_accepted() -> None:
    lines = re.findall(r"^([A-Za-z_]+)=(.+)$", read(".env.example"), re.MULTILINE)
    assert read_settings(**dict(lines)).port == 3978


def test_every_verb_of_the_readme_exists() -> None:
    verbs = set(re.findall(r"\bmake ([a-z]+)\b", read("README.md") + read("CONTRIBUTING.md")))
    known = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    assert verbs - known == set()


def test_the_changelog_is_about_this_version() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    newest = re.search(r"^## \[([\d.]+)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == version


def test_every_requirement_is_pinned() -> None:
    lines = (read("requirements.txt") + read("requirements-dev.txt")).splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]
    assert [line for line in wanted if "==" not in line] == []


def test_every_path_of_the_recipes_exists() -> None:
    rooms = "bot|adf|cards|tests|manifest|deploy"
    named = re.findall(rf"`((?:{rooms})/[\w./]*)`", read("CONTRIBUTING.md"))
    # In capitals: a name of one's own.
    paths = [one for one in named if not one.endswith(("/NEW.py", "/CARD.py"))]
    planned = {"bot/agents/NAME/"}
    assert {one for one in paths if not (ROOT / one).exists()} <= planned
    assert len(paths) > 20


def named_parts(room: str) -> list[str]:
    """What the map of a room, the docstring of its package, names in backticks."""
    docstring = ast.get_docstring(ast.parse(read(f"{room}/__init__.py"))) or ""
    return re.findall(r"`([a-z_.]+)`", docstring)


@pytest.mark.parametrize(
    "room",
    [
        *("adf", "adf/simulator", "cards", "bot/access", "bot/alerts", "bot/doctor"),
        *("bot/outbox", "bot/state", "bot/teams", "bot/tools"),
    ],
)
def test_the_map_of_a_room_names_what_is_there(room: str) -> None:
    parts = named_parts(room)
    assert len(parts) >= 5

    def is_there(part: str) -> bool:
        places = (ROOT / room / part, ROOT / part.replace(".", "/"))
        return any(place.is_dir() or place.with_suffix(".py").is_file() for place in places)

    assert [part for part in parts if not is_there(part)] == []
