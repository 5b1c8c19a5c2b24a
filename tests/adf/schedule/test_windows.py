"""Tumbling windows: which are due, which wait for others, and which never began."""

from datetime import UTC, datetime, timedelta

import pytest

from adf.records import (
    RunStatus,
    TimeRange,
    TriggerDefinition,
    TriggerKind,
    TriggerRun,
    TriggerStatus,
    TumblingWindow,
    WindowDependency,
)
from adf.schedule import Firings, WindowHistory, trigger_status
from adf.schedule.windows import next_window, windows_due

NOW = datetime(2026, 5, 5, 12, 10, tzinfo=UTC)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SIX_HOURS = TumblingWindow(frequency="Hour", interval=6, start=FIRST)
RANGE = TimeRange(start=NOW - timedelta(hours=24), end=NOW)


def at(hour: int, day: int = 5) -> datetime:
    return datetime(2026, 5, day, hour, tzinfo=UTC)


def trigger(
    name: str, *upstream: str | None, state: str = "Started", concurrency: int | None = None
) -> TriggerDefinition:
    depends_on = tuple(WindowDependency(trigger=one) for one in upstream)
    return TriggerDefinition(
        factory="f",
        name=name,
        kind=TriggerKind.TUMBLING_WINDOW,
        state=state,
        pipelines=(f"load_{name}",),
        window=TumblingWindow(
            frequency="Hour",
            interval=6,
            start=FIRST,
            depends_on=depends_on,
            max_concurrency=concurrency,
        ),
    )


def fired(name: str, start: datetime, status: RunStatus = RunStatus.SUCCEEDED) -> TriggerRun:
    return TriggerRun(
        trigger=name,
        run_id=f"{name} {start:%d %H}",
        kind=TriggerKind.TUMBLING_WINDOW,
        status=status,
        fired_at=start + timedelta(hours=6, seconds=1),
        window_start=start,
        window_end=start + timedelta(hours=6),
        pipeline_runs={f"load_{name}": "id"},
    )


# The windows that closed within the last day.
STARTS = (at(12, 4), at(18, 4), at(0), at(6))


def status_of(
    wanted: TriggerDefinition, others: tuple[TriggerDefinition, ...], *runs: TriggerRun
) -> TriggerStatus:
    history = WindowHistory((wanted, *others), runs, RANGE.start)
    firings = Firings(time_range=RANGE, runs=runs, latest=(), history=history)
    return trigger_status(wanted, firings)


def all_fired(name: str, *but: datetime) -> list[TriggerRun]:
    return [fired(name, start) for start in STARTS if start not in but]


def test_windows_that_all_ran_leave_nothing_to_say() -> None:
    found = status_of(trigger("silver"), (), *all_fired("silver"))
    assert not found.has_problem
    assert found.next_start == at(18)
    assert found.last_fired == at(12) + timedelta(seconds=1)


def test_a_window_waits_for_the_upstream_window_that_failed() -> None:
    upstream = [*all_fired("silver", at(6)), fired("silver", at(6), RunStatus.FAILED)]
    found = status_of(
        trigger("gold", "silver"), (trigger("silver"),), *upstream, *all_fired("gold", at(6))
    )
    (waiting,) = found.waiting
    assert (waiting.start, waiting.end, waiting.waits_for) == (at(6), at(12), ("silver",))
    assert found.missed == ()


def test_a_window_of_which_everything_upstream_is_done_did_not_begin_and_is_missed() -> None:
    found = status_of(
        trigger("gold", "silver"),
        (trigger("silver"),),
        *all_fired("silver"),
        *all_fired("gold", at(6)),
    )
    assert (found.waiting, found.missed) == ((), (at(12),))


def test_a_window_waits_for_its_own_window_before_that_failed() -> None:
    runs = [*all_fired("own", at(0), at(6)), fired("own", at(0), RunStatus.FAILED)]
    found = status_of(trigger("own", None), (), *runs)
    assert [(one.start, one.status, one.waits_for) for one in found.waiting] == [
        (at(0), RunStatus.FAILED, ()),
        (at(6), RunStatus.QUEUED, ("own",)),
    ]
    assert found.failed == (at(6),)


def test_what_the_service_itself_says_a_window_waits_for_is_believed() -> None:
    runs = all_fired("gold", at(6))
    waiting = TriggerRun(
        trigger="gold",
        run_id="waiting",
        kind=TriggerKind.TUMBLING_WINDOW,
        status=RunStatus.IN_PROGRESS,
        fired_at=at(12),
        window_start=at(6),
        waits_for=("silver",),
    )
    found = status_of(trigger("gold", "silver"), (), *runs, waiting)
    assert [one.waits_for for one in found.waiting] == [("silver",)]
    assert found.last_fired == at(6) + timedelta(seconds=1)


def test_a_window_waits_while_as_many_run_as_may_run_at_once() -> None:
    runs = [*all_fired("one", at(0), at(6)), fired("one", at(0), RunStatus.IN_PROGRESS)]
    found = status_of(trigger("one", concurrency=1), (), *runs)
    assert [(one.start, one.waits_for) for one in found.waiting] == [(at(6), ())]
    assert found.missed == ()


def test_a_window_waits_while_an_earlier_one_has_not_begun() -> None:
    queued = TriggerRun(
        trigger="late",
        run_id="queued",
        kind=TriggerKind.TUMBLING_WINDOW,
        status=RunStatus.QUEUED,
        fired_at=at(11),
        window_start=at(12, 1),
    )
    found = status_of(trigger("late"), (), queued)
    assert [one.start for one in found.waiting] == [*STARTS]
    assert found.missed == ()


def test_windows_of_a_trigger_that_was_stopped_are_missed() -> None:
    found = status_of(trigger("gold", state="Stopped"), (), *all_fired("gold", at(0), at(6)))
    assert found.missed == (at(6), at(12))
    assert (found.stopped_after, found.stopped_before) == (at(0) + timedelta(seconds=1), at(6))
    assert found.next_start is None


@pytest.mark.parametrize(
    ("window", "ends"),
    [
        (SIX_HOURS, [at(6), at(12)]),
        (TumblingWindow(frequency="Minute", interval=240, start=FIRST), [at(4), at(8), at(12)]),
        (TumblingWindow(frequency="Hour", interval=6, start=FIRST, end=at(6)), [at(6)]),
        (TumblingWindow(frequency="Hour", interval=6), []),
        (TumblingWindow(frequency="Day", interval=1, start=FIRST), []),
    ],
)
def test_windows_are_counted_from_the_first(window: TumblingWindow, ends: list[datetime]) -> None:
    assert [one.end for one in windows_due(window, at(0), NOW)] == ends


def test_a_window_is_due_when_its_delay_is_over() -> None:
    window = TumblingWindow(frequency="Hour", interval=6, start=FIRST, delay=timedelta(minutes=20))
    assert [one.end for one in windows_due(window, at(0), NOW)] == [at(0), at(6)]
    assert next_window(window, NOW) == at(12) + timedelta(minutes=20)


def test_months_are_those_of_the_calendar() -> None:
    window = TumblingWindow(frequency="Month", interval=1, start=datetime(2026, 1, 31, tzinfo=UTC))
    found = [one.end for one in windows_due(window, FIRST, NOW)]
    assert [(one.month, one.day) for one in found] == [(2, 28), (3, 31), (4, 30)]
    assert next_window(window, NOW) == datetime(2026, 5, 31, tzinfo=UTC)
