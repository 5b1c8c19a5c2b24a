"""Questions about how Data Factory works are answered from its documentation, without a model."""

from collections.abc import AsyncGenerator

import pytest

from tests.doubles.learn import LearnDouble, running_learn
from tests.flows.conftest import Run, client_of, read
from tests.harness import Product


@pytest.fixture
async def learn() -> AsyncGenerator[LearnDouble]:
    async with running_learn() as double:
        yield double


async def told(product: Product, text: str) -> str:
    sent = await product.ask(client_of(product).in_channel(text))
    return read(sent).text if sent.card else str(sent.activity["text"])


async def test_how_something_is_done_is_told_with_its_page(run: Run, learn: LearnDouble) -> None:
    async with run(MCP_SERVER_URL=learn.url) as product:
        found = await told(product, "How do I rerun a pipeline from a failed activity?")
        assert "from the failed activity in the monitoring view" in found
        assert "learn.microsoft.com" in found
        assert [one.name for one in product.calls] == ["learn_docs_search"]


async def test_the_error_that_was_talked_about_is_looked_up_by_its_code(
    run: Run, learn: LearnDouble
) -> None:
    async with run(MCP_SERVER_URL=learn.url) as product:
        await told(product, "why did CustomerDataETL fail")
        found = await told(product, "what do the docs say about this error")
        assert "NULL into a column that allows none" in found
        assert "2200" in str(learn.asked[-1][1]["query"])


async def test_more_about_an_error_has_what_the_documentation_says(
    run: Run, learn: LearnDouble
) -> None:
    async with run(MCP_SERVER_URL=learn.url) as product:
        await told(product, "why did CustomerDataETL fail")
        found = await told(product, "tell me more about that error")
        assert "CustomerKey" in found
        assert "The documentation says: A copy fails with 2200" in found


async def test_names_of_pipelines_are_not_sent_to_the_documentation(
    run: Run, learn: LearnDouble
) -> None:
    async with run(MCP_SERVER_URL=learn.url) as product:
        await told(product, "how do I rerun CustomerDataETL")
        await told(product, "why did CustomerDataETL fail")
        await told(product, "tell me more about that error")
        assert "CustomerDataETL" not in str(learn.asked)


async def test_without_a_server_the_page_of_a_known_error_is_told(run: Run) -> None:
    async with run() as product:
        found = await told(product, "What does error SqlOperationFailed mean?")
        assert "SqlOperationFailed" in found
        assert "learn.microsoft.com" in found
        assert product.calls == []


async def test_without_a_server_nothing_is_made_up(run: Run) -> None:
    async with run() as product:
        found = await told(product, "how do I rerun a pipeline from a failed activity")
        assert "No documentation server is configured" in found


async def test_a_server_that_does_not_answer_costs_no_known_error(run: Run) -> None:
    async with run(MCP_SERVER_URL="http://127.0.0.1:9/mcp") as product:
        found = await told(product, "What does error code 2200 mean?")
        assert "cannot be asked right now" in found
        assert "2200" in found
        other = await told(product, "how do I rerun a pipeline from a failed activity")
        assert "cannot be reached" in other
        await told(product, "why did CustomerDataETL fail")
        assert "CustomerKey" in await told(product, "tell me more about that error")
