"""A record as small JSON for a program or a language model: what is empty is left out.

Times are ISO 8601 in UTC, durations seconds. Lists and texts are cut to a size that a reader of
the whole can hold, and the cut is told, so that nothing is taken for complete that is not.
"""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import orjson

from adf.records import RunList

MOST_CHARACTERS = 24_000
MOST_ROWS = 200
MOST_TEXT = 2_000


def compact_text(record: object, most: int = MOST_CHARACTERS) -> str:
    """A record as JSON text of at most so many characters: with ever fewer rows until it fits."""
    rows, text_size = MOST_ROWS, MOST_TEXT
    while True:
        told = _text(compact(record, rows, text_size))
        if len(told) <= most:
            return told
        if rows <= 1 and text_size <= 1:
            return _text({"record": type(record).__name__, "left_out": "too large to tell"})
        rows, text_size = max(1, rows // 2), text_size if rows > 1 else text_size // 2


def compact(record: object, rows: int = MOST_ROWS, text_size: int = MOST_TEXT) -> dict[str, Any]:
    """A record as JSON, under its kind; a list longer than `rows` tells how many it left out."""
    return {"record": type(record).__name__, **_Writer(rows, text_size).record(_own_notes(record))}


def _own_notes(record: object) -> object:
    """Runs with the notes about their own pipelines only, for a factory has hundreds of them."""
    if not isinstance(record, RunList):
        return record
    named = {run.pipeline for run in record.runs} | {record.pipeline}
    return replace(record, notes={key: one for key, one in record.notes.items() if key in named})


class _Writer:
    """Writes values as JSON within bounds."""

    def __init__(self, rows: int, text_size: int) -> None:
        self._rows = rows
        self._text_size = text_size

    def record(self, record: object) -> dict[str, Any]:
        """The fields of a record that hold something; durations are named by their unit."""
        told: dict[str, Any] = {}
        for one in fields(cast("Any", record)) if is_dataclass(record) else ():
            value = getattr(record, one.name)
            if value is None or (isinstance(value, Sized) and not len(value)):
                continue
            unit = "_seconds" if isinstance(value, timedelta) else ""
            told[f"{one.name}{unit}"] = self._value(value)
            if isinstance(value, tuple) and len(cast("tuple[Any, ...]", value)) > self._rows:
                told[f"{one.name}_left_out"] = len(cast("tuple[Any, ...]", value)) - self._rows
        return told

    def _value(self, value: object) -> Any:  # noqa: ANN401 - JSON is what goes out
        match value:
            case datetime():
                return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            case timedelta():
                return round(value.total_seconds(), 1)
            case str():
                return self._string(value)
            case Mapping():
                pairs = cast("Mapping[object, object]", value)
                return {str(key): self._value(one) for key, one in pairs.items()}
            case frozenset():
                return sorted(map(str, cast("frozenset[object]", value)))
            case Sequence():
                return [self._value(one) for one in cast("Sequence[object]", value)[: self._rows]]
            case _:
                return self.record(value) if is_dataclass(value) else value

    def _string(self, text: str) -> str:
        rest = len(text) - self._text_size
        return str(text) if rest <= 0 else f"{text[: self._text_size]} … ({rest} more characters)"


def _text(told: Mapping[str, Any]) -> str:
    return orjson.dumps(told).decode()
