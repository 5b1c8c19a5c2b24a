"""Wall clock and instants: which moments a time of a zone's clock stands for, clock changes too.

A range holds every moment at which the clock of its zone showed a time in it. So an hour that
happens twice is in it twice, and one that was left out is empty: then it is moved forward by what
the clock jumped, as schedulers do.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_SECOND = timedelta(seconds=1)


def first_instant(wall: datetime, zone: tzinfo) -> datetime:
    """The first moment at which the clock showed that time or a later one."""
    early, late = _both(wall, zone)
    return _jump(late, early, zone) if early > late else early


def last_instant(wall: datetime, zone: tzinfo) -> datetime:
    """The moment before which the clock showed an earlier time for the last time."""
    early, late = _both(wall, zone)
    if early > late:
        return _jump(late, early, zone)
    before, again = _both(wall - _SECOND, zone)
    return late if before < again else early


def instants(start: datetime, end: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """A range of the wall clock as two moments in UTC, never empty."""
    first, last = first_instant(start, zone), last_instant(end, zone)
    if last > first:
        return first, last
    moved = _both(start, zone)[0]
    return moved, moved + (end - start)


def midnight(day: date) -> datetime:
    """The wall clock at the beginning of a day."""
    return datetime.combine(day, time())


def months_before(day: date, months: int) -> date:
    """The same day some months before; the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in range(day.day, 0, -1):
        found = date_or_none(year, month + 1, last)
        if found:
            return found
    return day


def date_or_none(year: int, month: int, day: int) -> date | None:
    """A date of the calendar; None for one that no calendar has."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def latest_date(month: int, day: int, today: date) -> date | None:
    """The most recent such date, this year's or one of the eight years before (29 February)."""
    years = (date_or_none(today.year - back, month, day) for back in range(9))
    return next((one for one in years if one and one <= today), None)


def days_from(day: date, step: int, number: int) -> Iterator[date]:
    """Some days in a row, forwards or backwards."""
    return (day + timedelta(days=step * place) for place in range(number))


def _both(wall: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """The moment by the offset before a clock change and by the one after it."""
    here = wall.replace(tzinfo=zone)
    return here.replace(fold=0).astimezone(UTC), here.replace(fold=1).astimezone(UTC)


def _jump(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """The moment between two at which the clock jumped."""
    before = low.astimezone(zone).utcoffset()
    while high - low > _SECOND:
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high.replace(microsecond=0)


def _offset(moment: datetime, zone: tzinfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
