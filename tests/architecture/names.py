"""The names that the product defines, and the house words in them.

`python -m tests.architecture.names` lowers the counts in house_words.json to what is there; it
never raises one.
"""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("adf", "bot", "cards", "manifest")
FILES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
COUNTS = Path(__file__).parent / "house_words.json"
# Words that mean nothing to somebody who knows the field and not this house.
HOUSE_WORDS = (
    *("asked", "desk", "dice", "folk", "gate", "heard", "house", "kept", "lookout"),
    *("mend", "mended", "mends", "shelf", "shown", "talk", "talks", "tell", "tells", "told"),
    *("trouble", "troubles", "turnstile", "ward", "whoever"),
)
# Tools and cards are known to people, models and saved messages by these names.
_PUBLIC = re.compile(r"(?:adf|bot|ops)_\w+|\w+_card")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@cache
def names_in(file: Path) -> Sequence[str]:
    """Every name that a file defines: functions, classes, arguments, variables, fields."""
    return tuple(_names_in(file))


def _names_in(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def is_public_name(name: str) -> bool:
    """Whether it is the name of a tool or a card, which is not ours to choose."""
    return _PUBLIC.fullmatch(name) is not None


def counted_house_words() -> Counter[str]:
    """How often each house word is part of a name, the names of modules among them."""
    names = [name for file in FILES for name in (file.stem, *names_in(file))]
    words = (word.lower() for name in names for word in _WORD.findall(name))
    return Counter(word for word in words if word in HOUSE_WORDS)


def main() -> None:
    """Write the counts down where they became fewer."""
    now = counted_house_words()
    known = json.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.exists() else now
    lowered = {word: min(now[word], known.get(word, 0)) for word in HOUSE_WORDS}
    COUNTS.write_text(json.dumps(lowered, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
