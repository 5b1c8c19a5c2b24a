"""What comes next by the clock: the starts of pipelines by their triggers, declared deadlines."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta

from adf.records import TriggerDefinition
from adf.schedule.recurrence import next_start, starts
from adf.schedule.windows import next_window, windows_due

_DAY = timedelta(days=1)


def next_start_of(trigger: TriggerDefinition, now: datetime) -> datetime | None:
    """When a trigger starts next; None for one that is stopped, over, or waits for an event."""
    if not trigger.is_started:
        return None
    if trigger.recurrence:
        return next_start(trigger.recurrence, now)
    return next_window(trigger.window, now) if trigger.window else None


def last_start_of(trigger: TriggerDefinition, after: datetime, until: datetime) -> datetime | None:
    """The last start of a started trigger within a range; None where there is none."""
    if not trigger.is_started:
        return None
    if trigger.recurrence:
        return max(starts(trigger.recurrence, after, until), default=None)
    spans = windows_due(trigger.window, after, until) if trigger.window else ()
    return max((one.due for one in spans), default=None)


def next_starts(triggers: Iterable[TriggerDefinition], now: datetime) -> Mapping[str, datetime]:
    """The next start of each pipeline that a trigger starts by the clock, by lower-case name."""
    found: dict[str, datetime] = {}
    for trigger in triggers:
        at = next_start_of(trigger, now)
        for name in trigger.pipelines if at else ():
            known = found.get(name.lower())
            if at and (known is None or at < known):
                found[name.lower()] = at
    return found


def next_due(due: str | None, now: datetime) -> datetime | None:
    """The next moment of a declared time of day, such as "05:00 UTC"."""
    try:
        clock = time.fromisoformat((due or "").removesuffix(" UTC"))
    except ValueError:
        return None
    today = datetime.combine(now.astimezone(UTC).date(), clock, UTC)
    return today if today >= now else today + _DAY
