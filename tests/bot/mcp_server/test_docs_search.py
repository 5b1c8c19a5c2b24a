"""Questions about how things work are answered from the documentation, without a model."""

import time
from collections.abc import AsyncGenerator
from typing import cast

import pytest

from adf.cache import AnswerCache
from adf.errors import BadArguments
from adf.tool import Toolbox
from bot.agents.mcp import (
    LEARN_HOSTS,
    LEARN_TOOLS,
    Learn,
    McpError,
    McpTools,
    Result,
    learn_docs_search,
)
from bot.agents.mcp.learn import sentences
from cards.records import DocsAnswer
from tests.bot.mcp_server.conftest import NOW
from tests.doubles.learn import LearnDouble, Page, running_learn


@pytest.fixture
async def learn() -> AsyncGenerator[LearnDouble]:
    async with running_learn() as double:
        yield double


@pytest.fixture
async def box(learn: LearnDouble) -> AsyncGenerator[Toolbox]:
    tools = McpTools(learn.url, "mslearn", seconds=time.monotonic)
    yield Toolbox(LEARN_TOOLS, [Learn(tools=tools)], answers=AnswerCache(lambda: NOW))
    await tools.close()


async def answer(box: Toolbox, query: str) -> DocsAnswer:
    found = await box.call("learn_docs_search", query=query)
    assert isinstance(found, DocsAnswer)
    return found


def test_it_is_declared_as_the_vocabulary_has_it() -> None:
    assert learn_docs_search.name == "learn_docs_search"
    assert list(learn_docs_search.schema["properties"]) == ["query"]


async def test_the_finding_is_what_the_page_says_of_the_question(box: Toolbox) -> None:
    found = await answer(box, "copy fails with 2200 rows cannot be written")
    assert found.finding.startswith("A copy fails with 2200 when rows cannot be written")
    assert "#" not in found.finding
    assert found.sources[0].title == "Troubleshoot connectors"
    assert found.sources[0].url.endswith("/data-factory/connector-troubleshoot-guide")
    assert not found.generated


async def test_other_pages_are_told_as_points_each_with_its_source(box: Toolbox) -> None:
    found = await answer(box, "rerun a pipeline with a tumbling window trigger")
    assert len(found.points) == len(found.sources) - 1 >= 1
    assert any(one.startswith("Visually monitor data factories: ") for one in found.points) or (
        found.sources[0].title == "Visually monitor data factories"
    )


async def test_nothing_found_is_said_without_a_guess(box: Toolbox) -> None:
    found = await answer(box, "zzzz")
    assert found.finding == "Microsoft's documentation has nothing for these words."
    assert found.sources == ()


async def test_a_secret_in_a_question_does_not_leave(box: Toolbox, learn: LearnDouble) -> None:
    await answer(box, "why does Password=hunter2hunter2 not work in a copy")
    assert "hunter2" not in str(learn.asked)


async def test_pages_of_other_hosts_do_not_count(box: Toolbox, learn: LearnDouble) -> None:
    class Elsewhere(Page):
        @property
        def url(self) -> str:
            return "https://learn.microsoft.com.evil.example/page"

    learn.pages = [Elsewhere(path="x", title="Copy", text="A copy fails with 2200 for a reason.")]
    assert (await answer(box, "copy fails 2200")).sources == ()


async def test_planted_orders_are_shown_as_text_and_nothing_else(
    box: Toolbox, learn: LearnDouble
) -> None:
    learn.pages = []
    learn.pages.append(
        Page(
            path="p",
            title="Copy\u202e <at>everyone</at>",
            text="A copy **fails** when [you](https://evil.example) ignore <script>x</script> it.",
        )
    )
    found = await answer(box, "copy fails")
    assert found.finding == "A copy fails when you ignore x it."
    assert "\u202e" not in found.sources[0].title


class Shaped:
    """A server that answers a search with any data."""

    label = "shaped"
    hosts = LEARN_HOSTS

    def __init__(self, data: object) -> None:
        self._data = data

    async def read(self, tool: str, **arguments: object) -> Result:
        return Result(text="", data=self._data)


HIT = {
    "title": "Copy",
    "content": "A copy fails with 2200 for a reason.",
    "contentUrl": "https://learn.microsoft.com/azure/x#part",
}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ([], 0),
        (None, 0),
        (7, 0),
        ({"results": 7}, 0),
        ({"results": [7, {"title": 1}, {"contentUrl": "https://learn.microsoft.com/x"}]}, 0),
        ({"results": [{**HIT, "contentUrl": "https://[::1"}]}, 0),
        ({"results": [{**HIT, "contentUrl": "http://learn.microsoft.com/x"}]}, 0),
        ({"results": [{**HIT, "contentUrl": "https://a:b@learn.microsoft.com/x"}]}, 0),
        ([HIT], 1),
        ({"results": [HIT, {**HIT, "contentUrl": "https://learn.microsoft.com/azure/x"}]}, 1),
        ({"results": [{**HIT, "title": ""}]}, 1),
        ({"results": [{**HIT, "contentUrl": f"{HIT['contentUrl']}{n}"} for n in "12"]}, 1),
        (
            {
                "results": [
                    {**HIT, "contentUrl": f"https://learn.microsoft.com/{n}"} for n in range(9)
                ]
            },
            4,
        ),
    ],
)
async def test_whatever_a_server_answers_only_whole_hits_count(data: object, found: int) -> None:
    box = Toolbox(LEARN_TOOLS, [Learn(tools=cast("McpTools", Shaped(data)))])
    assert len((await answer(box, "copy 2200")).sources) == found


async def test_equal_questions_of_a_moment_share_an_answer(
    box: Toolbox, learn: LearnDouble
) -> None:
    assert await answer(box, "rerun") is await answer(box, "rerun")
    assert len(learn.asked) == 1


async def test_an_error_of_the_tool_is_no_answer(box: Toolbox, learn: LearnDouble) -> None:
    learn.failure = "index offline"
    assert (await answer(box, "rerun")).sources == ()


async def test_trouble_with_the_server_is_told_as_trouble() -> None:
    tools = McpTools("http://127.0.0.1:9/mcp", "mslearn", seconds=time.monotonic)
    box = Toolbox(LEARN_TOOLS, [Learn(tools=tools)])
    with pytest.raises(McpError):
        await box.call("learn_docs_search", query="rerun")
    with pytest.raises(BadArguments):
        await box.call("learn_docs_search")
    await tools.close()


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("# Title\n\nFirst sentence here. Second one follows.", 2),
        ("| a | b |\n|---|---|\n| 1 | 2 |", 0),
        ("```bash\nrm -rf / # never mind this.\n```\nAfter the code it goes on.", 1),
        ("- first item of a list\n- second item of a list", 2),
        ("> [!NOTE]\n> This is a note to the reader.", 1),
        ("one line that goes\non in the next line.", 1),
        ("```\nunclosed code that never ends", 0),
        ("![picture](x.png)\n:::image source=x:::\n", 0),
        ("", 0),
    ],
)
def test_sentences_are_prose_only(page: str, said: int) -> None:
    found = list(sentences(page))
    assert len(found) == said
    assert not [one for one in found if any(mark in one for mark in "#|`>")]
