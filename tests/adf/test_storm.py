"""Under a storm the client asks no more than it may, gives up early, and says what is missing."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest
from aiohttp import web

from adf.client import Factories, operations
from adf.client.call_budget import LONGEST_WAIT, MINUTE, CallBudget
from adf.client.circuit_breaker import ENOUGH, OPEN_FOR, CircuitBreaker
from adf.client.operations import ArmOperation
from adf.client.throttling import ThrottleWaits
from adf.errors import BUDGET_SPENT, Forbidden, NotFound, Reach, Throttled, Unavailable
from adf.records import Factory, RunList
from adf.simulator import arm_requests
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from cards import card_for
from cards.text_rendering import read_card
from tests.adf.asking import BERLIN
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import wire_run
from tests.adf.test_sdk_faults import LAST_DAYS, broken

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
LAB = Factory(alias="lab", subscription="s", resource_group="rg", name="lab")
AWAY = Unavailable("no answer", reach=Reach.SILENCE)


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


async def spend(budget: CallBudget, times: int = 1) -> None:
    for _ in range(times):
        async with budget.call("query runs"):
            pass


async def test_calls_beyond_the_budget_of_a_minute_wait_a_moment_or_are_refused() -> None:
    clock = Clock()
    budget = CallBudget(clock, clock.sleep, most=3)
    await spend(budget, 3)
    with pytest.raises(Throttled) as refused:
        await spend(budget)
    assert refused.value.code == BUDGET_SPENT
    assert refused.value.retry_after == MINUTE
    clock.now += MINUTE - LONGEST_WAIT + 1
    await spend(budget)
    assert clock.slept == [LONGEST_WAIT - 1]


async def test_a_fleet_keeps_the_budget_of_a_minute_together_also_while_it_grows() -> None:
    clock, count = Clock(), 1
    budgets = [
        CallBudget(clock, clock.sleep, most=12, share=lambda limit: limit // count)
        for _ in range(4)
    ]
    await spend(budgets[0], 3)
    count = 4
    for one in budgets[1:]:
        await spend(one, 3)
    for one in budgets:
        with pytest.raises(Throttled):
            await spend(one)
    clock.now += MINUTE
    count = 1
    await spend(budgets[0], 12)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(50))
async def test_no_minute_ever_holds_more_calls_than_the_budget(seed: int) -> None:
    await _never_too_many(seed)


async def test_a_minute_holds_no_more_calls_than_the_budget() -> None:
    await _never_too_many(0)


async def _never_too_many(seed: int) -> None:
    dice = random.Random(seed)
    clock = Clock()
    budget = CallBudget(clock, clock.sleep, most=7)
    made: list[float] = []
    for _ in range(300):
        clock.now += dice.choice((0.0, 0.125, 2.0, 9.0))  # exact in binary
        try:
            await spend(budget)
            made.append(clock.now)
        except Throttled:
            clock.now += 1
    windows = (sum(at <= one < at + MINUTE for one in made) for at in made)
    assert max(windows) <= 7


async def test_only_so_many_calls_are_on_their_way_at_once() -> None:
    clock = Clock()
    budget = CallBudget(clock, clock.sleep, at_once=4)
    going, most = 0, 0

    async def call() -> None:
        nonlocal going, most
        async with budget.call("query runs"):
            going += 1
            most = max(most, going)
            await asyncio.sleep(0)
            going -= 1

    await asyncio.gather(*(call() for _ in range(30)))
    assert most == 4


def failed(breaker: CircuitBreaker, times: int, error: Unavailable = AWAY) -> None:
    for _ in range(times):
        breaker.failed("query_runs", error)


def test_after_several_calls_without_an_answer_the_next_fail_at_once_and_one_tries_again() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock)
    failed(breaker, ENOUGH - 1)
    breaker.check("query_runs", "query runs")
    failed(breaker, 1)
    with pytest.raises(Unavailable) as known:
        breaker.check("query_runs", "query runs")
    assert known.value.reach is Reach.SILENCE
    assert "in a row" in known.value.said
    breaker.check("list_pipelines", "list pipelines")
    clock.now += OPEN_FOR
    breaker.check("query_runs", "query runs")
    with pytest.raises(Unavailable):
        breaker.check("query_runs", "query runs")
    breaker.succeeded("query_runs")
    breaker.check("query_runs", "query runs")


def test_a_host_that_is_away_is_away_for_every_operation() -> None:
    breaker = CircuitBreaker(Clock())
    failed(breaker, ENOUGH, Unavailable("no connection", reach=Reach.NOBODY))
    with pytest.raises(Unavailable):
        breaker.check("list_pipelines", "list pipelines")


def test_a_refusal_is_an_answer_and_opens_nothing() -> None:
    breaker = CircuitBreaker(Clock())
    for error in (Forbidden("no"), NotFound("no"), Throttled("no")):
        for _ in range(2 * ENOUGH):
            breaker.failed("query_runs", error)
    breaker.check("query_runs", "query runs")


async def test_a_service_that_is_away_is_left_alone_and_found_again() -> None:
    is_away = True

    async def away(_: web.Request) -> web.StreamResponse | None:
        return web.Response(status=500) if is_away else None

    async with broken(before=away) as arm:
        client = arm.client()
        for _ in range(3 * ENOUGH):
            with pytest.raises(Unavailable):
                await client.list_runs(LAST_DAYS)
        assert len(arm_requests(arm.app)) == ENOUGH
        is_away = False
        arm.seconds += OPEN_FOR
        assert await client.list_runs(LAST_DAYS)


def test_a_wait_holds_for_all_queries_and_one_of_the_subscription_for_every_call() -> None:
    waits = ThrottleWaits(Clock())
    waits.keep("query_runs", Throttled("busy", code="TooManyRequests", retry_after=30))
    with pytest.raises(Throttled):
        waits.check("query_activity_runs", "query activity runs")
    waits.check("list_pipelines", "list pipelines")
    waits.keep("get_run", Throttled("busy", code="SubscriptionRequestsThrottled", retry_after=30))
    with pytest.raises(Throttled):
        waits.check("list_pipelines", "list pipelines")


class PartlyAway(FakeWire):
    """Answers queries of runs page by page; one slice of the time cannot be read."""

    async def query_runs(self, factory: Factory, query: Json) -> Json:
        first, last = query["lastUpdatedAfter"], query["lastUpdatedBefore"]
        if (
            str(first) <= "2026-05-01T12:00:00.0000000Z" < str(last)
            and self.calls["query_runs"] > 1
        ):
            raise Throttled("too many queries", code="TooManyRequests")
        if self.calls["query_runs"] > 1:
            return {"value": []}
        row = wire_run("a", "Stock", status="Succeeded")
        recent = {"runStart": f"{NOW - timedelta(hours=2):%FT%TZ}"}
        return {"value": [row | recent], "continuationToken": "1"}


async def ask(operation_name: str, **arguments: object) -> RunList:
    wire = PartlyAway()
    adf = Adf(factories=Factories([LAB], "lab", lambda _: wire), clock=lambda: NOW)
    return cast("RunList", await Toolbox(ADF_TOOLS, [adf]).call(operation_name, **arguments))


async def test_an_overview_with_a_part_missing_says_which_and_is_not_all_well() -> None:
    runs = await ask("adf_pipeline_runs", latest_only=True)
    (said,) = runs.unread
    assert "01 May" in said
    assert "too many queries" in said
    text = read_card(card_for(runs, now=NOW, zone=BERLIN).content, BERLIN).text
    assert "no failure in what could be read" in text
    assert "Partial answer: could not read the runs of" in text
    assert "all well" not in text


async def test_half_of_one_pipelines_runs_is_no_answer() -> None:
    with pytest.raises(Throttled):
        await ask("adf_pipeline_runs", pipeline="Stock", latest_only=True)


def test_every_query_of_runs_is_counted_with_the_others() -> None:
    """Their names begin alike: what is counted together is told by it."""
    every = [one for one in vars(operations).values() if isinstance(one, ArmOperation)]
    queries = {one.name for one in every if "query" in one.permissions[0].lower()}
    assert queries == {one.name for one in every if one.name.startswith("query_")}
