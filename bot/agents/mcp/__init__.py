"""MCP from our side: remote tools for whoever has no cloud that would call them.

The MCP SDK is imported at the first call (half a second, 60 MB), off the event loop.
"""

from bot.agents.mcp.errors import McpError
from bot.agents.mcp.learn import LEARN_TOOLS, Learn, learn_docs_search
from bot.agents.mcp.tools import LEARN_HOSTS, LEARN_READS, McpServer, McpTool, McpTools, Result

__all__ = [
    "LEARN_HOSTS",
    "LEARN_READS",
    "LEARN_TOOLS",
    "Learn",
    "McpError",
    "McpServer",
    "McpTool",
    "McpTools",
    "Result",
    "learn_docs_search",
]
