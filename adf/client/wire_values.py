"""Values of the REST API in any form: what is missing or of an odd type becomes nothing."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, cast

Json = Mapping[str, Any]

_EMPTY: Json = {}
# A dict is what JSON decodes to; asking whether something is a Mapping takes seven times as long.
_OBJECT = (dict, Mapping)
_ARRAY = (list, tuple)
# "7/13/2018 7:50:00 PM", as trigger runs have it; strptime takes ten times as long.
_US_DATE = re.compile(
    r"(\d{1,2})/(\d{1,2})/(\d{4}) (0?[1-9]|1[0-2]):(\d{1,2}):(\d{1,2}) ([AaPp])[Mm]", re.ASCII
)
_TIME_SPAN = re.compile(r"(-?)(?:(\d+)\.)?(\d+):(\d+):(\d+)(?:\.(\d+))?")
_MOST_DAYS = 100_000


def moment(wire: object) -> datetime | None:
    """Read a .NET round-trip date; years before 2000 stand for "not yet"."""
    when = local_time(wire)
    if when is None:
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else _as_utc(when)
    return when if when and when.year >= 2000 else None


def local_time(wire: object) -> datetime | None:
    """Read a date that is without a zone where its place says which zone is meant."""
    if not wire:
        return None
    try:
        return datetime.fromisoformat(str(wire))
    except ValueError:
        return None


def us_moment(wire: object) -> datetime | None:
    """Read a US date in UTC, or a round-trip one."""
    if not wire:
        return None
    found = _US_DATE.fullmatch(str(wire))
    if found is None:
        return moment(wire)
    month, day, year, hour, minute, second, half = found.groups()
    of_day = int(hour) % 12 + (12 if half in "Pp" else 0)
    try:
        return datetime(int(year), int(month), int(day), of_day, int(minute), int(second), 0, UTC)
    except ValueError:
        return None


def wire_time(when: datetime) -> str:
    """A time as queries have it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def time_span(wire: object) -> timedelta | None:
    """Read a .NET time span such as `-1.02:00:00`."""
    found = _TIME_SPAN.fullmatch(str(wire))
    if found is None:
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    if any(len(part or "") > 6 for part in (days, hours, minutes, seconds)):
        return None
    span = timedelta(
        days=min(int(days or 0), _MOST_DAYS),
        hours=int(hours),
        minutes=int(minutes),
        seconds=float(f"{seconds}.{fraction or 0}"),
    )
    return -span if sign else span


def object_of(wire: object) -> Json:
    """A JSON object, or an empty one."""
    return cast("Json", wire) if wire and isinstance(wire, _OBJECT) else _EMPTY


def list_of(wire: object) -> Iterable[object]:
    """A JSON array, or an empty one."""
    return cast("Iterable[object]", wire) if isinstance(wire, _ARRAY) else ()


def objects_of(wire: object) -> list[Json]:
    """The objects of a JSON array."""
    return [cast("Json", one) for one in list_of(wire) if isinstance(one, _OBJECT)]


def frozen(wire: object) -> Any:  # noqa: ANN401 - JSON is what comes in and goes out
    """The same JSON value, which nobody can change."""
    if isinstance(wire, _OBJECT):
        pairs = cast("Json", wire)
        return MappingProxyType({key: frozen(inner) for key, inner in pairs.items()})
    if isinstance(wire, _ARRAY):
        return tuple(frozen(inner) for inner in cast("Iterable[object]", wire))
    return wire


def thawed(wire: object) -> Any:  # noqa: ANN401 - JSON is what comes in and goes out
    """The same JSON value, as anybody may write it out."""
    if isinstance(wire, Mapping):
        pairs = cast("Json", wire)
        return {key: thawed(inner) for key, inner in pairs.items()}
    if isinstance(wire, list | tuple):
        return [thawed(inner) for inner in cast("Iterable[object]", wire)]
    return wire


def text_of(wire: object) -> str:
    """A text, empty for nothing."""
    return "" if wire is None else str(wire)


def count_of(wire: object) -> int | None:
    """A whole number."""
    return int(wire) if isinstance(wire, int | float) and not isinstance(wire, bool) else None


def whole_number(wire: object, otherwise: int) -> int:
    """A whole number, also one that is written as text; `otherwise` for anything else."""
    text = wire if isinstance(wire, str) else ""
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    found = count_of(wire)
    return otherwise if found is None else found


def milliseconds(wire: object) -> timedelta | None:
    """A number of milliseconds as a length of time."""
    count = count_of(wire)
    return None if count is None else timedelta(milliseconds=count)


def _as_utc(when: datetime) -> datetime | None:
    try:
        return when.astimezone(UTC)
    except OverflowError:
        return None
