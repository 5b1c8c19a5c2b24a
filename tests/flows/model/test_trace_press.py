"""`Show trace`: to operators, in memory, and only to who pressed."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from cards.text_rendering import CardText, read_card
from tests.doubles.connector import Sent
from tests.doubles.foundry import EveryTurn, calls, says
from tests.doubles.learn import running_learn
from tests.flows.conftest import BERLIN
from tests.flows.model.stage import BACKENDS, Clock, Stage, read, talking

WORDS = "A row without a key came from the source."
LOOKS_UP = [calls("adf_pipeline_runs", pipeline="CustomerDataETL", latest_only=True)]
CARD = "application/vnd.microsoft.card.adaptive"


def trace_button(sent: Sent) -> Mapping[str, Any]:
    button = next(one for one in read(sent).buttons if one.verb == "trace")
    return button.data or {}


async def press(stage: Stage, name: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    click = stage.client(name).click("trace", data, thread="0")
    async with (
        aiohttp.ClientSession() as session,
        session.post(stage.product.endpoint, json=click) as response,
    ):
        assert response.status == 200
        return await response.json()


def shown(answer: Mapping[str, Any]) -> CardText:
    assert answer["type"] == CARD, answer
    return read_card(answer["value"], BERLIN)


async def explained(stage: Stage) -> Sent:
    await stage.ask("why did CustomerDataETL fail")
    (edit,) = await stage.edits()
    return edit


@pytest.mark.parametrize("backend", BACKENDS)
async def test_an_operator_sees_steps_tools_times_tokens_and_ids(
    backend: str, tmp_path: Path
) -> None:
    async with talking(backend, EveryTurn(LOOKS_UP, [says(WORDS)]), tmp_path) as stage:
        data = trace_button(await explained(stage))
        before = len(stage.product.connector.sent)
        text = shown(await press(stage, "Maya", data)).text
        assert len(stage.product.connector.sent) == before
        for words in ("2 steps, ", "adf_pipeline_runs", "pipeline=CustomerDataETL", "why"):
            assert words in text
        assert "resp_" in text
        assert WORDS not in text
        assert "CustomerKey" not in text


async def test_an_answer_without_a_model_has_a_trace_too(tmp_path: Path) -> None:
    async with talking("offline", EveryTurn([says(WORDS)]), tmp_path) as stage:
        sent = await stage.ask("why did CustomerDataETL fail")
        text = shown(await press(stage, "Maya", trace_button(sent))).text
        for words in ("Read as why", "% sure", "no model", "adf_pipeline_activity_runs"):
            assert words in text, text
        assert re.search(r"ActivityRuns_QueryByPipelineRun\b.*\n.*factory=adf-prod, calls=\d", text)
        assert "CustomerKey" not in text
        assert "operator" in (await press(stage, "Tom", trace_button(sent)))["value"]


async def test_a_trace_names_the_documentation_server_and_holds_no_words_of_a_person(
    tmp_path: Path,
) -> None:
    async with (
        running_learn() as learn,
        talking("offline", EveryTurn([says("x")]), tmp_path, MCP_SERVER_URL=learn.url) as stage,
    ):
        sent = await stage.ask("How do I rerun a pipeline from a failed activity?")
        text = shown(await press(stage, "Maya", trace_button(sent))).text
        assert "MicrosoftLearn: microsoft_docs_search" in text
        assert re.search(r"query=\d+ characters", text)


async def test_a_server_that_is_away_is_named_in_the_trace(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9/mcp"
    async with talking("offline", EveryTurn([]), tmp_path, MCP_SERVER_URL=nobody) as stage:
        sent = await stage.ask("How do I rerun a pipeline from a failed activity?")
        if not any(one.verb == "trace" for one in read(sent).buttons):
            pytest.fail(read(sent).text)
        assert "McpError" in shown(await press(stage, "Maya", trace_button(sent))).text


async def test_what_was_dropped_of_a_models_words_is_counted(tmp_path: Path) -> None:
    lie = "Everything is healthy. A row without a key came from the source."
    async with talking("azure_openai", EveryTurn([says(lie)]), tmp_path) as stage:
        text = shown(await press(stage, "Maya", trace_button(await explained(stage)))).text
        assert "1 of 2 sentences dropped" in text


async def test_others_are_told_who_may_see_it(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        data = trace_button(await explained(stage))
        answer = await press(stage, "Tom", data)
        assert "operator" in answer["value"]
        assert "maya" in answer["value"].lower()
        unknown = await press(stage, "Tom", {"trace": "0" * 32})
        assert unknown["value"] == answer["value"]


async def test_an_answer_of_the_model_alone_has_a_trace_and_an_old_one_is_gone(
    tmp_path: Path,
) -> None:
    clock = Clock()
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path, clock=clock) as stage:
        sent = await stage.ask("any vibes from orders")
        data = trace_button(sent)
        assert "2 steps, 0 tool calls" in shown(await press(stage, "Maya", data)).text
        clock.now += timedelta(hours=1, seconds=1)
        assert "gone" in (await press(stage, "Maya", data))["value"]
        assert "gone" in (await press(stage, "Maya", {"trace": ["x"]}))["value"]
