"""Examines the MCP servers that the bot calls: whether they answer, and have what was allowed."""

import asyncio
import time
from collections.abc import Sequence

from bot.agent.mcp import McpServer, McpTools, McpTrouble
from bot.doctor.findings import Finding, Who, ok, warn
from bot.doctor.installation import Installation, Ways

_ELSEWHERE = "the model's service calls it: not to be seen from here"


async def examine_servers(it: Installation, ways: Ways) -> Sequence[Finding]:
    """Each server by its list of tools."""
    return await asyncio.gather(*(_examine(one, ways) for one in it.servers))


async def _examine(server: McpServer, ways: Ways) -> Finding:
    what = f"MCP server {server.label}"
    if not server.by_bot:
        return ok(what, _ELSEWHERE)
    tools = McpTools(
        server.url,
        server.label,
        seconds=time.monotonic,
        allowed=server.reads,
        hosts=(),
        limit=2 * ways.limit,
    )
    try:
        offered = await tools.functions()
    except McpTrouble as trouble:
        return warn(what, trouble.said, trouble.advice.mend, Who.OPERATOR)
    finally:
        await tools.close()
    gone = sorted(set(server.reads) - {one.tool for one in offered})
    if gone:
        said = f"it has no {', '.join(gone)}"
        return warn(what, said, "name its tools as it does, or take them out of its reads")
    free = sum(one.is_free for one in offered)
    return ok(what, f"answers: {len(offered)} tools, {free} of them without asking")
