"""How a card names a range of time: as it was asked, and "last N h" only for a length up to now."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_NAMED_DAYS = 6


def range_label(
    start: datetime, end: datetime | None, now: datetime, zone: ZoneInfo, *, length: bool = False
) -> str:
    """The words for a range: "02:00-04:00", "yesterday", "Fri 18:00 to now", "since midnight".

    An `end` of None is now; `length` tells that so much back from now was asked: "last 24 h".
    """
    here = _Calendar(now, zone)
    if end is None:
        return _length(now - start) if length and _is_round(now - start) else here.until_now(start)
    return here.between(start, end)


def _is_round(span: timedelta) -> bool:
    """Whether a length is said in whole hours, or in minutes when it is short."""
    return not span % _HOUR or (span < 3 * _HOUR and not span % timedelta(minutes=1))


def _length(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    hours, days = minutes // 60, minutes // 1440
    if minutes % 60:
        return f"last {minutes} min"
    return f"last {hours} h" if hours <= 72 or hours % 24 else f"last {days} days"


class _Calendar:
    """Days and clock times as seen on one day in one zone."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._zone = zone
        self._today = now.astimezone(zone).date()

    def until_now(self, start: datetime) -> str:
        """From a moment until now."""
        day = self._day(self._local(start).date())
        if not self._is_midnight(start):
            return f"{day} {self._clock(start)} to now".lstrip()
        return f"{day} to now" if day else "since midnight"

    def between(self, start: datetime, end: datetime) -> str:
        """A range that has ended: whole days by their names, else with the clock times."""
        first, last = self._local(start).date(), self._local(end - timedelta(microseconds=1)).date()
        if self._is_midnight(start) and self._is_midnight(end):
            one, other = self._day(first) or "today", self._day(last) or "today"
            return one if first == last else f"{one} to {other}"
        clocks = self._clock(start), self._clock(end)
        day = self._day(first)
        if first == self._local(end).date():
            return f"{day} {clocks[0]}-{clocks[1]}".lstrip()
        if first == last:
            return f"{day} {clocks[0]}-24:00".lstrip()
        until = self._day(self._local(end).date()) or "today"
        return f"{day or 'today'} {clocks[0]} to {until} {clocks[1]}"

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone)

    def _is_midnight(self, moment: datetime) -> bool:
        """Whether a day begins then."""
        local = self._local(moment)
        return local.hour == local.minute == 0 and not local.fold

    def _clock(self, moment: datetime) -> str:
        """The time; with its zone where the clock shows it twice."""
        local = self._local(moment)
        twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
        return f"{local:%H:%M %Z}" if twice else f"{local:%H:%M}"

    def _day(self, day: date) -> str:
        """Nothing for today; a weekday within the last week, else the date."""
        back = (self._today - day) // _DAY
        if back == 0:
            return ""
        if back == 1:
            return "yesterday"
        if 1 < back <= _NAMED_DAYS:
            return f"{day:%a}"
        year = "" if day.year == self._today.year else f" {day.year}"
        return f"{day.day} {day:%b}{year}"
