"""From what an error text carries to a known error, by order of evidence.

The inner code first, then the text from the innermost message outwards, then the outer code: a
numeric outer code (2010, 2108, 2300) stands for several causes, so the text goes before it, and the
outer code only chooses between two errors that a text fits. What merely wraps comes last.
"""

import re
from collections.abc import Iterator

from adf.diagnosis.catalogue import Known, catalogue
from adf.diagnosis.unwrap import UnwrappedError


def evidence(peeled: UnwrappedError, outer_code: str, failure_type: str) -> Iterator[Known]:
    """Known errors that fit, the strongest evidence first."""
    found = [*_within(peeled, outer_code), *_by_code(outer_code)]
    yield from (one for one in found if not one.wrapper)
    yield from (one for one in found if one.wrapper)
    if not peeled.text and not outer_code and failure_type:
        yield from _by_code("~Cancelled")


def _within(peeled: UnwrappedError, outer_code: str) -> Iterator[Known]:
    """What the text itself tells, by its codes and then by its words."""
    for code in peeled.codes:
        yield from _by_code(code)
    outer = frozenset(one.code for one in _by_code(outer_code))
    found = [
        (one.code not in outer, one.weak, level, place, one)
        for level, text in enumerate(dict.fromkeys((peeled.root, peeled.text)))
        for one, place in _places(text.lower())
    ]
    yield from (one for *_, one in sorted(found, key=lambda rank: rank[:4]))


def _places(low: str) -> Iterator[tuple[Known, int]]:
    """The errors whose words stand in a text, and where: who speaks first, speaks of the error."""
    for one in catalogue():
        place = one.found_in(low) if low else None
        if place is not None:
            yield one, place


def _by_code(code: str) -> Iterator[Known]:
    plain = re.sub(r"^user(?=error)", "user", code.strip().lower())
    return (one for one in catalogue() if plain and plain in one.names)
