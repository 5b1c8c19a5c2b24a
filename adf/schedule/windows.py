"""Tumbling windows: which there are, which are done, and what holds back those that are not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime, timedelta

from adf.records import (
    RunStatus,
    TriggerDefinition,
    TriggerRun,
    TumblingWindow,
    WaitingWindow,
    WindowDependency,
)

_STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_MOST_STEPS = 100_000
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowSpan:
    """One window: from its start to its end, and when its run is due."""

    start: datetime
    end: datetime
    due: datetime


def windows_due(window: TumblingWindow, after: datetime, until: datetime) -> Iterator[WindowSpan]:
    """The windows whose run is due later than `after`, up to and with `until`, oldest first."""
    try:
        for number in _numbers(window, after):
            start, end = _edge(window, number), _edge(window, number + 1)
            due = end + window.delay
            if due > until or (window.end and start >= window.end):
                return
            if due > after:
                yield WindowSpan(start=start, end=end, due=due)
    except OverflowError:
        return


def next_window(window: TumblingWindow, now: datetime) -> datetime | None:
    """When the next window that closes is due; None where no more will."""
    longest = timedelta(days=31) * min(window.interval + 1, 1200) + max(window.delay, timedelta())
    return next((one.due for one in windows_due(window, now, now + longest)), None)


def is_readable_window(window: TumblingWindow) -> bool:
    """Whether its windows can be told."""
    return window.start is not None and window.frequency.lower() in {*_STEPS, "month"}


class WindowHistory:
    """How the windows of all tumbling triggers ended, as far as their runs were read."""

    def __init__(
        self,
        triggers: Sequence[TriggerDefinition],
        runs: Sequence[TriggerRun],
        since: datetime,
    ) -> None:
        """Put the runs, newest first, to their windows; what was due before `since` is done."""
        self._windows = {one.name.lower(): one.window for one in triggers if one.window}
        self._since = since
        self._runs: dict[tuple[str, datetime], TriggerRun] = {}
        for run in runs:
            start = self._start_of(run)
            if start:
                self._runs.setdefault((run.trigger.lower(), start), run)

    def run_of(self, trigger: str, start: datetime) -> TriggerRun | None:
        """The newest run of a window."""
        return self._runs.get((trigger.lower(), start))

    def open_dependencies(self, trigger: str, span: WindowSpan) -> tuple[str, ...]:
        """The triggers whose windows a window needs and that are not done."""
        window = self._windows.get(trigger.lower())
        named = (
            dependency.trigger or trigger
            for dependency in (window.depends_on if window else ())
            if not self._is_done(trigger, dependency, span)
        )
        return tuple(dict.fromkeys(named))

    def running(self, trigger: str) -> int:
        """How many windows of a trigger are at work."""
        return sum(
            name == trigger.lower() and run.status is RunStatus.IN_PROGRESS and not is_waiting(run)
            for (name, _), run in self._runs.items()
        )

    def is_behind(self, trigger: str, start: datetime) -> bool:
        """Whether an earlier window still waits: windows begin in their order."""
        return any(
            name == trigger.lower() and begin < start and is_waiting(run)
            for (name, begin), run in self._runs.items()
        )

    def _is_done(self, trigger: str, dependency: WindowDependency, span: WindowSpan) -> bool:
        """Whether every window in the stretch that a dependency names has succeeded."""
        name = dependency.trigger or trigger
        upstream = self._windows.get(name.lower())
        if upstream is None:
            return False
        size = dependency.size or span.end - span.start
        offset = dependency.offset
        if offset is None:
            offset = timedelta() if dependency.trigger else -size
        begin, until = span.start + offset, span.start + offset + size
        needed = (
            one
            for one in windows_due(upstream, begin + upstream.delay, until + upstream.delay + size)
            if one.start < until and one.end > begin and one.due > self._since
        )
        return all(self._succeeded(name, one) for one in needed)

    def _succeeded(self, trigger: str, span: WindowSpan) -> bool:
        run = self.run_of(trigger, span.start)
        return run is not None and run.status is RunStatus.SUCCEEDED

    def _start_of(self, run: TriggerRun) -> datetime | None:
        """The window a run says it is of, else the one that was due when it fired."""
        window = self._windows.get(run.trigger.lower())
        if window is None or run.window_start:
            return run.window_start
        fired = run.scheduled or run.fired_at
        if fired is None or not is_readable_window(window):
            return None
        step = _edge(window, 1) - _edge(window, 0)
        due = [*windows_due(window, fired - 2 * step, fired + timedelta(minutes=1))]
        return due[-1].start if due else None


def waiting_windows(
    trigger: TriggerDefinition, history: WindowHistory, spans: Sequence[WindowSpan]
) -> Mapping[datetime, WaitingWindow]:
    """The windows that closed and did not begin or failed, by when they were due."""
    window = trigger.window
    is_full = bool(
        window
        and window.max_concurrency
        and history.running(trigger.name) >= window.max_concurrency
    )
    found: dict[datetime, WaitingWindow] = {}
    for span in spans:
        run = history.run_of(trigger.name, span.start)
        if run and not is_waiting(run) and run.status is not RunStatus.FAILED:
            continue
        failed = run is not None and run.status is RunStatus.FAILED
        named = () if failed else _blockers(history, trigger.name, span, run)
        if failed or named or run or is_full or history.is_behind(trigger.name, span.start):
            status = RunStatus.FAILED if failed else RunStatus.QUEUED
            found[span.due] = WaitingWindow(
                start=span.start, end=span.end, waits_for=named, status=status
            )
    return found


def is_waiting(run: TriggerRun) -> bool:
    """Whether a window's run has not begun: what has begun names a pipeline run."""
    ended = run.status in {RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED}
    return not ended and not run.pipeline_runs


def _blockers(
    history: WindowHistory, trigger: str, span: WindowSpan, run: TriggerRun | None
) -> tuple[str, ...]:
    return (run.waits_for if run else ()) or history.open_dependencies(trigger, span)


def _numbers(window: TumblingWindow, after: datetime) -> Iterator[int]:
    """The numbers of the windows from a moment on, and a few before it."""
    if not is_readable_window(window) or window.start is None:
        return
    number = max(0, _number_at(window, after - window.delay) - 2)
    while True:
        yield number
        number += 1


def _number_at(window: TumblingWindow, moment: datetime) -> int:
    if window.start is None or moment <= window.start:
        return 0
    every = min(window.interval, _MOST_STEPS)
    step = _STEPS.get(window.frequency.lower())
    if step:
        return (moment - window.start) // (step * every)
    months = (moment.year - window.start.year) * _MONTHS_A_YEAR + moment.month - window.start.month
    return months // every


def _edge(window: TumblingWindow, number: int) -> datetime:
    """Where the window of a number begins; OverflowError where the calendar ends."""
    start = window.start or datetime.max.replace(tzinfo=UTC)
    count = number * min(window.interval, _MOST_STEPS)
    step = _STEPS.get(window.frequency.lower())
    if step:
        return start + step * count
    years, month = divmod(start.month - 1 + count, _MONTHS_A_YEAR)
    if start.year + years > MAXYEAR:
        raise OverflowError
    first = start.replace(year=start.year + years, month=month + 1, day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first.replace(day=min(start.day, (following - timedelta(days=1)).day))
