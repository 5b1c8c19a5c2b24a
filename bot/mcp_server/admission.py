"""How many requests are worked on at once, and how long a body may take: after authentication.

Somebody unknown is answered before anything waits here. Good requests above the limits wait for
their turn, and one person's do not hold up those of others.
"""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from cachetools import LRUCache
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.mcp_server.auth import PERSON

MOST_AT_ONCE = 64
MOST_OF_ONE = 16
BODY_SECONDS = 10.0
MOST_PEOPLE = 10_000


class BodyTooSlow(Exception):
    """The body did not come in time."""


class BodyTooLarge(Exception):
    """No question needs so much."""


class AdmissionMiddleware:
    """Reads the body within its time and size, then waits for a free place."""

    def __init__(self, app: ASGIApp, largest_body: int, body_seconds: float = BODY_SECONDS) -> None:
        """Borrow the application."""
        self._app = app
        self._largest = largest_body
        self._seconds = body_seconds
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._own: MutableMapping[str, asyncio.Semaphore] = LRUCache(MOST_PEOPLE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 408 or 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            body = await self._body(receive)
        except BodyTooSlow:
            await _refused("the body did not come in time", 408)(scope, receive, send)
            return
        except BodyTooLarge:
            await _refused("the body is too large", 413)(scope, receive, send)
            return
        own = self._own.setdefault(scope[PERSON].person_id, asyncio.Semaphore(MOST_OF_ONE))
        async with own, self._places:
            await self._app(scope, _again(body, receive), send)

    async def _body(self, receive: Receive) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                while True:
                    part = await receive()
                    body += part.get("body", b"")
                    if len(body) > self._largest:
                        raise BodyTooLarge
                    if not part.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise BodyTooSlow from None


def _again(body: bytes, receive: Receive) -> Receive:
    """A source that gives the body once more, and then what comes after it."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _refused(why: str, status: int) -> Any:  # noqa: ANN401 - a response is an ASGI application
    body = {"error": "invalid_request", "error_description": why}
    return JSONResponse(body, status_code=status, headers={"Connection": "close"})
