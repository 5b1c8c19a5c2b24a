"""How a trigger stands: its definition beside the firings there were."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adf.records import (
    RunStatus,
    TimeRange,
    TriggerDefinition,
    TriggerRun,
    TriggerStatus,
    WaitingWindow,
)
from adf.schedule.missed import MAY_BE_LATE, unmatched_starts
from adf.schedule.recurrence import end_of, is_readable, next_start, starts
from adf.schedule.windows import (
    WindowHistory,
    WindowSpan,
    is_readable_window,
    is_waiting,
    next_window,
    waiting_windows,
    windows_due,
)
from adf.schedule.wording import schedule_text

# What was stopped long ago was stopped on purpose: nobody waits for its starts any more.
_RECENT = timedelta(days=7)


class Firings:
    """What is known of firings: all within a range, and the latest of some triggers before it."""

    def __init__(
        self,
        time_range: TimeRange,
        runs: Sequence[TriggerRun],
        latest: Sequence[TriggerRun],
        history: WindowHistory,
    ) -> None:
        """Sort the runs by trigger, windows that wait for others left out."""
        self.time_range = time_range
        self.history = history
        self._runs = _by_trigger(runs)
        self._latest = _by_trigger(latest)

    def of(self, trigger: str) -> Sequence[TriggerRun]:
        """All firings of a trigger within the range."""
        return self._runs.get(trigger.lower(), ())

    def last(self, trigger: str) -> datetime | None:
        """When a trigger fired last, as far back as was looked."""
        known = (*self.of(trigger), *self._latest.get(trigger.lower(), ()))
        return max((one.fired_at for one in known if one.fired_at), default=None)


def _by_trigger(runs: Sequence[TriggerRun]) -> Mapping[str, Sequence[TriggerRun]]:
    found: defaultdict[str, list[TriggerRun]] = defaultdict(list)
    for one in runs:
        if not is_waiting(one):
            found[one.trigger.lower()].append(one)
    return found


def trigger_status(trigger: TriggerDefinition, firings: Firings) -> TriggerStatus:
    """How one trigger stands at the end of the range of its firings."""
    runs = firings.of(trigger.name)
    failed = (one.fired_at for one in runs if one.status is RunStatus.FAILED and one.fired_at)
    status = TriggerStatus(
        factory=trigger.factory,
        name=trigger.name,
        kind=trigger.kind,
        state=trigger.state or "Unknown",
        pipelines=trigger.pipelines,
        schedule=schedule_text(trigger),
        predictable=False,
        last_fired=firings.last(trigger.name),
        failed=tuple(sorted(failed)),
    )
    if trigger.recurrence and is_readable(trigger.recurrence):
        return _with_stop(_of_schedule(trigger, status, runs, firings.time_range))
    if trigger.window and is_readable_window(trigger.window):
        return _with_stop(_of_windows(trigger, status, firings))
    return _with_stop(status)


def _of_schedule(
    trigger: TriggerDefinition,
    status: TriggerStatus,
    runs: Sequence[TriggerRun],
    time_range: TimeRange,
) -> TriggerStatus:
    recurrence, now = trigger.recurrence, time_range.end
    if recurrence is None:
        return status
    due = [*starts(recurrence, time_range.start, now)]
    fired = (one.scheduled or one.fired_at for one in runs)
    missing = unmatched_starts(due, (moment for moment in fired if moment))
    end = end_of(recurrence)
    return replace(
        _with_missing(status, missing, now, due),
        predictable=True,
        next_start=next_start(recurrence, now) if status.is_started else None,
        ended=end if end and end <= now else None,
    )


def _of_windows(
    trigger: TriggerDefinition, status: TriggerStatus, firings: Firings
) -> TriggerStatus:
    window, time_range = trigger.window, firings.time_range
    if window is None:
        return status
    now = time_range.end
    spans = [*windows_due(window, time_range.start, now)]
    waiting: Mapping[datetime, WaitingWindow] = {}
    if status.is_started:
        waiting = waiting_windows(trigger, firings.history, spans)
    missing = tuple(
        span.due
        for span in spans
        if span.due not in waiting and not _has_begun(firings.history, trigger.name, span)
    )
    failed = [due for due, one in waiting.items() if one.status is RunStatus.FAILED]
    known = replace(status, failed=tuple(failed)) if status.is_started else status
    return replace(
        _with_missing(known, missing, now, [span.due for span in spans]),
        predictable=True,
        waiting=tuple(waiting.values()),
        next_start=next_window(window, now) if status.is_started else None,
        ended=window.end if window.end and window.end <= now else None,
    )


def _has_begun(history: WindowHistory, trigger: str, span: WindowSpan) -> bool:
    run = history.run_of(trigger, span.start)
    return run is not None and not is_waiting(run)


def _with_missing(
    status: TriggerStatus, missing: Sequence[datetime], now: datetime, due: Sequence[datetime]
) -> TriggerStatus:
    """Tell a start that may still come from those that did not."""
    if not status.is_started:
        return replace(status, missed=tuple(missing) if _is_recent(status, due, now) else ())
    late = missing[-1] if missing and now - missing[-1] < MAY_BE_LATE else None
    return replace(status, late=late, missed=tuple(one for one in missing if one != late))


def _is_recent(status: TriggerStatus, due: Sequence[datetime], now: datetime) -> bool:
    """Whether a stopped trigger fired lately; a rare one may have fired longer ago."""
    gap = due[-1] - due[-2] if len(due) > 1 else timedelta()
    return status.last_fired is not None and now - status.last_fired <= max(_RECENT, 2 * gap)


def _with_stop(status: TriggerStatus) -> TriggerStatus:
    """When it was stopped, as its firings tell: after the last one, before the first miss."""
    if status.is_started:
        return status
    first = status.missed[0] if status.missed else None
    return replace(status, stopped_after=status.last_fired, stopped_before=first)
