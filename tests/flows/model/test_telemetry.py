"""What is collected of a turn: spans and metrics by the conventions, and nothing of content."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doubles.foundry import TROUBLES, EveryTurn, calls, says
from tests.flows.model.collected import Collected
from tests.flows.model.stage import BACKENDS, talking

WORDS = "A row without a key came from the source."
LOOKS_UP = [calls("adf_pipeline_runs", pipeline="CustomerDataETL", latest_only=True)]
PROVIDERS = {"foundry": "microsoft.foundry", "azure_openai": "azure.ai.openai"}
CONTENT = (
    "CustomerDataETL",
    "CustomerKey",
    "ProcessOrders",
    "why did",
    "Maya",
    WORDS,
    "Traceback",
    "@thread",
)


@pytest.fixture
def collected() -> Iterator[Collected]:
    made = Collected()
    yield made
    made.close()


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_turn_with_a_model_is_told_by_the_conventions(
    backend: str, collected: Collected, tmp_path: Path
) -> None:
    brain = EveryTurn(LOOKS_UP, [says(WORDS)])
    async with talking(backend, brain, tmp_path, telemetry=collected.telemetry) as stage:
        await stage.ask("why did CustomerDataETL fail")
        await stage.edits()
    (turn,) = collected.named("turn message")
    (agent,) = collected.named("invoke_agent")
    assert turn.attributes == {"adfops.turn.kind": "message", "adfops.turn.scope": "channel"}
    told = dict(agent.attributes or {})
    assert told["gen_ai.operation.name"] == "invoke_agent"
    assert told["gen_ai.provider.name"] == PROVIDERS[backend]
    assert told["gen_ai.request.model"] == "gpt-4o-mini"
    assert int(str(told["gen_ai.usage.input_tokens"])) > 0
    assert told["adfops.steps"] == 2
    tools = [dict(one.attributes or {}) for one in collected.named("execute_tool")]
    assert all(one["gen_ai.operation.name"] == "execute_tool" for one in tools)
    assert "adf_pipeline_runs" in [one["gen_ai.tool.name"] for one in tools]
    below = [one for one in collected.named("execute_tool") if one.parent == agent.context]
    assert [one.name for one in below] == ["execute_tool adf_pipeline_runs"]
    assert collected.named("arm PipelineRuns_QueryByFactory")
    assert collected.named("arm ActivityRuns_QueryByPipelineRun")


async def test_tokens_and_times_are_metrics(collected: Collected, tmp_path: Path) -> None:
    brain = EveryTurn(LOOKS_UP, [says(WORDS)])
    async with talking("foundry", brain, tmp_path, telemetry=collected.telemetry) as stage:
        await stage.ask("why did CustomerDataETL fail")
        await stage.edits()
        points = collected.points()
    used = {one.attributes["gen_ai.token.type"]: one.sum for one in points[_TOKENS]}
    assert used["input"] > used["output"] > 0
    timed = {one.attributes["gen_ai.operation.name"] for one in points[_DURATION]}
    assert timed == {"invoke_agent", "execute_tool"}
    assert all(one.count for one in points[_DURATION])


async def test_a_model_in_trouble_is_told_by_the_kind_of_trouble(
    collected: Collected, tmp_path: Path
) -> None:
    brain = EveryTurn([says(WORDS)])
    async with talking("foundry", brain, tmp_path, telemetry=collected.telemetry) as stage:
        stage.model.faults.add(*[TROUBLES["no_rights"]] * 3)
        await stage.ask("why did CustomerDataETL fail")
        await stage.edits()
        points = collected.points()
    (agent,) = collected.named("invoke_agent")
    assert not agent.status.is_ok
    assert (agent.attributes or {})["error.type"] == "forbidden"
    assert not agent.events
    timed = [one for one in points[_DURATION] if "gen_ai.request.model" in one.attributes]
    assert [one.attributes["error.type"] for one in timed] == ["forbidden"]


async def test_nothing_of_content_is_collected(collected: Collected, tmp_path: Path) -> None:
    brain = EveryTurn(
        [calls("adf_pipeline_runs", pipeline="NoSuchPipeline_CustomerDataETL")],
        [calls("no_such_tool_CustomerDataETL")],
        [says(WORDS)],
    )
    async with talking("foundry", brain, tmp_path, telemetry=collected.telemetry) as stage:
        await stage.ask("why did CustomerDataETL fail")
        await stage.edits()
        await stage.ask("status of ProcessOrders")
        metrics = str(collected.points())
    everything = json.dumps([json.loads(one.to_json()) for one in collected.spans]) + metrics
    assert [words for words in CONTENT if words in everything] == []


_TOKENS = "gen_ai.client.token.usage"
_DURATION = "gen_ai.client.operation.duration"
