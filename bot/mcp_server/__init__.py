"""Our questions over MCP, for other assistants: the same tools, people and limits as in a chat.

The MCP SDK is imported when serving begins (half a second, 60 MB).
"""

from bot.mcp_server.container import McpSetup, open_desk
from bot.mcp_server.handler import McpHandler
from bot.mcp_server.run import HttpOptions, person_who_started, serve_stdio, serving_http
from bot.mcp_server.token_verifier import Bearer, CannotServe

__all__ = [
    "Bearer",
    "CannotServe",
    "HttpOptions",
    "McpHandler",
    "McpSetup",
    "open_desk",
    "person_who_started",
    "serve_stdio",
    "serving_http",
]
