"""What stands as it should not: found once it does, gone once it is over, never guessed."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from adf.client import AdfClient
from adf.client.sdk import SdkWire
from adf.records import Condition, ConditionKind, Expectation, Factory, PipelineNotes
from adf.simulator import State, load_world, make_simulator
from adf.watch.conditions import CheckedConditions, ConditionWatch
from adf.watch.conditions.active_runs import usual_length
from tests.adf.simulator.worlds import NOW, WORLD, run, world

ALL = tuple(ConditionKind)
HOUR = timedelta(hours=1)


def everything(kind: ConditionKind, **more: Any) -> Expectation:  # noqa: ANN401
    return Expectation(kind=kind, covers=lambda _: True, is_named=True, **more)


@dataclass
class Watched:
    """A watch over a served state, and the clock it goes by."""

    watch: ConditionWatch
    now: datetime

    async def find(self, *kinds: ConditionKind, **more: Any) -> dict[str, Condition]:  # noqa: ANN401
        found = await self.check(*(everything(one, **more) for one in kinds))
        return {one.subject: one for one in found.standing}

    async def check(self, *expected: Expectation) -> CheckedConditions:
        return await self.watch.check(expected)


@asynccontextmanager
async def watching(
    state: State,
    group: str = "rg-lab",
    name: str = "adf-lab",
    notes: dict[str, PipelineNotes] | None = None,
) -> AsyncGenerator[Watched]:
    app = make_simulator(state)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wire = SdkWire("sub", f"http://127.0.0.1:{runner.addresses[0][1]}")
    factory = Factory(
        alias="lab", subscription="sub", resource_group=group, name=name, notes=notes or {}
    )
    client = AdfClient(factory, wire)
    watched = Watched(watch=ConditionWatch(client, state.clock), now=state.clock())
    watched.watch = ConditionWatch(client, lambda: watched.now)
    try:
        yield watched
    finally:
        await wire.close()
        await runner.cleanup()


@asynccontextmanager
async def prod(**notes: PipelineNotes) -> AsyncGenerator[Watched]:
    async with watching(load_world(WORLD), "rg-data-prod", "adf-prod", dict(notes)) as watched:
        yield watched


async def test_the_frozen_night_shows_each_kind_where_it_is() -> None:
    async with prod(InventorySync=PipelineNotes(usual=timedelta(minutes=10))) as night:
        missed = await night.find(ConditionKind.MISSED)
        down = await night.find(ConditionKind.RUNTIME)
        queued = await night.find(ConditionKind.QUEUE)
    assert [(one.subject, one.is_stopped) for one in missed.values()] == [("FinanceGL_Load", True)]
    assert down["shir-prod-01"].since == datetime(2026, 3, 12, 1, 58, 11, tzinfo=UTC)
    assert [(one.subject, one.count > 0) for one in queued.values()] != []


async def test_nothing_is_asked_of_azure_while_nobody_counts_on_anything() -> None:
    async with watching(world()) as lab:
        found = await lab.check()
    assert (found.standing, found.over) == ((), ())
    assert found.read == frozenset(ALL)


LONG = "11111111-0000-4000-8000-000000000001"


def running(since: str, *before: Any, state: str = "InProgress") -> State:  # noqa: ANN401
    runs = {f"11111111-0000-4000-8000-{number:012}": one for number, one in enumerate(before, 100)}
    return world(
        pipelines={"Harvest": [{"factory": "adf-lab"}]},
        runs={LONG: run("Harvest", state, since, None), **runs},
    )


async def test_a_run_is_held_against_the_limit_that_was_asked_for() -> None:
    limit = {"longest": HOUR, "limit": "60 min"}
    async with watching(running("03:30:00")) as lab:
        found = await lab.find(ConditionKind.OVERLONG, **limit)
    (one,) = found.values()
    assert (one.run_id, one.limit) == (LONG, "60 min")
    assert one.since == NOW - timedelta(minutes=30)
    async with watching(running("04:30:00")) as lab:
        assert await lab.find(ConditionKind.OVERLONG, **limit) == {}


async def test_a_run_over_its_limit_is_over_it_until_it_has_ended() -> None:
    async with watching(running("04:30:00")) as lab:
        assert await lab.find(ConditionKind.OVERLONG, longest=HOUR) == {}
        lab.now += timedelta(minutes=40)
        assert list(await lab.find(ConditionKind.OVERLONG, longest=HOUR)) == ["Harvest"]


def good(minutes: int, number: int) -> Any:  # noqa: ANN401
    return run("Harvest", "Succeeded", f"0{number}:00:00", f"0{number}:{minutes:02}:00")


async def test_without_a_limit_it_is_held_against_its_own_usual() -> None:
    usual = [good(10, number) for number in range(5)]
    async with watching(running("04:30:00", *usual)) as lab:
        found = await lab.find(ConditionKind.OVERLONG)
    assert found["Harvest"].usual == timedelta(minutes=10)
    async with watching(running("04:45:00", *usual)) as lab:
        assert await lab.find(ConditionKind.OVERLONG) == {}


async def test_what_is_usual_is_not_guessed_from_few_runs() -> None:
    async with watching(running("00:30:00", good(10, 1), good(10, 2))) as lab:
        assert await lab.find(ConditionKind.OVERLONG) == {}
    assert usual_length([60.0] * 4, None) is None
    declared = usual_length([60.0] * 4, timedelta(minutes=30))
    assert declared is not None
    assert declared.too_long == HOUR


@pytest.mark.parametrize(
    ("took", "too_long"),
    [([60.0] * 9, 660.0), ([1200.0] * 9, 2400.0), ([600.0] * 8 + [3600.0] * 2, 4500.0)],
)
def test_too_long_is_far_beyond_what_runs_take_now_and_then(
    took: list[float], too_long: float
) -> None:
    found = usual_length(took, None)
    assert found is not None
    assert found.too_long.total_seconds() == too_long


async def test_a_run_in_the_queue_waits_and_takes_no_time() -> None:
    waiting = running("03:00:00", state="Queued")
    async with watching(waiting) as lab:
        assert await lab.find(ConditionKind.OVERLONG, longest=HOUR) == {}
        (one,) = (await lab.find(ConditionKind.QUEUE)).values()
    assert (one.subject, one.count) == ("Harvest", 1)


def by(hour: int) -> Callable[[datetime], datetime]:
    def last(now: datetime) -> datetime:
        today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
        return today if today <= now else today - timedelta(days=1)

    return last


def lab_with(*runs: Any) -> State:  # noqa: ANN401
    return world(
        pipelines={"Harvest": [{"factory": "adf-lab"}]},
        runs={f"22222222-0000-4000-8000-{n:012}": one for n, one in enumerate(runs)},
    )


async def test_a_deadline_is_missed_until_a_good_run_has_ended() -> None:
    due = {"deadline": by(4), "limit": "04:00 UTC"}
    async with watching(lab_with(run("Harvest", "Failed", "03:00:00", "03:20:00"))) as lab:
        (one,) = (await lab.find(ConditionKind.DEADLINE, **due)).values()
        assert one.since == NOW - HOUR
    late = lab_with(run("Harvest", "Succeeded", "03:50:00", "04:40:00"))
    async with watching(late) as lab:
        found = await lab.check(everything(ConditionKind.DEADLINE, **due))
    assert found.standing == ()
    assert [(one.key, one.at) for one in found.over] == [
        ("deadline|Harvest|04:00 UTC|20310820T0400", NOW - timedelta(minutes=20))
    ]


async def test_a_deadline_that_is_to_come_is_not_missed() -> None:
    async with watching(lab_with()) as lab:
        assert await lab.find(ConditionKind.DEADLINE, deadline=by(9), limit="x") == {}


async def test_a_declared_deadline_is_held_without_a_limit_of_its_own() -> None:
    notes = {"Harvest": PipelineNotes(due="04:30 UTC")}
    async with watching(lab_with(), notes=notes) as lab:
        assert list(await lab.find(ConditionKind.DEADLINE)) == ["Harvest"]
    async with watching(lab_with()) as lab:
        assert await lab.find(ConditionKind.DEADLINE) == {}


async def test_a_good_run_without_rows_is_told_where_there_usually_are_many() -> None:
    document: dict[str, Any] = {"pipelines": {"Harvest": [{"factory": "adf-lab"}]}, "runs": {}}
    rows = [500, 480, 510, 0]
    activities: dict[str, Any] = {}
    for number, many in enumerate(rows):
        run_id = f"33333333-0000-4000-8000-{number:012}"
        document["runs"][run_id] = run(
            "Harvest", "Succeeded", f"0{number}:00:00", f"0{number}:10:00"
        )
        copy = {"name": "Copy", "type": "Copy", "status": "Succeeded", "rowsCopied": many}
        activities[run_id] = [copy]
    async with watching(world(**document, activities=activities)) as lab:
        (one,) = (await lab.find(ConditionKind.ZERO_ROWS)).values()
    assert one.run_id.endswith("3")
    del document["runs"]["33333333-0000-4000-8000-000000000003"]
    async with watching(world(**document, activities=activities)) as lab:
        found = await lab.check(everything(ConditionKind.ZERO_ROWS))
    assert found.standing == ()
    assert [one.key for one in found.over] == ["zero_rows|Harvest"]


async def test_a_pipeline_that_never_copied_anything_may_go_on_like_that() -> None:
    document = {"pipelines": {"Harvest": [{"factory": "adf-lab"}]}}
    runs = {
        f"33333333-0000-4000-8000-{n:012}": run(
            "Harvest", "Succeeded", f"0{n}:00:00", f"0{n}:10:00"
        )
        for n in range(4)
    }
    copy = {"name": "Copy", "type": "Copy", "status": "Succeeded", "rowsCopied": 0}
    async with watching(world(**document, runs=runs, activities={n: [copy] for n in runs})) as lab:
        assert await lab.find(ConditionKind.ZERO_ROWS) == {}


async def test_of_everything_only_what_counts_has_its_rows_read() -> None:
    async with prod() as night:
        calm = replace(everything(ConditionKind.ZERO_ROWS), is_named=False)
        assert (await night.check(calm)).standing == ()


async def test_what_cannot_be_read_is_neither_standing_nor_over() -> None:
    async with watching(world(), name="adf-nowhere") as lab:
        found = await lab.check(*(everything(one) for one in ALL))
    assert found.standing == ()
    assert found.read == frozenset()


async def test_a_part_is_not_read_again_before_its_time_unless_the_clock_goes_back() -> None:
    async with watching(running("04:30:00")) as lab:
        assert await lab.find(ConditionKind.OVERLONG, longest=HOUR) == {}
        lab.now += timedelta(seconds=20)
        assert await lab.find(ConditionKind.OVERLONG, longest=timedelta(minutes=1)) == {}
        both = await lab.find(ConditionKind.OVERLONG, ConditionKind.QUEUE, longest=2 * HOUR)
        assert both == {}
        lab.now -= timedelta(minutes=5)
        assert await lab.find(ConditionKind.OVERLONG, longest=timedelta(minutes=1)) != {}
