"""Remote tools over MCP, which the bot calls itself.

tools     a server's tools as functions, and which of them need an approval
client    the connection to one server; imports the MCP SDK
schemas   a remote schema, reduced to what is safe
learn     answers from Microsoft's documentation, by a search
errors    what can go wrong, and who can fix it

The MCP SDK is imported at the first call (half a second, 60 MB), off the event loop.
"""

from bot.agents.mcp.errors import McpError
from bot.agents.mcp.learn import LEARN_TOOLS, Learn, learn_docs_search
from bot.agents.mcp.tools import (
    LEARN_DECLARED,
    LEARN_HOSTS,
    LEARN_READS,
    McpServer,
    McpTool,
    McpTools,
    Result,
)

__all__ = [
    "LEARN_DECLARED",
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
