"""What starting or stopping a trigger does: when it starts what, and what it catches up on."""

from datetime import datetime, timedelta
from itertools import islice

from adf.errors import AdfError
from adf.previews.reading import PreviewReader
from adf.records import (
    ActionKind,
    ActionPreview,
    ActionTarget,
    Obstacle,
    TimeRange,
    TriggerDefinition,
)
from adf.schedule.recurrence import is_readable, next_start
from adf.schedule.windows import is_readable_window, next_window, windows_due

MOST_WINDOWS = 1000
_RETENTION = timedelta(days=45)


async def preview_trigger(reader: PreviewReader, target: ActionTarget) -> ActionPreview:
    """What a trigger does from now on, or does no more."""
    trigger = await reader.client.get_trigger(target.trigger or "")
    starts = target.kind is ActionKind.START_TRIGGER
    backlog, gaps = await _backlog(reader, trigger) if starts else (0, ())
    return ActionPreview(
        target=target,
        as_of=reader.now,
        trigger=trigger,
        next_start=_next(trigger, reader.now),
        backlog=backlog,
        obstacle=_obstacle(trigger, starts=starts),
        gaps=gaps,
    )


def _obstacle(trigger: TriggerDefinition, *, starts: bool) -> Obstacle | None:
    if trigger.is_started is not starts:
        return None
    return Obstacle.TRIGGER_STARTED if starts else Obstacle.TRIGGER_STOPPED


def _next(trigger: TriggerDefinition, now: datetime) -> datetime | None:
    """When it is due next by its definition; None where an event starts it."""
    if trigger.recurrence and is_readable(trigger.recurrence):
        return next_start(trigger.recurrence, now)
    if trigger.window and is_readable_window(trigger.window):
        return next_window(trigger.window, now)
    return None


async def _backlog(
    reader: PreviewReader, trigger: TriggerDefinition
) -> tuple[int, tuple[str, ...]]:
    """The windows that closed since its last run: all of them are run, other starts are lost."""
    window, now = trigger.window, reader.now
    if window is None or not is_readable_window(window):
        return 0, ()
    try:
        time_range = TimeRange(start=now - _RETENTION, end=now)
        runs = await reader.client.list_latest_trigger_runs(time_range, [trigger.name])
    except AdfError as error:
        return 0, (f"could not read which windows were run ({error.said})",)
    ends = [run.window_end for run in runs if run.window_end]
    since = max(ends, default=window.start or now)
    due = windows_due(window, since + window.delay, now)
    return sum(1 for _ in islice(due, MOST_WINDOWS)), ()
