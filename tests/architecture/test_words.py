"""The field's own words are used, and the clashing ones stay in their rooms."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("adf", "bot", "cards")
FILES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
BANNED = re.compile(r"(?:^|_)(?:jobs?|notify|notifies|ir)(?:_|$)", re.IGNORECASE)


def names_in(file: Path) -> Iterator[str]:
    """Every name that a file defines: functions, classes, arguments, variables, fields."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_banned_words_name_nothing(file: Path) -> None:
    assert [name for name in names_in(file) if BANNED.search(name)] == []


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if file.is_relative_to(ROOT / "bot")],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_bare_activity_is_said_in_the_teams_room_only(file: Path) -> None:
    if file.is_relative_to(ROOT / "bot" / "teams"):
        return
    assert [name for name in names_in(file) if name in {"activity", "activities"}] == []
