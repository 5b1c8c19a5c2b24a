"""Azure DevOps work item tracking as documented (7.1): JSON patch, WIQL, comments, states.

Who is not signed in is shown the page to sign in, with 203 or a redirect, and never a 401.
"""

import base64
import re
from typing import Any

from aiohttp import web

from tests.doubles.tickets.base import DoubleTicket, TicketDouble

TOKEN, PROJECT = "pat", "Data Platform"
STATES = {"New": "Proposed", "Active": "InProgress", "Resolved": "Resolved", "Closed": "Completed"}
_TAG = re.compile(r"\[System\.Tags\] CONTAINS '([\w-]+)'")


class AzureDevOpsDouble(TicketDouble):
    """An organization with one project."""

    first_state = "New"

    def routes(self) -> list[web.RouteDef]:
        api = "/{project}/_apis/wit"
        return [
            web.post(f"{api}/workitems/${{type}}", self._post),
            web.post(f"{api}/wiql", self._wiql),
            web.get(f"{api}/workitems/{{id}}", self._get),
            web.patch(f"{api}/workitems/{{id}}", self._patch),
            web.post(f"{api}/workItems/{{id}}/comments", self._comment),
            web.get(f"{api}/workItems/{{id}}/comments", self._comments),
            web.get(f"{api}/workitemtypes/{{type}}/states", self._states),
            web.get("/{project}/_workitems/edit/{id}", self._page),
        ]

    def refusal(self, request: web.Request, raw: bytes) -> web.Response | None:
        del raw
        if "/_workitems/" in request.path:
            return None
        pair = base64.b64encode(f":{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {pair}":
            text = "<html>Azure DevOps Services | Sign In</html>"
            return web.Response(status=203, text=text, content_type="text/html")
        if "api-version" not in request.query:
            return web.json_response({"message": "No api-version was supplied"}, status=400)
        if request.match_info.get("project") != PROJECT:
            return web.json_response({"message": "TF200016: no such project"}, status=404)
        return None

    async def _post(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json-patch+json":
            return web.json_response({"message": "unsupported media type"}, status=415)
        operations: list[dict[str, Any]] = await request.json()
        fields = {one["path"].removeprefix("/fields/"): one["value"] for one in operations}

        def make() -> web.Response:
            tags = [one.strip() for one in str(fields.get("System.Tags", "")).split(";")]
            key = next((one for one in tags if one.startswith("adfops-")), "")
            ticket = self.add(key, fields)
            return web.json_response(self._item(ticket))

        return await self.open(request, make)

    async def _wiql(self, request: web.Request) -> web.Response:
        match = _TAG.search(str((await request.json())["query"]))
        if match is None:
            return web.json_response({"message": "VS403437: the query is wrong"}, status=400)
        found = [{"id": one.number, "url": self.url} for one in self.found(match[1])]
        return web.json_response({"queryType": "flat", "workItems": found})

    async def _get(self, request: web.Request) -> web.Response:
        ticket = self._of(request)
        return web.json_response(self._item(ticket)) if ticket else _missing()

    async def _patch(self, request: web.Request) -> web.Response:
        ticket = self._of(request)
        operations: list[dict[str, Any]] = await request.json()
        if ticket is None:
            return _missing()
        for one in operations:
            if one["path"] == "/fields/System.State":
                if one["value"] not in STATES:
                    return web.json_response({"message": "TF401320: Rule Error"}, status=400)
                ticket.state = str(one["value"])
        return web.json_response(self._item(ticket))

    async def _comment(self, request: web.Request) -> web.Response:
        ticket = self._of(request)
        if ticket is None:
            return _missing()
        ticket.comments.append(str((await request.json())["text"]))
        return web.json_response({"id": len(ticket.comments), "text": ticket.comments[-1]})

    async def _comments(self, request: web.Request) -> web.Response:
        ticket = self._of(request)
        if ticket is None:
            return _missing()
        found = [{"id": place, "text": one} for place, one in enumerate(ticket.comments, 1)]
        return web.json_response({"totalCount": len(found), "comments": found[::-1]})

    async def _states(self, request: web.Request) -> web.Response:
        del request
        found = [{"name": name, "category": one} for name, one in STATES.items()]
        return web.json_response({"count": len(found), "value": found})

    async def _page(self, request: web.Request) -> web.Response:
        ticket = self._of(request)
        assert ticket is not None
        return self.page(ticket, f"{ticket.number} {ticket.fields['System.Title']}")

    def _of(self, request: web.Request) -> DoubleTicket | None:
        wanted = request.match_info["id"]
        return next((one for one in self.tickets if str(one.number) == wanted), None)

    def _item(self, ticket: DoubleTicket) -> dict[str, Any]:
        fields = {**ticket.fields, "System.State": ticket.state}
        return {"id": ticket.number, "rev": 1, "fields": fields, "url": self.url}


def _missing() -> web.Response:
    return web.json_response({"message": "TF401232: Work item does not exist"}, status=404)
