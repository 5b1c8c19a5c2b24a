"""Lets in over HTTP whoever proves to be somebody with a role: 401 unproven, 403 without a role."""

import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from bot.mcp_server.handler import McpHandler
from bot.mcp_server.token_verifier import Bearer, CannotProve, Unproven
from bot.messages import Person

log = logging.getLogger("adfops.mcp.gate")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PERSON = "adfops.person"
ANYBODY = Person(person_id="local", name="", tenant="")
_NO_ROLE = "no role in a data factory is given to you: ask whoever runs the bot"


class BearerGate:
    """Stands before the application of the MCP SDK and tells it who calls."""

    def __init__(
        self, inside: Application, desk: McpHandler, bearer: Bearer | None, metadata: str = ""
    ) -> None:
        """Let everybody in without a `bearer`; `metadata` is where clients learn to sign in."""
        self._inside = inside
        self._desk = desk
        self._bearer = bearer
        self._metadata = metadata

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request here, or pass it on with the person in its scope."""
        try:
            person = await self._person(scope)
        except Unproven as error:
            log.info("mcp request without proof: %s", error)
            await _refuse(send, 401, "invalid_token", str(error), self._metadata)
        except CannotProve as error:
            await _refuse(send, 503, "temporarily_unavailable", str(error))
        else:
            if await self._desk.admits(person):
                await self._inside({**scope, PERSON: person}, receive, send)
            else:
                await _refuse(send, 403, "access_denied", _NO_ROLE)

    async def _person(self, scope: Scope) -> Person:
        if self._bearer is None:
            return ANYBODY
        sent = [value for key, value in scope["headers"] if key == b"authorization"]
        return await self._bearer.person(sent[0].decode("latin-1") if len(sent) == 1 else "")


async def _refuse(send: Send, status: int, error: str, said: str, metadata: str = "") -> None:
    body = json.dumps({"error": error, "error_description": said}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    if status == 401:
        more = f', resource_metadata="{metadata}"' if metadata else ""
        words = f'Bearer error="{error}", error_description="{said}"{more}'
        headers.append((b"www-authenticate", words.encode("latin-1", "replace")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
