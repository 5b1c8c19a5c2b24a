"""An argument of any shape of a call over MCP holds up the loop for 50 ms of CPU at most."""

import aiohttp
import orjson
import pytest

from bot.mcp_server import McpHandler
from bot.mcp_server.http import LARGEST_BODY
from tests.adf.hostile import bombs
from tests.bot.mcp_server.conftest import serving, token
from tests.doubles.identity import IdentityDouble
from tests.loop_holds import watching_callbacks

LIMIT = 50.0
CALLS = (
    *(
        ("adf_explain_error", "text"),
        ("adf_pipeline_runs", "pipeline"),
        ("adf_pipeline_activity_runs", "run_id"),
    ),
    *(("adf_health", "factory"), ("no_such_tool", "anything")),
)


@pytest.mark.prove
async def test_arguments_of_any_shape_are_answered_over_mcp(
    desk: McpHandler, identity: IdentityDouble
) -> None:
    headers = {"Accept": "application/json, text/event-stream"}
    headers |= {"Content-Type": "application/json"}
    headers |= {"Authorization": f"Bearer {token(identity, 'Maya')}"}
    async with serving(desk, identity) as url, aiohttp.ClientSession(headers=headers) as session:
        with watching_callbacks() as longest:
            for _, text in bombs(LARGEST_BODY // 8):
                plain = text.encode("utf-8", "replace").decode("utf-8")
                for tool, argument in CALLS:
                    call = {"name": tool, "arguments": {argument: plain}}
                    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
                    async with session.post(url, data=orjson.dumps(body)) as answer:
                        assert answer.status == 200
                        await answer.read()
    assert longest.milliseconds <= LIMIT, longest.name
