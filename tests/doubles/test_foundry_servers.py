"""MCP servers that the service calls itself: listed, called, approved, failed."""

from typing import Any

import pytest
from azure.ai.projects.models import (
    MCPToolFilter,
    MCPToolRequireApproval,
)
from openai import (
    BadRequestError,
)

from tests.doubles.foundry import (
    Called,
    Heard,
    Item,
    Outputs,
    Scripted,
    asks_mcp,
    running_foundry,
    says,
)
from tests.doubles.foundry.clients import hear, openai_of, say
from tests.doubles.foundry.samples import learn, make_agent


class Pages:
    """Servers in this process: one tool that reads, one that writes."""

    async def list_tools(self, server: Item) -> list[Item]:
        schema: Item = {"type": "object", "properties": {}}
        read = {"readOnlyHint": True}
        return [
            {"name": "microsoft_docs_search", "input_schema": schema, "annotations": read},
            {"name": "feedback", "input_schema": schema, "annotations": {"readOnlyHint": False}},
        ]

    async def call(self, server: Item, name: str, arguments: str) -> Called:
        if "break" in arguments:
            return Called(error={"type": "mcp_tool_execution_error", "content": []})
        return Called(output=f"{name} {arguments}")


READS = MCPToolRequireApproval(never=MCPToolFilter(tool_names=["microsoft_docs_search"]))


async def test_tools_of_servers_are_listed_once_and_called_where_no_approval_is_needed() -> None:
    steps = Scripted(
        [asks_mcp("mslearn", "microsoft_docs_search", query="2200")],
        [says("Read it.")],
        [says("Hi")],
    )
    async with running_foundry(steps) as double, openai_of(double) as client:
        double.servers = Pages()
        agent = await make_agent(double, learn(READS))
        talk = (await client.conversations.create()).id
        given: Any = {"conversation": talk, "extra_body": agent}
        events = await hear(client, input="what is 2200?", **given)
        names = [one.type for one in events]
        assert names.count("response.mcp_list_tools.completed") == 1
        assert names.count("response.mcp_call.completed") == 1
        done = events[-1].response
        assert [one.type for one in done.output] == ["mcp_list_tools", "mcp_call", "message"]
        assert done.output[1].output == 'microsoft_docs_search {"query": "2200"}'
        again = await say(client, input="hello", **given)
        assert [one.type for one in again.output] == ["message"]


@pytest.mark.parametrize("approve", [True, False])
async def test_a_call_that_needs_approval_waits_for_it(approve: bool) -> None:
    def think(heard: Heard) -> Outputs:
        if heard.step:
            return [says(f"calls made: {sum(one['type'] == 'mcp_call' for one in heard.made)}")]
        return [asks_mcp("mslearn", "feedback", text="good")]

    async with running_foundry(think) as double, openai_of(double) as client:
        double.servers = Pages()
        agent = await make_agent(double, learn(READS))
        talk = (await client.conversations.create()).id
        given: Any = {"conversation": talk, "extra_body": agent}
        asked = (await say(client, input="praise it", **given)).output[-1]
        assert asked.type == "mcp_approval_request"
        reply: Any = {
            "type": "mcp_approval_response",
            "approval_request_id": asked.id,
            "approve": approve,
        }
        told = await say(client, input=[reply], **given)
        assert told.output_text == f"calls made: {int(approve)}"
        if approve:
            made = told.output[0]
            assert made.type == "mcp_call"
            assert made.approval_request_id == asked.id
        reply["approval_request_id"] = "mcpr_x"
        with pytest.raises(BadRequestError, match="No approval request found"):
            await say(client, input=[reply], **given)


async def test_a_failed_call_of_a_server_is_told_as_the_service_tells_it() -> None:
    steps = Scripted(
        [asks_mcp("mslearn", "microsoft_docs_search", query="break")], [says("Sorry.")]
    )
    async with running_foundry(steps) as double, openai_of(double) as client:
        double.servers = Pages()
        agent = await make_agent(double, learn("never", allowed_tools=["feedback"]))
        events = await hear(client, input="x", extra_body=agent)
        assert "response.mcp_call.failed" in [one.type for one in events]
        listed, called, _ = events[-1].response.output
        assert [one.name for one in listed.tools] == ["feedback"]
        assert (called.status, called.error.type) == ("failed", "mcp_tool_execution_error")
