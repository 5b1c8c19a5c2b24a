"""People read one language everywhere: the glossary's words, with the plurals it knows."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from adf.records.glossary import INSTEAD_OF, counted, plural

ROOT = Path(__file__).parents[2]
PAGES = (
    *("README.md", "CONTRIBUTING.md", "deploy/README.md", ".env.example", "Makefile"),
    *("manifest/manifest.json", "deploy/main.bicep", "deploy/factory.bicep"),
    *(
        "deploy/SIZING.md",
        "deploy/RUNBOOK.md",
        "deploy/alerts.bicep",
        "deploy/network.bicep",
        "deploy/operate.bicep",
    ),
    *("deploy/dashboard.json", "deploy/settings.sample.json", "deploy/Dockerfile"),
)
# What people write is read there, in their words; the simulator's errors are those of systems.
_READS = (
    *("bot/agents/understanding", "adf/simulator", "adf/redaction", "bot/agents/foundry"),
    *("tests",),
)
_KNOWLEDGE = ROOT / "adf" / "diagnosis" / "knowledge"
_SENTENCES = frozenset({"cause", "steps", "check", "actor", "next_steps"})


def _is_pattern(text: str) -> bool:
    """A regular expression for what people or systems write."""
    return "(?" in text or "\\b" in text or "\\w" in text


def _docstrings(tree: ast.AST) -> set[int]:
    """What stands as a sentence by itself: docstrings of modules, classes, functions, names."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def strings_of(file: Path) -> Iterator[tuple[int, str]]:
    """Every literal of a module that a person may read, f-strings with their gaps."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    hidden = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [one.value if isinstance(one, ast.Constant) else "{}" for one in node.values]
            yield node.lineno, "".join(map(str, parts))
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in hidden
            and not _is_pattern(node.value)
        ):
            yield node.lineno, node.value


def _product() -> Iterator[Path]:
    for room in ("adf", "bot", "cards", "manifest"):
        for file in sorted((ROOT / room).rglob("*.py")):
            if not any(file.is_relative_to(ROOT / one) for one in _READS):
                yield file
    yield ROOT / "app.py"


def _pattern(word: str) -> re.Pattern[str]:
    """The word by itself, not inside of another one."""
    before = r"(?<![\w-])" if word[0].isalpha() else ""
    after = r"\b" if word[-1].isalpha() else ""
    return re.compile(f"{before}{re.escape(word)}{after}")


BANNED = {_pattern(word): (word, say) for say, never in INSTEAD_OF.items() for word in never}


def _found_in(text: str) -> list[str]:
    low = text.lower()
    return [
        f"“{word}” in “{text[:80]}”: say “{say}”"
        for pattern, (word, say) in BANNED.items()
        if pattern.search(low)
    ]


def test_no_sentence_of_the_product_says_a_banned_word() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line} {one}"
        for file in _product()
        if file.name != "glossary.py"
        for line, text in strings_of(file)
        for one in _found_in(text)
    ]
    assert found == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_says_a_banned_word(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert [one for line in text.splitlines() for one in _found_in(line)] == []


def _sentences(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in cast("dict[str, object]", value).items():
            yield from _sentences(one, name)
    elif isinstance(value, list):
        for one in cast("list[object]", value):
            yield from _sentences(one, key)
    elif isinstance(value, str) and (key in _SENTENCES or value.endswith(".")):
        yield value


@pytest.mark.parametrize("name", ["kinds.json", "adf_connectors.json", "adf_activities.json"])
def test_no_advice_about_an_error_says_a_banned_word(name: str) -> None:
    known = json.loads((_KNOWLEDGE / name).read_text(encoding="utf-8"))
    assert [one for text in _sentences(known) for one in _found_in(text)] == []


@pytest.mark.parametrize("word", [word for word, _ in BANNED.values()])
def test_each_banned_word_would_be_found(word: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(
        f'"""A module."""\nTEXT = "Before {word} after"\nSAID = f"{{TEXT}}: {word} here"\n',
        encoding="utf-8",
    )
    found = [one for _, text in strings_of(planted) for one in _found_in(text)]
    assert sum(f"“{word}”" in one for one in found) >= 2


def test_cards_of_the_gallery_say_no_banned_word() -> None:
    cards = sorted((ROOT / "tests" / "cards" / "golden").glob("*.json"))
    assert cards
    texts = ((file.name, file.read_text(encoding="utf-8")) for file in cards)
    assert [f"{name}: {one[:40]}" for name, text in texts for one in _found_in(text)] == []


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (1, "run", "1 run"),
        (2, "run", "2 runs"),
        (0, "activity run", "0 activity runs"),
        (2, "activity", "2 activities"),
        (1, "factory", "1 factory"),
        (1204, "entry", "1,204 entries"),
        (3, "more pipeline", "3 more pipelines"),
    ],
)
def test_numbers_agree_with_their_nouns(number: int, noun: str, said: str) -> None:
    assert counted(number, noun) == said


def _counted_nouns() -> set[str]:
    """The nouns that numbers stand before."""
    return {
        node.args[1].value
        for file in _product()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"count", "counted"}
        and len(node.args) == 2
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[1].value, str)
    }


def test_no_noun_ends_in_a_wrong_plural() -> None:
    counted_nouns = _counted_nouns()
    assert len(counted_nouns) > 20
    wrong = re.compile(r"(?:[^aeiou]ys|chs|shs|xs|sss)$")
    assert [noun for noun in counted_nouns if wrong.search(plural(noun))] == []


# Lengths that the product sets, never one; the other gaps are behind an "if" for one.
_NEVER_ONE = {"day", "hour", "minute", "time"}


def test_no_number_is_said_with_a_noun_that_is_always_plural() -> None:
    nouns = _counted_nouns() - _NEVER_ONE
    words = "|".join(sorted(map(plural, nouns), key=len, reverse=True))
    gap = r"(?<!no )(?<!No )\{[^{}]*\}"
    fixed = re.compile(rf"{gap} (?:of {gap} )?(?:more |other )?(?:{words})\b(?! on )")
    found = [
        f"{file.relative_to(ROOT)}:{line} {text[:80]}"
        for file in _product()
        for line, text in strings_of(file)
        if fixed.search(text)
    ]
    assert found == []


# What goes on cards: they read no code marks, and show the signs instead.
_ON_CARDS = (
    "bot/tools",
    "bot/alerts",
    "bot/agents/answers",
    "bot/agents/remediation.py",
    "cards/kinds",
)


def test_no_sentence_on_a_card_has_marks_of_code() -> None:
    marked = [
        f"{file.relative_to(ROOT)}:{line} {text[:80]}"
        for file in _product()
        if any(file.is_relative_to(ROOT / one) for one in _ON_CARDS)
        for line, text in strings_of(file)
        if "`" in text
    ]
    assert marked == []
