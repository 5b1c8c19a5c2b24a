"""Schedules told in words, as the trigger definitions the service would hold for them."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from adf.simulator.time_zones import windows_zone

_UNITS = {"m": "Minute", "h": "Hour", "d": "Day", "w": "Week"}
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CLOCK = r"\d{1,2}:\d{2}"
_CLOCKS = rf"(?P<times>{_CLOCK}(?:\s*(?:,|and|,\s*and)\s*{_CLOCK})*)"
_ZONE = r"(?:\s+(?P<zone>[A-Za-z][\w/+-]*))?"
_EVERY = r"every\s+(?P<count>\d*)\s*(?P<unit>m|min|mins|minutes?|h|hours?|d|days?|weeks?)"
_MINUTES = r"at\s+minutes?\s+(?P<minutes>\d{1,2}(?:\s*(?:,|and)\s*\d{1,2})*)"
_DAYS = r"(?P<days>[A-Za-z]+(?:\s*(?:,|and)\s*[A-Za-z]+)*)"
_NUMBERS = r"(?P<numbers>-?\d{1,2}(?:\s*(?:,|and)\s*-?\d{1,2})*|last)"
_DEPENDS = r"(?:\s*,?\s*depends\s+on\s+(?P<upstream>.+))?"

Found = re.Match[str]


class UnknownSchedule(ValueError):
    """A schedule text that says nothing known."""


def trigger_properties(
    schedule: str, pipelines: Sequence[str], *, started: bool, first: datetime, phase: timedelta
) -> dict[str, Any]:
    """The `properties` of a TriggerResource; UnknownSchedule for a text that cannot be read.

    `first` is the day the trigger was made; `phase` is how long after midnight a plain interval
    counts from.
    """
    text = " ".join(schedule.split())
    references = [_reference(name) for name in pipelines]
    head: dict[str, Any] = {
        "annotations": [],
        "runtimeState": "Started" if started else "Stopped",
    }
    window = _tumbling(text, first)
    if window:
        return {**head, "type": "TumblingWindowTrigger", "pipeline": references[0], **window}
    recurrence = {"recurrence": _recurrence(text, first, phase)}
    return {
        **head,
        "type": "ScheduleTrigger",
        "pipelines": references,
        "typeProperties": recurrence,
    }


def interval_of(schedule: str) -> timedelta | None:
    """The interval of a schedule that names no minute, so its phase is open; None for others."""
    found = _whole(rf"{_EVERY}|hourly", schedule)
    if found is None:
        return None
    unit = (found["unit"] or "h")[0].lower()
    lengths = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
    return int(found["count"] or 1) * lengths.get(unit, timedelta(weeks=1))


def _recurrence(text: str, first: datetime, phase: timedelta) -> dict[str, Any]:
    for pattern, read in _FORMS:
        found = _whole(pattern, text)
        if found:
            return read(found, first, phase)
    raise UnknownSchedule(f"the schedule {text!r} cannot be read")


def _plain_interval(found: Found, first: datetime, phase: timedelta) -> dict[str, Any]:
    groups = found.groupdict()
    frequency = _UNITS[(groups.get("unit") or "h")[0].lower()]
    return _made(frequency, int(groups.get("count") or 1), first + phase)


def _at_minutes(found: Found, first: datetime, phase: timedelta) -> dict[str, Any]:
    every = _plain_interval(found, first, timedelta())
    every["schedule"] = {"minutes": _numbers(found["minutes"])}
    return every


def _every_at_times(found: Found, first: datetime, phase: timedelta) -> dict[str, Any]:
    """Times of day that share a minute are a daily schedule; others count from the first one."""
    times = _times(found["times"])
    if len({minute for _, minute in times}) == 1:
        return _calendar("Day", found, first, {})
    hour, minute = times[0]
    start = first + timedelta(hours=hour, minutes=minute)
    zone = windows_zone(found["zone"] or "UTC")
    return _made(_UNITS[found["unit"][0].lower()], int(found["count"] or 1), start, zone)


def _daily(found: Found, first: datetime, phase: timedelta) -> dict[str, Any]:
    return _calendar("Day", found, first, {})


def _weekdays(found: Found, first: datetime, phase: timedelta) -> dict[str, Any]:
    return _calendar("Week", found, first, {"weekDays": list(_WEEK[:5])})


def _weekly(found: Found, first: datetime, phase: timedelta) -> dict[str, Any]:
    words = [word for word in re.split(r"\s*,\s*|\s+and\s+|\s+", found["days"]) if word]
    days = [_weekday(word) for word in words]
    return _calendar("Week", found, first, {"weekDays": days})


def _monthly(found: Found, first: datetime, phase: timedelta) -> dict[str, Any]:
    last = found["numbers"].lower() == "last"
    days = [-1] if last else _numbers(found["numbers"])
    return _calendar("Month", found, first, {"monthDays": days})


def _calendar(
    frequency: str, found: Found, first: datetime, days: dict[str, Any]
) -> dict[str, Any]:
    times = _times(found["times"])
    hours = sorted({hour for hour, _ in times})
    minutes = sorted({minute for _, minute in times})
    start = first + timedelta(hours=times[0][0], minutes=times[0][1])
    made = _made(frequency, 1, start, windows_zone(found["zone"] or "UTC"))
    made["schedule"] = {**days, "hours": hours, "minutes": minutes}
    return made


def _made(frequency: str, interval: int, start: datetime, zone: str = "UTC") -> dict[str, Any]:
    """A recurrence; its start is a local time without offset unless the zone is UTC."""
    local = start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "frequency": frequency,
        "interval": interval,
        "startTime": local + ("Z" if zone == "UTC" else ""),
        "timeZone": zone,
    }


def _tumbling(text: str, first: datetime) -> dict[str, Any] | None:
    size = r"tumbling window\s+(?P<count>\d+)\s*(?P<unit>m|min|minutes?|h|hours?|d|days?)"
    found = _whole(size + _DEPENDS, text)
    if found is None:
        return None
    unit, count = found["unit"][0].lower(), int(found["count"])
    minutes = count * {"m": 1, "h": 60, "d": 1440}[unit]
    frequency, interval = ("Minute", minutes) if unit == "m" else ("Hour", minutes // 60)
    names = re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", found["upstream"] or "")
    properties = {
        "frequency": frequency,
        "interval": interval,
        "startTime": first.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "delay": "00:00:00",
        "maxConcurrency": 1,
        "retryPolicy": {"count": 0, "intervalInSeconds": 30},
        "dependsOn": [_upstream(name, minutes) for name in names if name],
    }
    return {"typeProperties": properties}


def _upstream(name: str, minutes: int) -> dict[str, Any]:
    days, rest = divmod(minutes, 1440)
    size = f"{rest // 60:02}:{rest % 60:02}:00"
    return {
        "type": "TumblingWindowTriggerDependencyReference",
        "size": f"{days}.{size}" if days else size,
        "offset": "00:00:00",
        "referenceTrigger": {"referenceName": name, "type": "TriggerReference"},
    }


def _reference(pipeline: str) -> dict[str, Any]:
    reference = {"referenceName": pipeline, "type": "PipelineReference"}
    return {"pipelineReference": reference, "parameters": {}}


def _whole(pattern: str, text: str) -> Found | None:
    return re.fullmatch(rf"(?i)\s*(?:{pattern})\s*", text)


def _times(text: str) -> list[tuple[int, int]]:
    clocks = re.findall(_CLOCK, text)
    return [(int(clock.split(":")[0]), int(clock.split(":")[1])) for clock in clocks]


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"-?\d+", text)]


def _weekday(word: str) -> str:
    day = next((day for day in _WEEK if day[:3].lower() == word[:3].lower()), None)
    if day is None:
        raise UnknownSchedule(f"{word!r} is not a day of the week")
    return day


_FORMS: tuple[tuple[str, Callable[[Found, datetime, timedelta], dict[str, Any]]], ...] = (
    (rf"{_EVERY}", _plain_interval),
    (r"hourly", _plain_interval),
    (rf"(?:hourly|{_EVERY})\s+{_MINUTES}{_ZONE}", _at_minutes),
    (rf"{_EVERY}\s+at\s+{_CLOCKS}{_ZONE}", _every_at_times),
    (rf"(?:daily|every day)(?:\s+at)?\s+{_CLOCKS}{_ZONE}", _daily),
    (rf"(?:weekdays|every weekday)(?:\s+at)?\s+{_CLOCKS}{_ZONE}", _weekdays),
    (rf"weekly(?:\s+on)?\s+{_DAYS}(?:\s+at)?\s+{_CLOCKS}{_ZONE}", _weekly),
    (rf"monthly(?:\s+on)?\s+days?\s+{_NUMBERS}(?:\s+at)?\s+{_CLOCKS}{_ZONE}", _monthly),
    (rf"monthly(?:\s+on)?\s+{_NUMBERS}\s+day(?:\s+at)?\s+{_CLOCKS}{_ZONE}", _monthly),
)
