"""ServiceNow's Table API as documented: GET, POST, PATCH on /api/now/table/{table}.

With sysparm_display_value=all each field comes as {"display_value", "value"}. A part of
sysparm_query that names no field is ignored, so that everything is listed.
"""

import base64
from typing import Any

from aiohttp import web

from tests.doubles.tickets.base import DoubleTicket, TicketDouble

USER, PASSWORD = "adfops", "pa55"
LABELS = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed"}


class ServiceNowDouble(TicketDouble):
    """An instance with one table."""

    first_state = "1"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/now/table/{table}", self._post),
            web.get("/api/now/table/{table}", self._list),
            web.get("/api/now/table/{table}/{id}", self._get),
            web.patch("/api/now/table/{table}/{id}", self._patch),
            web.get("/nav_to.do", self._page),
        ]

    def refusal(self, request: web.Request, raw: bytes) -> web.Response | None:
        del raw
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.path == "/nav_to.do" or request.headers.get("Authorization") == (
            f"Basic {expected}"
        ):
            return None
        return _error(401, "User Not Authenticated", "Required to provide Auth information")

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any] = await request.json()

        def make() -> web.Response:
            ticket = self.add(str(body.get("correlation_id", "")), body)
            return web.json_response({"result": self._row(request, ticket)}, status=201)

        return await self.open(request, make)

    async def _list(self, request: web.Request) -> web.Response:
        name, _, value = request.query.get("sysparm_query", "").partition("=")
        known = {"correlation_id": self.found}
        rows = known[name](value) if name in known else self.tickets
        limit = int(request.query.get("sysparm_limit", "10000"))
        return web.json_response({"result": [self._row(request, one) for one in rows[:limit]]})

    async def _get(self, request: web.Request) -> web.Response:
        ticket = self._of(request)
        if ticket is None:
            return _error(404, "No Record found", "Record doesn't exist or ACL restricts it")
        return web.json_response({"result": self._row(request, ticket)})

    async def _patch(self, request: web.Request) -> web.StreamResponse:
        ticket, body = self._of(request), await request.json()
        if ticket is None:
            return _error(404, "No Record found", "Record doesn't exist or ACL restricts it")
        if "work_notes" in body:
            ticket.comments.insert(0, str(body["work_notes"]))
        if body.get("state") == "6" and not (body.get("close_code") and body.get("close_notes")):
            return _error(403, "Operation Failed", "Data Policy Exception: Resolution code")
        ticket.state = str(body.get("state", ticket.state))
        return web.json_response({"result": self._row(request, ticket)})

    async def _page(self, request: web.Request) -> web.Response:
        wanted = request.query["uri"].rpartition("sys_id=")[2]
        ticket = next(one for one in self.tickets if _sys_id(one) == wanted)
        return self.page(ticket, f"{_number(ticket)} {ticket.fields['short_description']}")

    def _of(self, request: web.Request) -> DoubleTicket | None:
        wanted = request.match_info["id"]
        return next((one for one in self.tickets if _sys_id(one) == wanted), None)

    def _row(self, request: web.Request, ticket: DoubleTicket) -> dict[str, Any]:
        state = LABELS.get(ticket.state, ticket.state)
        notes = "\n\n".join(f"2026-03-12 - ADF Ops (Work notes)\n{one}" for one in ticket.comments)
        both = {
            "sys_id": (_sys_id(ticket), _sys_id(ticket)),
            "number": (_number(ticket), _number(ticket)),
            "correlation_id": (ticket.key, ticket.key),
            "state": (state, ticket.state),
            "work_notes": (notes, ""),
        }
        wanted = request.query.get("sysparm_fields", ",".join(both)).split(",")
        form = request.query.get("sysparm_display_value", "false")
        chosen = {name: both[name] for name in wanted if name in both}
        if form == "all":
            return {
                name: {"display_value": shown, "value": value}
                for name, (shown, value) in chosen.items()
            }
        return {name: shown if form == "true" else value for name, (shown, value) in chosen.items()}


def _sys_id(ticket: DoubleTicket) -> str:
    return f"{ticket.number:032x}"


def _number(ticket: DoubleTicket) -> str:
    return f"INC{10_000 + ticket.number:07d}"


def _error(status: int, message: str, detail: str) -> web.Response:
    body = {"error": {"message": message, "detail": detail}, "status": "failure"}
    return web.json_response(body, status=status)
