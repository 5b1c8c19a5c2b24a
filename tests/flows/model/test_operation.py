"""What is seen of the bot from outside: one trace for a turn, and every metric of its list."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext

from bot.hosting.metrics import METRICS, QUEUE_AGE, WATCH_LAG
from bot.hosting.pulse import BEAT_SECONDS
from tests.doubles.foundry import EveryTurn, calls, says
from tests.flows.conftest import NOW
from tests.flows.model.collected import Collected
from tests.flows.model.stage import Clock, Stage, talking

WORDS = "A row without a key came from the source."
LOOKS_UP = [calls("adf_pipeline_runs", pipeline="CustomerDataETL", latest_only=True)]
ALERT = "PL_Master_Nightly failed"


@pytest.fixture
def collected() -> Iterator[Collected]:
    made = Collected()
    yield made
    made.close()


def context_of(span: ReadableSpan) -> SpanContext:
    assert span.context is not None
    return span.context


def trace_of(collected: Collected, span: ReadableSpan) -> list[ReadableSpan]:
    """Every span of a trace, in the order they began."""
    trace_id = context_of(span).trace_id
    spans = [one for one in collected.spans if context_of(one).trace_id == trace_id]
    return sorted(spans, key=lambda one: one.start_time or 0)


async def test_one_trace_follows_a_turn_from_the_message_to_the_explained_card(
    collected: Collected, tmp_path: Path
) -> None:
    brain = EveryTurn(LOOKS_UP, [says(WORDS)])
    async with talking("foundry", brain, tmp_path, telemetry=collected.telemetry) as stage:
        await stage.ask("why did CustomerDataETL fail")
        await stage.edits()
        await stage.product.settled()
    (turn,) = collected.named("turn message")
    trace = trace_of(collected, turn)
    by_id = {context_of(one).span_id: one for one in trace}

    def path(span: ReadableSpan) -> str:
        above = by_id.get(span.parent.span_id) if span.parent else None
        name = span.name.split()[0]
        return f"{path(above)} > {name}" if above else name

    paths = {path(one) for one in trace}
    assert {
        "turn",
        "turn > execute_tool",
        "turn > execute_tool > arm",
        "turn > teams",
        "turn > invoke_agent",
        "turn > invoke_agent > execute_tool",
    } <= paths
    assert {one.name for one in trace} >= {"teams post", "teams update"}
    assert turn.parent is None
    # What the watch asks by itself belongs to nobody's turn.
    assert all(one.split(" > ")[0] == "turn" for one in paths)


async def play_everything(stage: Stage, clock: Clock, refuse: list[str]) -> None:
    """An alert, an explained answer, a refusal, and a call that Azure refuses once."""
    await stage.ask("tell this channel when any pipeline fails")
    clock.now = NOW - timedelta(minutes=15)
    await stage.product.connector.wait_for(1, lambda one: ALERT in str(one.card))
    await stage.ask("why did CustomerDataETL fail")
    await stage.edits()
    refuse.append("querypipelineruns")
    await stage.ask("status of ProcessOrders")
    await stage.product.ask(stage.client("Stranger").personal("status of ProcessOrders"))
    async with aiohttp.ClientSession() as session:
        await session.get(stage.product.endpoint.replace("api/messages", "secret-path"))
    await stage.product.settled()
    await asyncio.sleep(BEAT_SECONDS)


async def test_every_metric_of_the_list_is_emitted_with_its_attributes_alone(
    collected: Collected, tmp_path: Path
) -> None:
    clock, refuse = Clock(now=NOW - timedelta(minutes=25)), list[str]()

    async def refused(request: web.Request) -> web.Response | None:
        if not refuse or refuse[0] not in request.path.lower():
            return None
        refuse.clear()
        return web.json_response({}, status=429, headers={"Retry-After": "1"})

    async with talking(
        "foundry",
        EveryTurn(LOOKS_UP, [says(WORDS)]),
        tmp_path,
        clock=clock,
        telemetry=collected.telemetry,
        before=refused,
        ADFOPS_POLL_SECONDS=1,
    ) as stage:
        await play_everything(stage, clock, refuse)
        points = collected.points()
    declared = {one.name: set(one.attributes) for one in METRICS}
    assert points.keys() == declared.keys()
    for name, found in points.items():
        assert {key for one in found for key in one.attributes} <= declared[name], name
    assert {one.attributes["adfops.queue"] for one in points[QUEUE_AGE.name]} == {
        "inbox",
        "outbox",
    }
    assert {one.attributes["adfops.factory"] for one in points[WATCH_LAG.name]} == {
        "adf-prod",
        "adf-uat",
    }
    assert "secret-path" not in str(points)
