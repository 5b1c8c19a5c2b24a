"""Our tools over MCP, for other assistants: the same tools, people and limits as in a chat.

run              starts the server: over the standard streams, or over HTTP
container        opens what it needs, and closes it at the end
handler          a tool call: rate limit, grant, tool, what of the record may be shown
results          what a call is answered with, as JSON text
server           the handler as a server of the MCP SDK, also over the standard streams
http             the server over streamable HTTP
auth             authentication over HTTP: token, role
admission        how many requests are worked on at once, and how long a body may take
token_verifier   the claims of an access token of Microsoft Entra

The MCP SDK is imported when serving begins (half a second, 60 MB): by server, http and auth.
"""

from bot.mcp_server.container import McpSetup, open_handler
from bot.mcp_server.handler import McpHandler
from bot.mcp_server.run import HttpOptions, person_who_started, serve_stdio, serving_http
from bot.mcp_server.token_verifier import CannotServe, EntraTokenVerifier

__all__ = [
    "CannotServe",
    "EntraTokenVerifier",
    "HttpOptions",
    "McpHandler",
    "McpSetup",
    "open_handler",
    "person_who_started",
    "serve_stdio",
    "serving_http",
]
