"""MCP servers of the settings' file: their reads need nobody's yes, whoever calls them."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.foundry import (
    EveryTurn,
    OverTheWire,
    Scripted,
    asks_mcp,
    calls,
    running_foundry,
    says,
)
from tests.doubles.learn import LearnDouble, running_learn
from tests.flows.model.stage import BACKENDS, read, talking

ASK = "pls look into our runbooks for the sizes of partitions, in your own words"
ASK_MORE = "pls look into our runbooks for sizes of partitions and of indexes, in your own words"
PUBLIC = "https://runbooks.example/mcp"
TOLD = "The runbook has the sizes."
READ, OTHER = "microsoft_code_sample_search", "microsoft_docs_search"


@pytest.fixture
async def runbooks() -> AsyncGenerator[LearnDouble]:
    async with running_learn() as double:
        yield double


def settings(folder: Path, url: str, **more: str) -> dict[str, Any]:
    file = folder / "servers.json"
    file.write_text(json.dumps({"Runbooks": {"url": url, "reads": [READ], **more}}), "utf-8")
    return {"ADFOPS_MCP_SERVERS": str(file)}


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_read_that_we_make_goes_through_and_anything_else_waits(
    backend: str, runbooks: LearnDouble, tmp_path: Path
) -> None:
    brain = Scripted(
        [calls(f"Runbooks__{READ}", query="partition")],
        [says(TOLD)],
        [calls(f"Runbooks__{OTHER}", query="partition")],
        [says("I would search.")],
    )
    async with talking(backend, brain, tmp_path, **settings(tmp_path, runbooks.url)) as stage:
        assert TOLD in read(await stage.ask(ASK)).text
        assert [tool for tool, _ in runbooks.asked] == [READ]
        assert "May I ask Runbooks?" in read(await stage.ask(ASK_MORE)).text
        assert [tool for tool, _ in runbooks.asked] == [READ]


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_read_that_the_service_makes_goes_through_and_anything_else_waits(
    backend: str, runbooks: LearnDouble, tmp_path: Path
) -> None:
    brain = Scripted(
        [asks_mcp("Runbooks", READ, query="partition")],
        [says(TOLD)],
        [asks_mcp("Runbooks", OTHER, query="partition")],
        [says("I would search.")],
    )
    async with running_foundry(brain) as double:
        double.servers = OverTheWire({PUBLIC: runbooks.url})
        where = settings(tmp_path, PUBLIC)
        async with talking(backend, brain, tmp_path, double=double, **where) as stage:
            assert TOLD in read(await stage.ask(ASK)).text
            assert [tool for tool, _ in runbooks.asked] == [READ]
            assert "May I ask Runbooks?" in read(await stage.ask(ASK_MORE)).text
            assert [tool for tool, _ in runbooks.asked] == [READ]


@pytest.mark.parametrize("caller", ["model", "bot"])
async def test_a_public_server_is_called_by_whom_the_settings_say(
    caller: str, tmp_path: Path
) -> None:
    brain = EveryTurn([says(TOLD)])
    learn = {"MCP_SERVER_URL": "https://learn.example/mcp", "ADFOPS_MCP_CALLER": caller}
    where = settings(tmp_path, PUBLIC, caller="model")
    async with talking("azure_openai", brain, tmp_path, **learn, **where) as stage:
        await stage.ask("send them a note that page 7 is wrong")
        tools = stage.model.turns[-1]["tools"]
    named = [one["server_label"] for one in tools if one["type"] == "mcp"]
    assert named == (["MicrosoftLearn", "Runbooks"] if caller == "model" else ["Runbooks"])


async def test_a_server_that_is_away_costs_no_answer(tmp_path: Path) -> None:
    brain = EveryTurn([says(TOLD)])
    where = settings(tmp_path, "http://127.0.0.1:9/mcp")
    async with talking("foundry", brain, tmp_path, **where) as stage:
        assert TOLD in read(await stage.ask(ASK)).text
