"""Our questions over MCP, for other assistants: the same tools, people and limits as in a chat.

The MCP SDK is imported when serving begins (half a second, 60 MB).
"""

from bot.mcp_server.bearer import Bearer
from bot.mcp_server.desk import Desk
from bot.mcp_server.errors import CannotServe
from bot.mcp_server.serving import Door, serve_stdio, serving_http
from bot.mcp_server.setup import McpSetup, open_desk
from bot.mcp_server.starter import person_who_started

__all__ = [
    "Bearer",
    "CannotServe",
    "Desk",
    "Door",
    "McpSetup",
    "open_desk",
    "person_who_started",
    "serve_stdio",
    "serving_http",
]
