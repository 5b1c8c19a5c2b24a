"""The date functions of the expression language, and .NET's formats as far as they are certain.

A date that is worked out wrongly names the wrong file or table. So Unknown stands for every form of
a date and every letter of a format whose text is not certain: other cultures, offsets other than
UTC, a seventh digit.
"""

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.simulator.gitfolder.expressions.values import Unknown

Given = Sequence[Any]
_ISO = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.(?P<fraction>\d{1,7}))?)?)?(?:Z|\+00:00)?"
)
_PARTS = re.compile(r"'[^']*'|\\.|([A-Za-z])\1*|.", re.DOTALL)
_ROUND_TRIP = "o"
_STANDARD = {
    "o": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "O": "yyyy-MM-ddTHH:mm:ss.fffffffK",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "u": "yyyy-MM-dd HH:mm:ss'Z'",
}
_UNITS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
_MONTHS = {"month": 1, "year": 12}
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_CODES: Mapping[str, Callable[[datetime], str]] = {
    "yyyy": lambda at: f"{at.year:04}",
    "yy": lambda at: f"{at.year % 100:02}",
    "MMMM": lambda at: calendar.month_name[at.month],
    "MMM": lambda at: calendar.month_abbr[at.month],
    "MM": lambda at: f"{at.month:02}",
    "M": lambda at: f"{at.month}",
    "dddd": lambda at: calendar.day_name[at.weekday()],
    "ddd": lambda at: calendar.day_abbr[at.weekday()],
    "dd": lambda at: f"{at.day:02}",
    "d": lambda at: f"{at.day}",
    "HH": lambda at: f"{at.hour:02}",
    "H": lambda at: f"{at.hour}",
    "hh": lambda at: f"{(at.hour - 1) % 12 + 1:02}",
    "h": lambda at: f"{(at.hour - 1) % 12 + 1}",
    "mm": lambda at: f"{at.minute:02}",
    "m": lambda at: f"{at.minute}",
    "ss": lambda at: f"{at.second:02}",
    "s": lambda at: f"{at.second}",
    "tt": lambda at: "AM" if at.hour < 12 else "PM",
    "K": lambda at: "Z" if at.tzinfo else "",
    # Written so by many, and meant as the letters themselves.
    "T": lambda _: "T",
    "Z": lambda _: "Z",
}


def date_text(when: datetime, form: str = _ROUND_TRIP) -> str:
    """A date in a .NET format; Unknown for one that depends on more than the date."""
    if len(form) < 2 and form not in _STANDARD:
        raise Unknown
    parts = (match[0] for match in _PARTS.finditer(_STANDARD.get(form, form)))
    return "".join(_part(when, part) for part in parts)


def _part(when: datetime, part: str) -> str:
    if part[0] == "f" and len(part) <= 7:
        return f"{when.microsecond:06}0"[: len(part)]
    if part in _CODES:
        return _CODES[part](when)
    if part[0] == "'" and len(part) > 1:
        return part[1:-1]
    if part[0] == "\\" and len(part) > 1:
        return part[1:]
    if part[0].isalpha() or part in ("'", '"', "%", "\\"):
        raise Unknown
    return part


def read_date(value: object) -> datetime:
    """A date as ISO 8601 has it; Unknown for any other form."""
    if isinstance(value, datetime):
        return value
    match = _ISO.fullmatch(value) if isinstance(value, str) else None
    if match is None or (match["fraction"] or "")[6:].strip("0"):
        raise Unknown
    return datetime.fromisoformat(match[0])


def _formatted(when: datetime, rest: Given) -> str:
    if len(rest) > 1 or (rest and not isinstance(rest[0], str)):
        raise Unknown
    return date_text(when, *rest)


def _adding(unit: str) -> Callable[[Given], str]:
    def add(given: Given) -> str:
        return _formatted(_moved(read_date(given[0]), given[1], unit), given[2:])

    return add


def _moved(when: datetime, count: object, unit: str) -> datetime:
    if not isinstance(count, int) or isinstance(count, bool):
        raise Unknown
    if unit in _MONTHS:
        return _by_months(when, count * _MONTHS[unit])
    if unit not in _UNITS:
        raise Unknown
    return when + count * _UNITS[unit]


def _by_months(when: datetime, count: int) -> datetime:
    """The same day of another month, or its last one."""
    years, month = divmod(when.month - 1 + count, 12)
    last = calendar.monthrange(when.year + years, month + 1)[1]
    return when.replace(year=when.year + years, month=month + 1, day=min(when.day, last))


def _in_time(sign: int) -> Callable[[Given], str]:
    def move(given: Given) -> str:
        when = _moved(read_date(given[0]), sign * given[1], str(given[2]).lower())
        return _formatted(when, given[3:])

    return move


def _start_of(unit: str) -> Callable[[Given], str]:
    def start(given: Given) -> str:
        when = read_date(given[0]).replace(microsecond=0, second=0, minute=0)
        when = when if unit == "hour" else when.replace(hour=0)
        return _formatted(when.replace(day=1) if unit == "month" else when, given[1:])

    return start


def _ticks(given: Given) -> int:
    when = read_date(given[0])
    since = (when if when.tzinfo else when.replace(tzinfo=UTC)) - _FIRST
    return (since // timedelta(microseconds=1)) * 10


DATE_FUNCTIONS: Mapping[str, Callable[[Given], Any]] = {
    "adddays": _adding("day"),
    "addhours": _adding("hour"),
    "addminutes": _adding("minute"),
    "addseconds": _adding("second"),
    "addtotime": _in_time(1),
    "subtractfromtime": _in_time(-1),
    "formatdatetime": lambda given: _formatted(read_date(given[0]), given[1:]),
    "dayofmonth": lambda given: read_date(given[0]).day,
    "dayofweek": lambda given: read_date(given[0]).isoweekday() % 7,
    "dayofyear": lambda given: read_date(given[0]).timetuple().tm_yday,
    "startofday": _start_of("day"),
    "startofhour": _start_of("hour"),
    "startofmonth": _start_of("month"),
    "ticks": _ticks,
}
