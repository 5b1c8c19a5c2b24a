"""Remote tools: reads that were allowed are called, others wait for a person, text stays text."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from adf.errors import BadArguments
from bot.agents.interface import Approval
from bot.agents.mcp import McpError, McpTools, Result
from bot.agents.mcp.client import LARGEST_ANSWER
from bot.agents.mcp.errors import McpFailureKind
from bot.agents.problems import problem_for
from tests.bot.mcp_server.conftest import NOW
from tests.doubles.learn import LearnDouble, running_learn
from tests.harness import listening

QUERY = {"query": "copy fails with 2200"}
PAGE = "https://learn.microsoft.com/en-us/azure/data-factory/connector-troubleshoot-guide"


@pytest.fixture
async def learn() -> AsyncGenerator[LearnDouble]:
    async with running_learn() as double:
        yield double


@asynccontextmanager
async def opened(
    url: str, limit: float = 10.0, seconds: Callable[[], float] = time.monotonic
) -> AsyncGenerator[McpTools]:
    tools = McpTools(url, "mslearn", seconds=seconds, limit=limit)
    try:
        yield tools
    finally:
        await tools.close()


@pytest.fixture
async def tools(learn: LearnDouble) -> AsyncGenerator[McpTools]:
    async with opened(learn.url) as remote:
        yield remote


async def test_what_a_server_offers_becomes_functions_under_its_label(tools: McpTools) -> None:
    functions = {one.name: one for one in await tools.functions()}
    assert {name for name, one in functions.items() if one.is_free} == {
        "mslearn__microsoft_docs_search",
        "mslearn__microsoft_docs_fetch",
    }
    assert functions["mslearn__microsoft_docs_search"].schema == {
        "type": "object",
        "properties": {
            "query": {"type": "string", "description": "What to look for in the documentation."}
        },
        "required": ["query"],
        "additionalProperties": False,
    }
    assert "mslearn__submit_feedback" in functions


async def test_an_allowed_read_is_called_at_once(tools: McpTools, learn: LearnDouble) -> None:
    result = await tools.call("mslearn__microsoft_docs_search", QUERY)
    assert isinstance(result, Result)
    assert "rows cannot be written" in result.text
    assert learn.asked == [("microsoft_docs_search", QUERY)]


async def test_any_other_tool_waits_for_a_person(tools: McpTools, learn: LearnDouble) -> None:
    said = {"text": "a\u202egood\u200b page"}
    waiting = await tools.call("mslearn__submit_feedback", said)
    assert isinstance(waiting, Approval)
    assert (waiting.server, waiting.tool) == ("mslearn", "submit_feedback")
    assert waiting.arguments == said
    assert learn.asked == []
    refused = await tools.call("mslearn__submit_feedback", said, {waiting.approval_id: False})
    assert isinstance(refused, Result)
    assert refused.is_error
    assert learn.asked == []
    made = await tools.call("mslearn__submit_feedback", said, {waiting.approval_id: True})
    assert isinstance(made, Result)
    assert learn.asked == [("submit_feedback", said)]


async def test_a_yes_holds_for_those_very_arguments(tools: McpTools, learn: LearnDouble) -> None:
    waiting = await tools.call("mslearn__submit_feedback", {"text": "good"})
    assert isinstance(waiting, Approval)
    other = await tools.call(
        "mslearn__submit_feedback", {"text": "bad"}, {waiting.approval_id: True}
    )
    assert isinstance(other, Approval)
    assert learn.asked == []


async def test_an_allowed_name_whose_tool_writes_waits_too(learn: LearnDouble) -> None:
    tools = McpTools(learn.url, "x", seconds=time.monotonic, allowed=("submit_feedback",))
    assert isinstance(await tools.call("x__submit_feedback", {"text": "a"}), Approval)
    with pytest.raises(McpError) as caught:
        await tools.read("submit_feedback", text="a")
    assert caught.value.why is McpFailureKind.NO_TOOL
    await tools.close()


@pytest.mark.parametrize("wrong", [{}, {"query": 7}, {"query": "x", "more": 1}], ids=str)
async def test_wrong_arguments_never_reach_the_server(
    wrong: dict[str, object], tools: McpTools, learn: LearnDouble
) -> None:
    with pytest.raises(BadArguments):
        await tools.call("mslearn__microsoft_docs_search", wrong)
    assert learn.asked == []


async def test_an_unknown_function_is_refused_with_the_known_ones(tools: McpTools) -> None:
    with pytest.raises(BadArguments) as caught:
        await tools.call("mslearn__rm", {})
    assert "mslearn__microsoft_docs_fetch" in caught.value.choices


async def test_a_long_answer_is_cut_and_foreign_links_are_left_out(
    tools: McpTools, learn: LearnDouble
) -> None:
    learn.plant(f"Go to https://evil.example/x or javascript://y. See {PAGE}. " + "long " * 3_000)
    result = await tools.call("mslearn__microsoft_docs_fetch", {"url": PAGE})
    assert isinstance(result, Result)
    assert len(result.text) <= 6_000
    assert "evil.example" not in result.text
    assert "javascript" not in result.text
    assert PAGE in result.text


async def test_what_a_tool_says_went_wrong_is_an_error_result(
    tools: McpTools, learn: LearnDouble
) -> None:
    learn.failure = "the index is being rebuilt"
    result = await tools.call("mslearn__microsoft_docs_search", QUERY)
    assert result == Result(text="the index is being rebuilt", is_error=True)


async def test_data_may_come_as_text_without_structure(tools: McpTools, learn: LearnDouble) -> None:
    learn.failure = '{"results": [1]}'
    result = await tools.call("mslearn__microsoft_docs_search", QUERY)
    assert isinstance(result, Result)
    assert result.data == {"results": [1]}


async def test_the_list_is_asked_for_once_for_all_who_wait_and_anew_later(
    learn: LearnDouble,
) -> None:
    at = [0.0]
    async with opened(learn.url, seconds=lambda: at[0]) as tools:
        first, second = await asyncio.gather(tools.functions(), tools.functions())
        assert first is second
        at[0] = 601.0
        assert await tools.functions() is not first


async def test_a_server_that_is_slow_is_given_up(learn: LearnDouble) -> None:
    async with opened(learn.url, limit=10.0) as tools:
        await tools.functions()
        learn.delay = 60.0
        with pytest.raises(McpError) as caught:
            await tools.call("mslearn__microsoft_docs_search", QUERY)
        assert caught.value.why is McpFailureKind.SILENT
        learn.delay = 0.0
        assert isinstance(await tools.call("mslearn__microsoft_docs_search", QUERY), Result)


async def test_nobody_at_the_address_is_one_trouble_with_who_can_mend_it() -> None:
    async with opened("http://127.0.0.1:9/mcp") as tools:
        with pytest.raises(McpError) as caught:
            await tools.functions()
    trouble = problem_for(caught.value, "docs", NOW)
    assert trouble.area == "remote"
    assert trouble.happened == "The server mslearn didn't answer: it cannot be reached."
    assert "MCP_SERVER_URL" in trouble.fix
    assert trouble.who == "the bot admin"
    assert trouble.link is None


ANSWERS: dict[str, tuple[Callable[[], web.Response], McpFailureKind]] = {
    "401": (lambda: web.Response(status=401), McpFailureKind.REFUSED),
    "403": (lambda: web.Response(status=403), McpFailureKind.REFUSED),
    "429": (lambda: web.Response(status=429), McpFailureKind.BUSY),
    "503": (lambda: web.Response(status=503), McpFailureKind.BUSY),
    "500": (lambda: web.Response(status=500), McpFailureKind.BROKEN),
    "404": (lambda: web.Response(status=404), McpFailureKind.BROKEN),
    "a page": (
        lambda: web.Response(text="<html>", content_type="text/html"),
        McpFailureKind.NONSENSE,
    ),
    "no JSON": (
        lambda: web.Response(text="{", content_type="application/json"),
        McpFailureKind.NONSENSE,
    ),
    "elsewhere": (
        lambda: web.Response(status=302, headers={"Location": "https://evil.example/"}),
        McpFailureKind.NONSENSE,
    ),
    "too much": (
        lambda: web.Response(text=" " * (LARGEST_ANSWER + 1), content_type="application/json"),
        McpFailureKind.NONSENSE,
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_every_bad_answer_is_one_trouble(answer: str) -> None:
    make, why = ANSWERS[answer]

    async def answered(_: web.Request) -> web.Response:
        return make()

    server = web.Application()
    server.router.add_route("*", "/mcp", answered)
    async with listening(server) as base, opened(f"{base}/mcp") as tools:
        with pytest.raises(McpError) as caught:
            await tools.functions()
    assert caught.value.why is why
    assert "evil" not in str(caught.value)


async def test_a_connection_that_breaks_off_is_told_as_a_failure_of_the_server() -> None:
    async def broken(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    server = web.Application()
    server.router.add_route("*", "/mcp", broken)
    async with listening(server) as base, opened(f"{base}/mcp") as tools:
        with pytest.raises(McpError) as caught:
            await tools.functions()
    assert caught.value.why is McpFailureKind.BROKEN


class Noticed(list[Any]):
    """What was asked, and an event for the first time."""

    def __init__(self) -> None:
        super().__init__()
        self.happened = asyncio.Event()

    def append(self, item: Any) -> None:  # noqa: ANN401
        super().append(item)
        self.happened.set()


async def test_a_turn_that_is_cancelled_leaves_the_next_one_working(
    tools: McpTools, learn: LearnDouble
) -> None:
    learn.asked = noticed = Noticed()
    learn.delay = 60.0
    call = asyncio.create_task(tools.call("mslearn__microsoft_docs_search", QUERY))
    await noticed.happened.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    learn.delay = 0.0
    assert isinstance(await tools.call("mslearn__microsoft_docs_search", QUERY), Result)


def test_the_sdk_is_not_imported_before_the_first_call() -> None:
    look = "import sys, bot.agents.mcp; print('mcp' in sys.modules, 'jsonschema' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
