"""What every double of a ticket system shares: its tickets, its faults, a page for each ticket.

A fault is taken by the next call that would open a ticket: a status to answer with, nothing done;
"lost", done without an answer; "unsent", neither done nor answered; "hang", done, and the answer
never comes.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any, Self

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True, kw_only=True)
class DoubleTicket:
    """A ticket as it lies in the system; `hidden` for how many more searches do not find it."""

    number: int
    key: str
    fields: dict[str, Any]
    state: str
    comments: list[str] = field(default_factory=list[str])
    hidden: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardCall:
    """A call that came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class TicketDouble:
    """The tickets of a system; a subclass has its routes, its words and who may sign in."""

    first_state = "New"

    def __init__(self) -> None:
        self.tickets: list[DoubleTicket] = []
        self.calls: list[HeardCall] = []
        self.faults: deque[str | int] = deque()
        self.every_fault: deque[str | int] = deque()
        self.index_lag = 0
        self.has_opened = asyncio.Event()
        self.url = ""

    def routes(self) -> list[web.RouteDef]:
        """The wire of the system."""
        raise NotImplementedError

    def refusal(self, request: web.Request, raw: bytes) -> web.Response | None:
        """The answer to who is not signed in."""
        raise NotImplementedError

    def add(self, key: str, fields: dict[str, Any]) -> DoubleTicket:
        """A new ticket."""
        ticket = DoubleTicket(
            number=len(self.tickets) + 1,
            key=key,
            fields=fields,
            state=self.first_state,
            hidden=self.index_lag,
        )
        self.tickets.append(ticket)
        self.has_opened.set()
        return ticket

    def found(self, key: str) -> list[DoubleTicket]:
        """What a search finds: a new ticket only once it was indexed."""
        fitting = [one for one in self.tickets if one.key == key]
        seen = [one for one in fitting if not one.hidden]
        for one in fitting:
            one.hidden = max(0, one.hidden - 1)
        return seen

    async def open(
        self, request: web.Request, make: Callable[[], web.Response]
    ) -> web.StreamResponse:
        """Open a ticket, or fail as the next fault says."""
        fault = self.faults.popleft() if self.faults else ""
        if isinstance(fault, int):
            return web.json_response({"error": "no"}, status=fault)
        if fault == "unsent":
            return await _dropped(request)
        response = make()
        if fault == "lost":
            return await _dropped(request)
        if fault == "hang":
            await asyncio.sleep(3600)
        return response

    @web.middleware
    async def watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Write down each call, and refuse who is not signed in."""
        raw = await request.read()
        if request.path.startswith("/page/") or "/browse/" in request.path:
            return await handler(request)
        self.calls.append(
            HeardCall(
                method=request.method,
                path=request.path,
                query=dict(request.query),
                headers=dict(request.headers),
                body=_json(raw),
            )
        )
        if self.every_fault:
            fault = self.every_fault.popleft()
            if isinstance(fault, int):
                return web.json_response({"error": "no"}, status=fault)
            if fault:
                return await _dropped(request)
        return self.refusal(request, raw) or await handler(request)

    def page(self, ticket: DoubleTicket, title: str) -> web.Response:
        """What a person sees who follows the link to a ticket."""
        comments = "".join(f"<li>{escape(one)}</li>" for one in ticket.comments)
        body = f"<h1>{escape(title)}</h1><p id=state>{escape(ticket.state)}</p><ul>{comments}</ul>"
        return web.Response(text=f"<!doctype html>{body}", content_type="text/html")

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[Self]:
        """Serve it on a free loopback port."""
        application = web.Application(middlewares=[self.watch])
        application.add_routes(self.routes())
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield self
        finally:
            await runner.cleanup()


async def _dropped(request: web.Request) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _json(raw: bytes) -> Any:  # noqa: ANN401 - whatever came
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw.decode(errors="replace")
