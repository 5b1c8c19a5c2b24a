"""MCP from our side: remote tools for whoever has no cloud that would call them.

The MCP SDK is imported at the first call (half a second, 60 MB), off the event loop.
"""

from bot.agent.mcp.docs import LEARN_TOOLS, Learn, learn_docs_search
from bot.agent.mcp.server import McpServer
from bot.agent.mcp.tools import LEARN_HOSTS, LEARN_READS, McpTool, McpTools, Result
from bot.agent.mcp.troubles import McpTrouble

__all__ = [
    "LEARN_HOSTS",
    "LEARN_READS",
    "LEARN_TOOLS",
    "Learn",
    "McpServer",
    "McpTool",
    "McpTools",
    "McpTrouble",
    "Result",
    "learn_docs_search",
]
