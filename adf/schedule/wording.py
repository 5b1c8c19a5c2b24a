"""A schedule in a few words, as an engineer would say it: "daily at 01:30, Europe/Berlin"."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.records import MonthlyOccurrence, Recurrence, TriggerDefinition, TumblingWindow
from adf.schedule.recurrence import WEEK, local_start, week_days
from adf.schedule.zones import zone_named

_MOST_TIMES = 6
_UNITS = {"minute": "min", "hour": "h", "day": "day", "week": "week", "month": "month"}
_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


def schedule_text(trigger: TriggerDefinition) -> str:
    """What a trigger is set to; nothing for one that cannot be read."""
    if trigger.recurrence:
        return _recurrence(trigger.recurrence)
    if trigger.window:
        return _windows(trigger.window)
    return f"when an event arrives ({trigger.source})" if trigger.source else "on an event"


def _recurrence(recurrence: Recurrence) -> str:
    frequency, start = recurrence.frequency.lower(), local_start(recurrence)
    if frequency in {"minute", "hour"}:
        at = _list([f"{one:02}" for one in sorted(recurrence.minutes)])
        return _every(frequency, recurrence.interval) + (f" at minute {at}" if at else "")
    if frequency not in _UNITS:
        return ""
    days = {
        "day": _days(recurrence),
        "week": _week_days(recurrence, start),
        "month": _month(recurrence, start),
    }
    times = _times(recurrence, start)
    return f"{days[frequency]} at {times}, {_zone(recurrence.time_zone)}"


def _every(frequency: str, interval: int) -> str:
    unit = _UNITS.get(frequency, frequency)
    if frequency in {"minute", "hour"}:
        return f"every {interval} {unit}"
    return f"every {unit}" if interval == 1 else f"every {interval} {unit}s"


def _days(recurrence: Recurrence) -> str:
    return "daily" if recurrence.interval == 1 else _every("day", recurrence.interval)


def _week_days(recurrence: Recurrence, start: datetime | None) -> str:
    named = sorted(set(week_days(recurrence)))
    if not named and start:
        named = [start.weekday()]
    days = (
        "Mon-Fri" if named == [0, 1, 2, 3, 4] else _list([WEEK[one][:3].title() for one in named])
    )
    often = "" if recurrence.interval == 1 else f", {_every('week', recurrence.interval)}"
    return f"{days or 'weekly'}{often}"


def _month(recurrence: Recurrence, start: datetime | None) -> str:
    named = sorted(recurrence.month_days, key=lambda one: (one < 0, one))
    parts = [f"day {_list([_month_day(one) for one in named])}"] if named else []
    parts += [_occurrence(one) for one in recurrence.occurrences]
    if not parts and start:
        parts = [f"day {start.day}"]
    often = "monthly" if recurrence.interval == 1 else _every("month", recurrence.interval)
    return f"{often} on {' and '.join(parts)}"


def _month_day(day: int) -> str:
    return str(day) if day > 0 else "last" if day == -1 else f"{-day} from the end"


def _occurrence(one: MonthlyOccurrence) -> str:
    if one.occurrence is None:
        return f"every {one.day}"
    return f"the {_PLACES.get(one.occurrence, str(one.occurrence))} {one.day}"


def _times(recurrence: Recurrence, start: datetime | None) -> str:
    hours = sorted(set(recurrence.hours)) or [start.hour if start else 0]
    minutes = sorted(set(recurrence.minutes)) or [start.minute if start else 0]
    return _list([f"{hour:02}:{minute:02}" for hour in hours for minute in minutes])


def _windows(window: TumblingWindow) -> str:
    size = _every(window.frequency.lower(), window.interval)
    delay = f", {_length(window.delay)} later" if window.delay else ""
    return f"tumbling window, {size}{delay}"


def _length(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h" if hours and not rest else f"{minutes} min"


def _zone(name: str) -> str:
    known = zone_named(name)
    return str(known) if known else name


def _list(words: Sequence[str]) -> str:
    """The words with commas, the first few of many."""
    first = ", ".join(words[:_MOST_TIMES])
    return f"{first} and {len(words) - _MOST_TIMES} more" if len(words) > _MOST_TIMES else first
