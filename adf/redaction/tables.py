"""Finds columns of secrets in tables: text whose first line names them, parted by comma or tab."""

import re
from collections.abc import Iterator, Sequence

from adf.redaction.key_names import strength_of
from adf.redaction.likeness import is_no_word

_HEAD = re.compile(r"(?i)pass|pwd|pw\b|secret|token|key|cred")
_NAME = re.compile(r"[\w .-]{2,40}")
_RULE = re.compile(r"[\s|:+-]+")
_DELIMITERS = (",", "\t", "|", ";")
_LONGEST_LINE = 500


def hide_columns(text: str, hidden: str) -> str:
    """Put `hidden` in the place of what looks like a secret under a column of such a name."""
    if "\n" not in text or not _HEAD.search(text):
        return text
    lines = text.split("\n")
    for delimiter in _DELIMITERS:
        if delimiter in text:
            lines = list(_without_columns(lines, delimiter, hidden))
    return "\n".join(lines)


def _without_columns(lines: Sequence[str], delimiter: str, hidden: str) -> Iterator[str]:
    """The lines, each without what stands under a heading of as many cells right above it."""
    columns, width, is_heading = set[int](), 0, False
    for line in lines:
        cells = line.split(delimiter) if len(line) <= _LONGEST_LINE else []
        # Words before a heading may hold delimiters too: columns are counted from the end.
        if len(cells) != width and not (is_heading and 1 < len(cells) < width):
            columns = set[int]()
        width, is_heading = len(cells), False
        if columns and not _RULE.fullmatch(line):
            yield delimiter.join(_without(cells, columns, hidden))
        else:
            yield line
        if width > 1 and _HEAD.search(line):
            found = set(_columns(cells))
            columns, is_heading = columns | found, bool(found)


def _columns(cells: Sequence[str]) -> Iterator[int]:
    """Which cells of a heading name a secret, from its end."""
    names = [cell.strip(" :\"'\r*") for cell in cells]
    # A sentence may stand right before the heading.
    names[0] = names[0].rpartition(" ")[2]
    if not all(_NAME.fullmatch(name) for name in names[1:] if name):
        return
    for number, name in enumerate(names):
        if _NAME.fullmatch(name) and _HEAD.search(name) and strength_of(name):
            yield number - len(names)


def _without(cells: Sequence[str], columns: set[int], hidden: str) -> Iterator[str]:
    for number, cell in enumerate(cells, -len(cells)):
        word = cell.strip(" \"'\r`")
        is_secret = number in columns and word != hidden and is_no_word(word)
        yield cell.replace(word, hidden) if is_secret else cell
