"""Whether data is in time: declared deadlines and named ones, held against schedules and runs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adf.client import Factories
from adf.errors import BadArguments, Unavailable
from adf.records import DeadlineReport, DeadlineState, DeadlineStatus, Factory, PipelineNotes
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.simulator.git_folders import pipeline, step
from tests.adf.test_lineage_questions import daily
from tests.adf.test_runs import wire_run

NOW = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
NOTES = {"Orders": PipelineNotes(owner="lee", due="05:00 UTC", usual=timedelta(minutes=30))}
FACTORY = Factory(alias="shop", subscription="s", resource_group="rg", name="shop", notes=NOTES)


def at(hour: float, day: int = 2) -> datetime:
    return datetime(2026, 5, day, tzinfo=UTC) + timedelta(hours=hour)


def a_run(start: datetime, status: str = "Succeeded", minutes: float = 30) -> Json:
    known = wire_run(f"{start:%d%H%M}{status}", "Orders", status=status)
    times: dict[str, Any] = {"runStart": start.isoformat(), "lastUpdated": start.isoformat()}
    if status == "InProgress":
        return known | times | {"runEnd": None}
    end = start + timedelta(minutes=minutes)
    return known | times | {"runEnd": end.isoformat(), "durationInMs": int(minutes * 60_000)}


EARLIER = [
    a_run(at(2, day=1), minutes=20),
    a_run(datetime(2026, 4, 30, 2, tzinfo=UTC), minutes=150),
]


async def ask(
    runs: Sequence[Json], hour: int = 2, now: datetime = NOW, **arguments: object
) -> DeadlineReport:
    wire = FakeWire()
    wire.pipelines = {"o": {"name": "Orders", "properties": pipeline(step("Copy"))}}
    wire.triggers = {"t": daily("Orders", hour)}
    wire.run_pages = [[*runs, *EARLIER]]
    factories = Factories([FACTORY], "shop", lambda _: wire)
    box = Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=lambda: now)])
    found = await box.call("adf_deadlines", **arguments)
    assert isinstance(found, DeadlineReport)
    return found


async def one(runs: Sequence[Json], **more: Any) -> DeadlineStatus:  # noqa: ANN401
    (status,) = (await ask(runs, **more)).deadlines
    return status


async def test_a_good_run_of_today_is_done_and_no_risk() -> None:
    status = await one([a_run(at(2))])
    assert (status.state, status.done_at) == (DeadlineState.DONE, at(2.5))
    assert (status.deadline, status.is_at_risk, status.odds) == (at(5), False, None)


async def test_a_good_run_of_yesterday_does_not_count_for_today() -> None:
    status = await one([])
    assert (status.state, status.is_at_risk) == (DeadlineState.NOT_STARTED, True)


async def test_a_failed_run_has_the_odds_of_a_rerun_now() -> None:
    status = await one([a_run(at(2), "Failed")])
    assert status.state is DeadlineState.FAILED
    assert status.odds is not None
    assert (status.odds.made, status.odds.runs, status.odds.start) == (1, 2, NOW)


async def test_a_run_that_is_going_on_counts_from_its_own_start() -> None:
    status = await one([a_run(at(2.5), "InProgress")])
    assert status.state is DeadlineState.RUNNING
    assert status.odds is not None
    assert (status.odds.start, status.odds.made, status.odds.runs) == (at(2.5), 1, 1)


async def test_a_start_still_to_come_counts_from_then() -> None:
    status = await one([], hour=4)
    assert (status.state, status.starts) == (DeadlineState.AHEAD, at(4))
    assert status.odds is not None
    assert (status.odds.start, status.odds.made) == (at(4), 1)


async def test_a_deadline_that_passed_without_data_was_missed() -> None:
    status = await one([a_run(at(2), "Failed")], now=at(6))
    assert (status.state, status.deadline) == (DeadlineState.MISSED, at(5))


async def test_hours_later_the_next_deadline_is_meant() -> None:
    status = await one([a_run(at(2), "Failed")], now=at(12))
    assert (status.state, status.deadline) == (DeadlineState.AHEAD, at(5, day=3))


async def test_a_named_time_is_held_against_the_run_that_is_going_on() -> None:
    status = await one([a_run(at(2.5), "InProgress")], pipeline="Orders", by=at(3.5).isoformat())
    assert (status.declared, status.state, status.deadline) == (
        False,
        DeadlineState.RUNNING,
        at(3.5),
    )


async def test_a_time_in_the_past_is_refused() -> None:
    with pytest.raises(BadArguments, match="in the past"):
        await ask([], pipeline="Orders", by=at(1).isoformat())


async def test_a_pipeline_without_a_deadline_is_counted_and_not_made_up() -> None:
    report = await ask([], pipeline="Other")
    assert (report.deadlines, report.undeclared) == ((), 1)


async def test_without_schedules_runs_of_the_last_day_count_and_it_is_said() -> None:
    wire = FakeWire()
    wire.pipelines = {"x": Unavailable("down")}
    wire.run_pages = [[a_run(at(2))]]
    factories = Factories([FACTORY], "shop", lambda _: wire)
    box = Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=lambda: NOW)])
    report = await box.call("adf_deadlines")
    assert isinstance(report, DeadlineReport)
    assert report.deadlines[0].state is DeadlineState.DONE
    assert report.gaps == ("could not read schedules (down)",)
