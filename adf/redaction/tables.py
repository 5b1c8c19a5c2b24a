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
_MOST_ROWS = 200


def hide_columns(text: str, hidden: str) -> str:
    """Put `hidden` in the place of what looks like a secret under a column of such a name."""
    if "\n" not in text:
        return text
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if len(line) <= _LONGEST_LINE and _HEAD.search(line):
            for delimiter in _DELIMITERS:
                columns = tuple(_columns(line, delimiter)) if delimiter in line else ()
                if columns:
                    _hide_below(lines, number, delimiter, columns, hidden)
    return "\n".join(lines)


def _columns(line: str, delimiter: str) -> Iterator[int]:
    """Which cells of a heading name a secret."""
    cells = [cell.strip(" \"'\r*") for cell in line.split(delimiter)]
    if not all(_NAME.fullmatch(cell) for cell in cells if cell):
        return
    for number, cell in enumerate(cells):
        if _HEAD.search(cell) and strength_of(cell):
            yield number


def _hide_below(
    lines: list[str], heading: int, delimiter: str, columns: Sequence[int], hidden: str
) -> None:
    width = lines[heading].count(delimiter)
    for number in range(heading + 1, min(len(lines), heading + 1 + _MOST_ROWS)):
        cells = lines[number].split(delimiter)
        if len(cells) != width + 1:
            return
        if not _RULE.fullmatch(lines[number]):
            for column in columns:
                word = cells[column].strip(" \"'\r`")
                if word != hidden and is_no_word(word):
                    cells[column] = cells[column].replace(word, hidden)
            lines[number] = delimiter.join(cells)
