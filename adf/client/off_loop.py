"""Reads what is heavy beside the event loop, and what is light right there."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

T = TypeVar("T")

# That much foreign text takes some milliseconds to redact.
HEAVY_TEXT = 8_000
_MOST_LOOKED_AT = 2_000
# What JSON decodes to comes first: asking for an abstract class takes seven times as long.
_VALUE = (str, int, float, type(None), bytes)
_OBJECT = (dict, Mapping)
_ARRAY = (list, Sequence)


async def read_off_loop(read: Callable[[], T], wire: object) -> T:
    """What `read` makes of an answer: in a thread when there is much text in it."""
    return await asyncio.to_thread(read) if is_heavy(wire) else read()


def is_heavy(wire: object) -> bool:
    """Whether JSON holds much text; a look that is never long itself."""
    waiting, text, seen = [wire], 0, 0
    while waiting:
        one = waiting.pop()
        seen += 1
        text += _length(one)
        if text > HEAVY_TEXT or seen > _MOST_LOOKED_AT:
            return True
        waiting.extend(_parts(one))
    return False


def has_long_text(rows: Iterable[Mapping[str, Any]]) -> bool:
    """Whether some run carries an error or parameters that a whole file was copied into."""
    return any(
        len(row.get("message") or "") > HEAVY_TEXT // 2 or is_heavy(row.get("parameters"))
        for row in rows
    )


def _length(one: object) -> int:
    """How much text is in it itself: of an object its keys, which come as long as any text."""
    if isinstance(one, str):
        return len(one)
    return sum(map(len, cast("Mapping[str, object]", one))) if isinstance(one, _OBJECT) else 0


def _parts(one: object) -> Iterable[object]:
    if isinstance(one, _VALUE):
        return ()
    if isinstance(one, _OBJECT):
        return cast("Mapping[str, object]", one).values()
    return cast("Sequence[object]", one) if isinstance(one, _ARRAY) else ()
