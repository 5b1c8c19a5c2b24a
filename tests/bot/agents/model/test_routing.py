"""The choice of a tool by a model: what is called for it, and what becomes of a wrong choice."""

import pytest

from bot.agents.model import FailureKind, ModelAnswer, TurnLimits
from tests.adf.test_runs import wire_run
from tests.bot.agents.answers.test_agent import BAD, GOOD
from tests.bot.agents.model.room import BACKENDS, Room, room_with
from tests.doubles.foundry import TROUBLES, EveryTurn, Item, Slow, calls, calls_raw, says
from tests.doubles.foundry.wire import NO_TOOL

RUNS, INSIDE = "adf_pipeline_runs", "adf_pipeline_activity_runs"


async def route(room: Room, text: str) -> ModelAnswer:
    room.double.chooses = True
    return await room.agent.route(room.question(text))


def kinds(answer: ModelAnswer) -> list[str]:
    return [type(one).__name__ for one in answer.records]


@pytest.mark.parametrize("backend", BACKENDS)
async def test_each_thing_that_was_named_is_looked_up(backend: str) -> None:
    both = [calls(RUNS, pipeline="Stock"), calls(RUNS, pipeline="Customers")]
    async with room_with(EveryTurn(both), backend) as room:
        answer = await route(room, "stock, customers: thoughts")
        assert kinds(answer) == ["RunList", "RunList"]
        assert (answer.spent.steps, answer.spent.calls, answer.rejected) == (1, 2, False)
        assert [one.what for one in answer.trace] == ["choice", RUNS, RUNS]


async def test_a_run_is_looked_into_by_its_pipeline() -> None:
    async with room_with(EveryTurn([calls(INSIDE, pipeline="stock")])) as room:
        answer = await route(room, "stock, hm")
        assert kinds(answer) == ["RunReport"]
        assert dict(room.calls[-1].arguments)["run_id"] == BAD


async def test_where_nothing_failed_the_runs_are_shown() -> None:
    async with room_with(EveryTurn([calls(INSIDE, pipeline="Customers")])) as room:
        room.has(wire_run(GOOD, "Customers", status="Succeeded"))
        assert kinds(await route(room, "customers, hm")) == ["RunList"]


@pytest.mark.parametrize(
    "items",
    [
        [calls(NO_TOOL)],
        [says("I would look at the runs.")],
        [calls("adf_stop_everything", pipeline="Stock")],
        [calls_raw(RUNS, "no JSON")],
        [],
    ],
)
async def test_a_choice_that_is_none_finds_nothing(items: list[Item]) -> None:
    async with room_with(EveryTurn(items)) as room:
        answer = await route(room, "stock, hm")
        assert answer.records == ()


async def test_a_call_that_stands_in_the_text_is_a_choice() -> None:
    written = says('{"name": "adf_pipeline_runs", "arguments": {"pipeline": "Stock"}}')
    async with room_with(EveryTurn([written])) as room:
        assert kinds(await route(room, "stock, hm")) == ["RunList"]


async def test_a_thing_that_was_not_named_is_not_looked_up() -> None:
    async with room_with(EveryTurn([calls(RUNS, pipeline="Customers")])) as room:
        answer = await route(room, "whats your gut feeling")
        assert (answer.records, answer.rejected, room.calls) == ((), True, [])


async def test_a_choice_that_takes_too_long_is_given_up() -> None:
    slow = Slow(EveryTurn([calls(RUNS, pipeline="Stock")]), 30)
    async with room_with(slow, limits=TurnLimits(route_seconds=0.05)) as room:
        assert (await route(room, "stock, hm")).failure is FailureKind.TIMEOUT


async def test_a_service_in_trouble_is_named() -> None:
    async with room_with(EveryTurn([calls(RUNS, pipeline="Stock")])) as room:
        room.double.faults.add(TROUBLES["no_rights"])
        answer = await route(room, "stock, hm")
        assert (answer.failure, answer.spent.steps) == (FailureKind.FORBIDDEN, 0)
        assert kinds(await route(room, "stock, hm")) == ["RunList"]
