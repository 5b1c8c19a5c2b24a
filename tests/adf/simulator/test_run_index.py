"""What is remembered answers as if every run were looked at, without looking at every run."""

import random
from datetime import UTC, datetime, timedelta

from adf.simulator import DataFactory
from adf.simulator.arm.run_queries import RUN_OPERANDS, Filter, Order, RunQuery, matching
from adf.simulator.run_index import RETENTION, RunIndex, is_kept
from adf.simulator.runs import FAILED, IN_PROGRESS, SUCCEEDED, PlannedRun, SimulatedRun

NOON = datetime(2026, 5, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def planned(number: int, queued: datetime, lasts: timedelta | None) -> PlannedRun:
    run = SimulatedRun(
        run_id=f"Run-{number}",
        pipeline=f"P{number % 7}",
        status=(FAILED if number % 5 == 0 else SUCCEEDED) if lasts else IN_PROGRESS,
        queued_at=queued,
        group_id=f"Run-{number}",
        start=queued + MINUTE,
        end=queued + MINUTE + lasts if lasts else None,
    )
    return PlannedRun(run=run)


def some(count: int, seed: int = 1) -> list[PlannedRun]:
    dice = random.Random(seed)
    return [
        planned(
            number,
            NOON - dice.random() * 60 * timedelta(days=1),
            dice.choice([MINUTE, 40 * MINUTE, timedelta(days=3), None]),
        )
        for number in range(count)
    ]


def test_a_range_finds_what_looking_at_every_run_finds() -> None:
    plans, dice = some(300), random.Random(2)
    for _ in range(40):
        remembered = RunIndex()
        for one in plans:
            remembered.add(one)
        as_of = NOON - dice.random() * timedelta(days=20)
        after = as_of - dice.random() * timedelta(days=50)
        before = after + dice.random() * timedelta(days=50)
        remembered.advance(as_of + dice.random() * timedelta(days=2))
        seen = [run for one in plans if (run := one.seen_at(as_of)) and is_kept(run, as_of)]
        wanted = {run.run_id for run in seen if after <= run.last_updated <= before}
        now_gone = {one.run.run_id for one in plans if remembered.get(one.run.run_id) is None}
        found = remembered.seen(after, before, as_of)
        assert {run.run_id for run in found} == wanted - now_gone
        assert {run.run_id: run for run in seen}.items() >= {r.run_id: r for r in found}.items()


def test_a_run_told_anew_takes_the_place_of_the_old_one() -> None:
    remembered = RunIndex()
    first, other = planned(1, NOON, 10 * MINUTE), planned(2, NOON, 5 * MINUTE)
    for one in (first, other):
        remembered.add(one)
    remembered.advance(NOON + 60 * MINUTE)
    longer = planned(1, NOON, 90 * MINUTE)
    remembered.add(longer)
    assert len(remembered) == 2
    now = NOON + 61 * MINUTE
    assert [run.status for run in remembered.seen(NOON, now, now)] == [IN_PROGRESS, SUCCEEDED]
    remembered.advance(NOON + 200 * MINUTE)
    now = NOON + 200 * MINUTE
    assert remembered.seen(NOON, now, now)[0].end == longer.run.end
    remembered.advance(now + RETENTION)
    assert len(remembered) == 0


class CountedRuns(dict[str, PlannedRun]):
    """The plans of an index; counts how many of them are looked at."""

    looked_at = 0

    def __getitem__(self, key: str) -> PlannedRun:
        self.looked_at += 1
        return super().__getitem__(key)


def test_a_request_over_five_thousand_runs_looks_at_those_of_its_hour_alone() -> None:
    factory = DataFactory(name="f", resource_group="g")
    for number in range(5000):
        factory.add(planned(number, NOON - number * MINUTE / 2, 10 * MINUTE))
    remembered = factory._remembered  # pyright: ignore[reportPrivateUsage]
    plans = CountedRuns(remembered._plans)  # pyright: ignore[reportPrivateUsage]
    remembered._plans = plans  # pyright: ignore[reportPrivateUsage]
    broken = Filter(operand="Status", operator="Equals", values=("Failed",))
    newest = (Order(by="RunStart", descending=True),)
    query = RunQuery(after=NOON - 60 * MINUTE, before=NOON, filters=(broken,), order_by=newest)
    factory.query_runs(query, NOON, 100)
    plans.looked_at = 0
    found = factory.query_runs(query, NOON + timedelta(seconds=1), 100)
    assert len(found.rows) > 20
    assert plans.looked_at < 200


def test_queued_runs_sort_by_when_they_were_queued() -> None:
    runs = [planned(1, NOON, MINUTE).run, planned(2, NOON - MINUTE, MINUTE).run]
    queued = planned(3, NOON + MINUTE, MINUTE).run
    query = RunQuery(
        after=NOON - 60 * MINUTE, before=NOON + 60 * MINUTE, order_by=(Order(by="RunStart"),)
    )
    found = matching([queued, *runs], RUN_OPERANDS, query)
    assert [run.run_id for run in found] == ["Run-2", "Run-1", "Run-3"]
