"""Makes records hostile: every text in them replaced, every list made long."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, cast

Spoil = Callable[[str], str]

# One text with everything that a name or an error could try at once.
TEXT = (
    "**b** _i_ `c` ~s~ [see](https://evil.example/x) ![p](https://evil.example/p.png) "
    "<img src=//evil.example/q><at>everyone</at> {{DATE(2026-01-01T00:00:00Z)}} "
    "https://evil.example \u202egnp.exe\u202c\u0000\ud800 # h | t | &lt;b&gt; $(x)"
)
_MOST = 50


def spoiled(record: Any, spoil: Spoil = lambda _: TEXT) -> Any:  # noqa: ANN401 - any record, the same type back
    """The record with every text in it replaced; states keep their words."""
    if isinstance(record, Enum):
        return record
    if isinstance(record, str):
        return spoil(record)
    if isinstance(record, tuple):
        return tuple(spoiled(one, spoil) for one in cast("tuple[Any, ...]", record))
    if isinstance(record, Mapping):
        pairs = cast("Mapping[Any, Any]", record)
        return {key: spoiled(one, spoil) for key, one in pairs.items()}
    if is_dataclass(record) and not isinstance(record, type):
        return _replaced(record, lambda one: spoiled(one, spoil))
    return record


def enlarged(record: Any) -> Any:  # noqa: ANN401 - any record, the same type back
    """The record with names of 140 characters, errors of 4 KB and lists of fifty."""
    longer = spoiled(record, _longer)
    return _repeated(longer)


def _longer(text: str) -> str:
    return (text * 4096)[:4096] if len(text) > 80 else (f"{text}_" * 140)[:140]


def _repeated(record: Any) -> Any:  # noqa: ANN401 - any record, the same type back
    if is_dataclass(record) and not isinstance(record, type):
        return _replaced(record, _repeated)
    if isinstance(record, tuple) and record:
        inner = cast("tuple[Any, ...]", record)
        if all(is_dataclass(one) or isinstance(one, str) for one in inner):
            made = [_repeated(one) for one in inner]
            return tuple(_numbered(made[place % len(made)], place) for place in range(_MOST))
    return cast("Any", record)


def _numbered(record: Any, place: int) -> Any:  # noqa: ANN401 - any record, the same type back
    """A copy that is told apart from the others, so that nothing is taken for the same thing."""
    return spoiled(record, lambda text: f"{place}{text}")


def _replaced(record: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - any record, the same type back
    new = {one.name: change(getattr(record, one.name)) for one in fields(record)}
    try:
        return replace(record, **new)
    except ValueError:  # what cannot be made of such text never comes with it
        return record
