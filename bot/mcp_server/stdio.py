"""MCP over the standard streams: one client, which started this process."""

import contextlib
import sys

from mcp.server.stdio import stdio_server

from bot.mcp_server.handler import McpHandler
from bot.mcp_server.server import make_server
from bot.messages import Person


async def serve(desk: McpHandler, person: Person, version: str) -> None:
    """Answer until the client closes the streams."""
    server = make_server(desk, lambda _: person, version)
    # Whatever is printed while serving would be read by the client as an answer.
    async with stdio_server() as (incoming, outgoing):
        with contextlib.redirect_stdout(sys.stderr):
            await server.run(incoming, outgoing, server.create_initialization_options())
