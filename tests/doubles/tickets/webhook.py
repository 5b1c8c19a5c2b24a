"""A receiver of our webhook: checks the signature and its time, one ticket for each key."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.doubles.tickets.base import DoubleTicket, TicketDouble

SECRET = "s1gned"
WINDOW = 300


class WebhookDouble(TicketDouble):
    """A receiver behind /hook."""

    first_state = "New"

    def __init__(self, clock: Callable[[], datetime], window: float = WINDOW) -> None:
        super().__init__()
        self._window = window
        self._clock = clock
        self.done: set[str] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/hook", self._post),
            web.get("/hook", self._get),
            web.get("/page/{number}", self._page),
        ]

    def refusal(self, request: web.Request, raw: bytes) -> web.Response | None:
        signed = raw if request.method == "POST" else request.query.get("key", "").encode()
        header = request.headers.get("X-ADFOps-Signature", "")
        parts = {
            name: value for name, _, value in (one.partition("=") for one in header.split(","))
        }
        seconds = parts.get("t", "0")
        expected = hmac.new(SECRET.encode(), seconds.encode() + b"." + signed, hashlib.sha256)
        is_fresh = abs(int(seconds) - self._clock().timestamp()) < self._window
        is_ours = hmac.compare_digest(expected.hexdigest(), parts.get("v1", ""))
        return None if is_fresh and is_ours else web.Response(status=401)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any] = await request.json()
        once = request.headers["Idempotency-Key"]
        ticket = next((one for one in self.tickets if one.key == body["key"]), None)
        if body["event"] == "open":
            return await self.open(request, lambda: self._opened(body, ticket))
        if ticket is None:
            return web.Response(status=404)
        if once not in self.done:
            self.done.add(once)
            if body["event"] == "comment":
                ticket.comments.append(str(body["text"]))
            else:
                ticket.state = "Closed"
        return web.json_response(self._ticket(ticket))

    def _opened(self, body: dict[str, Any], ticket: DoubleTicket | None) -> web.Response:
        return web.json_response(self._ticket(ticket or self.add(body["key"], body)), status=201)

    async def _get(self, request: web.Request) -> web.Response:
        found = self.found(request.query["key"])
        return web.json_response(self._ticket(found[0])) if found else web.Response(status=404)

    async def _page(self, request: web.Request) -> web.Response:
        ticket = self.tickets[int(request.match_info["number"]) - 1]
        return self.page(ticket, f"T-{ticket.number} {ticket.fields['title']}")

    def _ticket(self, ticket: DoubleTicket) -> dict[str, Any]:
        return {
            "number": f"T-{ticket.number}",
            "url": f"{self.url}/page/{ticket.number}",
            "status": ticket.state,
            "done": ticket.state == "Closed",
        }
