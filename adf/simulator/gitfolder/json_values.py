"""Reads parts of a definition that may be of any form: what does not fit counts as left out."""

from datetime import timedelta
from typing import cast

from adf.simulator.runs import Json

# Nothing that a trigger or a policy waits for is longer; more would leave the calendar.
LONGEST = timedelta(days=3660)


def object_in(wire: object) -> Json:
    """A JSON object, or an empty one."""
    return cast("Json", wire) if isinstance(wire, dict) else {}


def list_in(wire: object) -> list[object]:
    """A JSON array, or an empty one."""
    return cast("list[object]", wire) if isinstance(wire, list) else []


def objects_in(wire: object) -> list[Json]:
    """The objects of a JSON array."""
    return [cast("Json", one) for one in list_in(wire) if isinstance(one, dict)]


def whole_number(wire: object, otherwise: int, low: int, high: int) -> int:
    """A whole number between two bounds, also one that is written as text."""
    text = wire if isinstance(wire, str) else ""
    known = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else wire
    number = known if isinstance(known, int) and not isinstance(known, bool) else otherwise
    return min(max(number, low), high)


def time_span(text: object, otherwise: timedelta) -> timedelta:
    """A .NET time span such as `-1.02:00:00`."""
    if not isinstance(text, str) or text.count(":") != 2:
        return otherwise
    sign, plain = (-1 if text.startswith("-") else 1), text.lstrip("-")
    days, _, clock = plain.rpartition(".") if "." in plain.split(":")[0] else ("0", "", plain)
    hours, minutes, seconds = clock.split(":")
    try:
        span = timedelta(
            days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds)
        )
    except (ValueError, OverflowError):
        return otherwise
    return sign * min(span, LONGEST)
