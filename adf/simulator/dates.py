"""Dates as the service writes and the world file tells them."""

from datetime import UTC, datetime, timedelta

_DAY = timedelta(days=1)
_EARLY = timedelta(minutes=5)


def wire_time(when: datetime | None) -> str | None:
    """A .NET round-trip date: UTC, up to seven fractional digits without trailing zeros, `Z`."""
    if when is None:
        return None
    return f"{when.astimezone(UTC).strftime('%Y-%m-%dT%H:%M:%S.%f').rstrip('0').rstrip('.')}Z"


def read_time(text: str | None) -> datetime | None:
    """A date and time with its zone; without one it is UTC."""
    if not text:
        return None
    when = datetime.fromisoformat(text)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def time_of_day(text: str | None, after: datetime) -> datetime | None:
    """The first moment with that time of day that is not well before `after`."""
    if not text:
        return None
    if "T" in text or "-" in text:
        return read_time(text)
    clock = datetime.fromisoformat(f"2000-01-01T{text:0>5}").timetz()
    when = datetime.combine(after.date(), clock, tzinfo=UTC)
    if when - _DAY >= after - _EARLY:
        return when - _DAY
    return when if when >= after - _EARLY else when + _DAY
