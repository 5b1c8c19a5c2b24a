"""A green run is looked into: rows, failures inside, skipped parts, its length."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from adf.client import Factories
from adf.errors import Unavailable
from adf.history.quality import EarlierRuns, check_run, earlier_runs
from adf.records import (
    ActivityRun,
    DoubtKind,
    Factory,
    PipelineNotes,
    PipelineRun,
    RunList,
    RunReport,
    RunStatus,
    UsualTime,
)
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import wire_activity, wire_run

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
LAB = Factory(alias="lab", subscription="s", resource_group="rg", name="lab")
RUN = PipelineRun(
    factory="lab",
    run_id="r",
    pipeline="Stock",
    status=RunStatus.SUCCEEDED,
    start=NOW - timedelta(minutes=30),
    end=NOW - timedelta(minutes=20),
)
COPY = ActivityRun(
    activity_run_id="a",
    run_id="r",
    pipeline="Stock",
    name="Copy_Stock",
    kind="Copy",
    status=RunStatus.SUCCEEDED,
    start=RUN.start,
    end=RUN.end,
    rows_read=1000,
    rows_copied=1000,
)
BEFORE = EarlierRuns(rows=(990, 1010, 1000, 1005, 995), read=5, finished={"Copy_Stock": 5})


def found(
    *rows: ActivityRun, earlier: EarlierRuns = BEFORE, run: PipelineRun = RUN
) -> list[DoubtKind]:
    return [one.kind for one in check_run(run, rows, earlier, NOW).doubts]


def moved(read: int, copied: int, skipped: int | None = None) -> ActivityRun:
    return replace(COPY, rows_read=read, rows_copied=copied, rows_skipped=skipped)


def test_a_run_like_the_others_raises_no_doubt() -> None:
    assert found(COPY) == []


@pytest.mark.parametrize(
    ("copied", "kinds"),
    [
        (0, [DoubtKind.NO_ROWS]),
        (100, [DoubtKind.FEW_ROWS]),
        (700, []),
        (3000, []),
        (9000, [DoubtKind.MANY_ROWS]),
    ],
)
def test_rows_far_from_the_usual_are_a_doubt(copied: int, kinds: list[DoubtKind]) -> None:
    assert found(moved(copied, copied)) == kinds


def test_a_doubt_names_the_numbers_and_how_many_runs_they_rest_on() -> None:
    (doubt,) = check_run(RUN, [moved(0, 0)], BEFORE, NOW).doubts
    assert doubt.said == "0 rows copied, usually 1,000 (5 runs)"
    assert doubt.sample == 5


def test_no_rows_are_no_doubt_where_none_are_usual_or_nothing_is_known() -> None:
    assert found(moved(0, 0), earlier=EarlierRuns(rows=(0, 0, 0, 0))) == []
    assert found(moved(0, 0), earlier=EarlierRuns(rows=(1000, 1000))) == []


def test_what_the_owners_declared_stands_where_earlier_runs_are_few() -> None:
    earlier = EarlierRuns(rows=(3,), declared_rows=48_000)
    (doubt,) = check_run(RUN, [moved(0, 0)], earlier, NOW).doubts
    assert "usually 48,000 (declared by its owners)" in doubt.said
    assert doubt.sample == 0


def test_numbers_that_vary_a_lot_anyway_raise_no_doubt() -> None:
    varied = EarlierRuns(rows=(5, 40_000, 900, 12, 60_000))
    assert found(moved(10, 10), earlier=varied) == []


def test_rows_that_were_skipped_or_read_and_not_copied_are_a_doubt() -> None:
    assert found(moved(1000, 990, 10)) == [DoubtKind.ROWS_SKIPPED]
    assert found(moved(1000, 900)) == [DoubtKind.ROWS_MISSING]


def test_a_failed_activity_inside_a_green_run_is_a_doubt() -> None:
    broken = replace(COPY, activity_run_id="b", name="Copy_Prices", status=RunStatus.FAILED)
    (doubt,) = check_run(RUN, [COPY, broken], BEFORE, NOW).doubts
    assert doubt.kind is DoubtKind.FAILED_INSIDE
    assert "Copy_Prices" in doubt.said


def test_a_failed_attempt_that_was_tried_again_and_went_well_is_none() -> None:
    first = replace(COPY, activity_run_id="b", status=RunStatus.FAILED)
    second = replace(COPY, activity_run_id="c", retry_attempt=1)
    assert found(first, second) == []


def test_a_failure_path_that_is_always_skipped_is_no_doubt_and_a_lost_step_is_one() -> None:
    alert = replace(COPY, activity_run_id="b", name="Send_Alert", status=RunStatus.SKIPPED)
    assert found(COPY, alert) == []
    publish = replace(alert, name="Publish")
    earlier = replace(BEFORE, finished={"Copy_Stock": 5, "Publish": 5})
    assert found(COPY, publish, earlier=earlier) == [DoubtKind.SKIPPED_INSIDE]
    assert found(COPY, publish, earlier=replace(earlier, read=2)) == []


@pytest.mark.parametrize(
    ("minutes", "kinds"),
    [(1, [DoubtKind.TOO_SHORT]), (9, []), (20, []), (40, [DoubtKind.TOO_LONG])],
)
def test_a_length_far_from_the_usual_is_a_doubt(minutes: int, kinds: list[DoubtKind]) -> None:
    usual = UsualTime(middle=timedelta(minutes=10), slow=timedelta(minutes=14), sample=20)
    run = replace(RUN, end=NOW, start=NOW - timedelta(minutes=minutes))
    at_work = replace(COPY, start=run.start, end=run.end)
    assert found(at_work, earlier=replace(BEFORE, usual=usual), run=run) == kinds


def test_short_runs_are_not_held_against_the_second() -> None:
    usual = UsualTime(middle=timedelta(seconds=40), slow=timedelta(seconds=50), sample=20)
    run = replace(RUN, end=NOW, start=NOW - timedelta(seconds=5))
    at_work = replace(COPY, start=run.start, end=run.end)
    assert found(at_work, earlier=replace(BEFORE, usual=usual), run=run) == []


def test_earlier_runs_count_what_succeeded_in_each() -> None:
    skipped = replace(
        COPY, activity_run_id="b", name="Alert", status=RunStatus.SKIPPED, rows_copied=None
    )
    earlier = earlier_runs([(COPY, skipped), (COPY,), ()], None, None)
    assert (earlier.read, earlier.rows) == (2, [1000, 1000])
    assert earlier.finished == {"Copy_Stock": 2}


def run_of(number: int, pipeline: str = "Stock", status: str = "Succeeded") -> dict[str, Any]:
    """The nth run before now, an hour apart."""
    began = NOW - timedelta(hours=number + 1)
    ended = began + timedelta(minutes=10)
    times = {"runStart": f"{began:%FT%TZ}", "runEnd": f"{ended:%FT%TZ}"}
    return wire_run(_id(number, pipeline), pipeline, status=status) | {
        **times,
        "lastUpdated": times["runEnd"],
    }


def _id(number: int, pipeline: str) -> str:
    return f"{number:08x}-0000-4000-8000-{len(pipeline):012x}"


def copies(rows: int) -> list[list[Json]]:
    output = {"output": {"rowsRead": rows, "rowsCopied": rows}}
    return [[wire_activity("Copy_Stock", status="Succeeded") | output]]


def wired(rows: Sequence[int], pipeline: str = "Stock") -> FakeWire:
    wire = FakeWire()
    wire.run_pages = [[run_of(number, pipeline) for number in range(len(rows))]]
    for number, copied in enumerate(rows):
        wire.activity_pages[_id(number, pipeline)] = copies(copied)
    return wire


async def ask(wire: FakeWire, name: str, factory: Factory = LAB, **arguments: object) -> object:
    adf = Adf(factories=Factories([factory], "lab", lambda _: wire), clock=lambda: NOW)
    return await Toolbox(ADF_TOOLS, [adf]).call(name, **arguments)


async def test_the_newest_run_of_a_pipeline_is_held_against_earlier_ones() -> None:
    wire = wired([0, 1000, 1010, 990])
    runs = cast("RunList", await ask(wire, "adf_pipeline_runs", pipeline="Stock", latest_only=True))
    (check,) = runs.checks
    assert (check.rows, check.usual_rows, check.sample) == (0, 1000, 3)
    assert [one.kind for one in check.doubts] == [DoubtKind.NO_ROWS]
    assert runs.doubtful == (check,)


async def test_the_overview_reads_earlier_runs_only_where_that_is_needed() -> None:
    wire = wired([0, 1000, 1010, 990])
    well = wired([5, 5, 5], "Prices")
    wire.run_pages = [[*wire.run_pages[0], *well.run_pages[0]]]
    wire.activity_pages |= well.activity_pages
    runs = cast("RunList", await ask(wire, "adf_pipeline_runs", latest_only=True))
    assert [one.pipeline for one in runs.doubtful] == ["Stock"]
    # The newest of each, and the earlier ones of the empty one.
    assert wire.calls["query_activity_runs"] == 2 + 3


async def test_what_could_not_be_looked_into_is_said() -> None:
    wire = wired([5, 5])
    wire.activity_pages[_id(0, "Stock")] = Unavailable("no answer")
    runs = cast("RunList", await ask(wire, "adf_pipeline_runs", latest_only=True))
    assert runs.checks == ()
    assert runs.gaps == ("looked inside the newest green run of 0 of 1 pipeline",)


async def test_many_pipelines_are_looked_into_up_to_a_bound_critical_ones_first() -> None:
    wire = FakeWire()
    names = [f"P{number:02}" for number in range(40)]
    wire.run_pages = [[run_of(n, name) | {"runId": name} for n, name in enumerate(names)]]
    critical = replace(LAB, notes={"P39": PipelineNotes(critical=True)})
    runs = cast("RunList", await ask(wire, "adf_pipeline_runs", critical, latest_only=True))
    assert wire.calls["query_activity_runs"] == len(runs.checks) == 24
    assert runs.checks[0].pipeline == "P39"
    assert runs.gaps == ("looked inside the newest green run of 24 of 40 pipelines",)


async def test_a_report_of_a_green_run_says_what_speaks_against_it() -> None:
    wire = wired([0, 1000, 1010, 990])
    wire.runs[_id(0, "Stock")] = run_of(0)
    report = await ask(wire, "adf_pipeline_activity_runs", run_id=_id(0, "Stock"))
    check = cast("RunReport", report).check
    assert check is not None
    assert [one.kind for one in check.doubts] == [DoubtKind.NO_ROWS]


async def test_what_is_inside_an_ended_run_is_read_once() -> None:
    wire = wired([1000, 1000, 1010, 990])
    adf = Adf(factories=Factories([LAB], "lab", lambda _: wire), clock=lambda: NOW)
    toolbox = Toolbox(ADF_TOOLS, [adf])
    for _ in range(3):
        await toolbox.call("adf_pipeline_runs", pipeline="Stock", latest_only=True)
    assert wire.calls["query_activity_runs"] == 4
