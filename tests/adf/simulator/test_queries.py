"""Questions about runs are answered as the service does: by last update, in pages, by filter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adf.simulator import DataFactory
from adf.simulator.arm.run_queries import BadQuery, Filter, Order, RunQuery
from adf.simulator.runs import FAILED, IN_PROGRESS, QUEUED, SUCCEEDED, PlannedRun, SimulatedRun
from adf.simulator.state import UnknownResource
from tests.adf.simulator.worlds import ALWAYS, NOW

HOUR = timedelta(hours=1)
LAST_HOUR = RunQuery(after=NOW - HOUR, before=NOW)


def planned(run_id: str, *, begun: timedelta = HOUR, **more: object) -> SimulatedRun:
    start = NOW - begun
    return replace(
        SimulatedRun(
            run_id=run_id,
            pipeline="Harvest",
            status=SUCCEEDED,
            queued_at=start,
            group_id=run_id,
            start=start,
            end=start + timedelta(minutes=10),
        ),
        **more,
    )


def factory(*runs: SimulatedRun) -> DataFactory:
    made = DataFactory(name="adf-lab", resource_group="rg-lab")
    for run in runs:
        made.add(PlannedRun(run=run))
    return made


def ids(made: DataFactory, query: RunQuery, now: datetime = NOW) -> list[str]:
    return [run.run_id for run in made.query_runs(query, now, 100).rows]


def where(operand: str, operator: str, *values: str) -> RunQuery:
    return replace(ALWAYS, filters=(Filter(operand=operand, operator=operator, values=values),))


def test_the_range_is_about_the_last_update_not_the_start() -> None:
    old = planned("old", begun=timedelta(days=3), end=NOW - timedelta(minutes=5))
    done = planned("done", begun=3 * HOUR)
    assert ids(factory(old, done), LAST_HOUR) == ["old"]


def test_a_plan_is_queued_then_in_progress_then_done_as_the_clock_goes() -> None:
    made = factory(planned("r", queued_at=NOW - 2 * HOUR))
    (queued,) = made.query_runs(ALWAYS, NOW - 90 * timedelta(minutes=1), 1).rows
    (running,) = made.query_runs(ALWAYS, NOW - timedelta(minutes=55), 1).rows
    (done,) = made.query_runs(ALWAYS, NOW, 1).rows
    assert (queued.status, queued.start, queued.last_updated) == (QUEUED, None, NOW - 2 * HOUR)
    assert (running.status, running.end) == (IN_PROGRESS, None)
    assert (done.status, done.end) == (SUCCEEDED, NOW - timedelta(minutes=50))
    assert ids(made, ALWAYS, NOW - 3 * HOUR) == []


def test_a_run_that_will_fail_tells_nothing_of_it_before() -> None:
    made = factory(planned("r", status=FAILED, message="broken"))
    assert made.get_run("r", NOW - timedelta(minutes=55)).message == ""
    assert made.get_run("r", NOW).message == "broken"


@pytest.mark.parametrize(
    ("operand", "operator", "values", "expected"),
    [
        ("PipelineName", "Equals", ("Sow",), ["sow"]),
        ("PipelineName", "NotEquals", ("Sow",), ["ok", "bad"]),
        ("PipelineName", "Equals", ("sow",), []),
        ("Status", "In", ("Failed", "Cancelled"), ["bad"]),
        ("Status", "NotIn", ("Failed", "Cancelled"), ["ok", "sow"]),
        ("RunGroupId", "Equals", ("g",), ["sow"]),
        ("RunStart", "Equals", ((NOW - HOUR).isoformat(),), ["ok", "bad"]),
        ("RunEnd", "Equals", ("2031-08-20T03:10:00",), ["sow"]),
        ("LatestOnly", "Equals", ("true",), ["ok", "sow"]),
        ("LatestOnly", "Equals", ("False",), ["ok", "bad", "sow"]),
    ],
)
def test_filters_select_by_what_a_run_is(
    operand: str, operator: str, values: tuple[str, ...], expected: list[str]
) -> None:
    ok = planned("ok")
    bad = planned("bad", status=FAILED, is_latest=False)
    sow = planned("sow", begun=2 * HOUR, pipeline="Sow", group_id="g")
    assert ids(factory(ok, bad, sow), where(operand, operator, *values)) == expected


def test_a_filter_on_a_time_needs_a_time() -> None:
    with pytest.raises(BadQuery, match="not a date"):
        ids(factory(planned("r")), where("RunStart", "Equals", "yesterday"))


def test_runs_come_in_the_order_asked_for() -> None:
    late, early = planned("late"), planned("early", begun=3 * HOUR)
    waiting = planned("waiting", begun=2 * HOUR, status=QUEUED, start=None, end=None)
    made = factory(late, early, waiting)
    newest = replace(ALWAYS, order_by=(Order(by="RunStart", descending=True),))
    oldest = replace(ALWAYS, order_by=(Order(by="RunStart"),))
    assert ids(made, newest) == ["late", "waiting", "early"]
    assert ids(made, oldest) == ["early", "waiting", "late"]


def test_the_first_field_of_an_order_counts_most() -> None:
    made = factory(planned("b2", pipeline="B"), planned("a", pipeline="A"), planned("b1"))
    made.add(PlannedRun(run=planned("b1", begun=2 * HOUR, pipeline="B")))
    by = (Order(by="PipelineName", descending=True), Order(by="RunStart"))
    assert ids(made, replace(ALWAYS, order_by=by)) == ["b1", "b2", "a"]


def test_pages_go_on_where_the_one_before_ended_as_things_stood_then() -> None:
    made = factory(*(planned(f"r{number}") for number in range(5)))
    page = made.query_runs(ALWAYS, NOW, 2)
    seen = [run.run_id for run in page.rows]
    made.add(PlannedRun(run=planned("new", begun=-timedelta(minutes=1))))
    later = NOW + HOUR
    while page.token:
        page = made.query_runs(replace(ALWAYS, token=page.token), later, 2)
        seen += [run.run_id for run in page.rows]
    assert seen == ["r0", "r1", "r2", "r3", "r4"]
    assert "new" in ids(made, ALWAYS, later)


def test_a_token_is_good_for_its_own_query_only() -> None:
    made = factory(*(planned(f"r{number}") for number in range(3)))
    token = made.query_runs(ALWAYS, NOW, 2).token
    assert token is not None
    other = replace(where("Status", "Equals", "Succeeded"), token=token)
    with pytest.raises(BadQuery, match="continuation token"):
        made.query_runs(other, NOW, 2)
    elsewhere = DataFactory(name="adf-other", resource_group="rg-lab")
    with pytest.raises(BadQuery, match="continuation token"):
        elsewhere.query_runs(replace(ALWAYS, token=token), NOW, 2)


@pytest.mark.parametrize("token", ["2", "bm9uc2Vuc2U=", "%%%", "MnxzbwpvbnxoZXg="])
def test_a_made_up_token_is_refused(token: str) -> None:
    with pytest.raises(BadQuery, match="continuation token"):
        factory(planned("r")).query_runs(replace(ALWAYS, token=token), NOW, 2)


def test_runs_older_than_the_retention_are_gone() -> None:
    made = factory(planned("old", begun=timedelta(days=46)), planned("kept"))
    assert ids(made, ALWAYS) == ["kept"]
    with pytest.raises(UnknownResource):
        made.get_run("old", NOW)


def test_an_unknown_run_is_not_found() -> None:
    with pytest.raises(UnknownResource, match="nope"):
        factory().get_run("nope", datetime(2031, 1, 1, tzinfo=UTC))
