"""Jira's REST as documented: v3 of Cloud (documents, search/jql), v2 of Data Center (wiki text)."""

import base64
import json
import re
from typing import Any

from aiohttp import web

from tests.doubles.tickets.base import DoubleTicket, TicketDouble

USER, TOKEN, PROJECT = "bot@contoso.com", "t0ken", "OPS"
CATEGORIES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}
TRANSITIONS = {"11": "To Do", "21": "In Progress", "31": "Done"}
_JQL = re.compile(r'labels = "([\w-]+)"')


class JiraDouble(TicketDouble):
    """A site with one project; `version` is that of its REST interface."""

    first_state = "To Do"

    def __init__(self, version: int = 3) -> None:
        super().__init__()
        self.version = version

    def routes(self) -> list[web.RouteDef]:
        api = f"/rest/api/{self.version}"
        search = (
            web.post(f"{api}/search/jql", self._search)
            if self.version == 3
            else web.get(f"{api}/search", self._search)
        )
        return [
            web.post(f"{api}/issue", self._post),
            search,
            web.get(f"{api}/issue/{{id}}", self._get),
            web.post(f"{api}/issue/{{id}}/comment", self._comment),
            web.get(f"{api}/issue/{{id}}/comment", self._comments),
            web.get(f"{api}/issue/{{id}}/transitions", self._transitions),
            web.post(f"{api}/issue/{{id}}/transitions", self._transition),
            web.get("/browse/{key}", self._page),
        ]

    def refusal(self, request: web.Request, raw: bytes) -> web.Response | None:
        del raw
        pair = base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()
        if request.headers.get("Authorization") in {f"Basic {pair}", f"Bearer {TOKEN}"}:
            return None
        return web.Response(
            status=401, text="Client must be authenticated to access this resource."
        )

    async def _post(self, request: web.Request) -> web.StreamResponse:
        fields: dict[str, Any] = (await request.json())["fields"]
        wrong = self._faults_of(fields)
        if wrong:
            return web.json_response({"errorMessages": [], "errors": wrong}, status=400)

        def make() -> web.Response:
            key = next((one for one in fields["labels"] if one.startswith("adfops-")), "")
            ticket = self.add(key, fields)
            number = _key(ticket)
            page = f"{self.url}/rest/api/{self.version}/issue/{_id(ticket)}"
            body = {"id": _id(ticket), "key": number, "self": page}
            return web.json_response(body, status=201)

        return await self.open(request, make)

    def _faults_of(self, fields: dict[str, Any]) -> dict[str, str]:
        wrong = dict[str, str]()
        if fields.get("project", {}).get("key") != PROJECT:
            wrong["project"] = "valid project is required"
        if any(" " in one for one in fields.get("labels", ())):
            wrong["labels"] = "The label contains spaces which is invalid."
        is_document = isinstance(fields.get("description"), dict)
        if is_document is not (self.version == 3):
            wrong["description"] = "Operation value must be an Atlassian Document"
        return wrong

    async def _search(self, request: web.Request) -> web.Response:
        asked = await request.json() if request.method == "POST" else dict(request.query)
        match = _JQL.fullmatch(str(asked.get("jql")))
        if match is None:
            return web.json_response({"errorMessages": ["Error in the JQL Query"]}, status=400)
        issues = [self._issue(one) for one in self.found(match[1])]
        return web.json_response({"issues": issues, "isLast": True})

    async def _get(self, request: web.Request) -> web.Response:
        ticket = self._of(request)
        return web.json_response(self._issue(ticket)) if ticket else _missing()

    async def _comment(self, request: web.Request) -> web.StreamResponse:
        ticket, body = self._of(request), (await request.json())["body"]
        if ticket is None:
            return _missing()
        if isinstance(body, dict) is not (self.version == 3):
            return web.json_response({"errorMessages": ["Comment body is not valid!"]}, status=400)
        ticket.comments.append(json.dumps(body) if isinstance(body, dict) else str(body))
        return web.json_response({"id": str(len(ticket.comments)), "body": body}, status=201)

    async def _comments(self, request: web.Request) -> web.Response:
        ticket = self._of(request)
        if ticket is None:
            return _missing()
        found = [
            {"id": str(place), "body": json.loads(one) if self.version == 3 else one}
            for place, one in enumerate(ticket.comments)
        ]
        return web.json_response({"comments": found[::-1], "total": len(found)})

    async def _transitions(self, request: web.Request) -> web.Response:
        del request
        found = [
            {"id": key, "name": name, "to": {"name": name, "statusCategory": _category(name)}}
            for key, name in TRANSITIONS.items()
        ]
        return web.json_response({"transitions": found})

    async def _transition(self, request: web.Request) -> web.Response:
        ticket, wanted = self._of(request), (await request.json())["transition"]["id"]
        if ticket is None or wanted not in TRANSITIONS:
            return _missing()
        ticket.state = TRANSITIONS[wanted]
        return web.Response(status=204)

    async def _page(self, request: web.Request) -> web.Response:
        wanted = request.match_info["key"]
        ticket = next(one for one in self.tickets if _key(one) == wanted)
        return self.page(ticket, f"{wanted} {ticket.fields['summary']}")

    def _of(self, request: web.Request) -> DoubleTicket | None:
        wanted = request.match_info["id"]
        return next((one for one in self.tickets if wanted in {_id(one), _key(one)}), None)

    def _issue(self, ticket: DoubleTicket) -> dict[str, Any]:
        status = {"name": ticket.state, "statusCategory": _category(ticket.state)}
        fields = {"status": status, "labels": ticket.fields["labels"]}
        return {"id": _id(ticket), "key": _key(ticket), "fields": fields}


def _category(name: str) -> dict[str, str]:
    return {"key": CATEGORIES[name]}


def _id(ticket: DoubleTicket) -> str:
    return str(10_000 + ticket.number)


def _key(ticket: DoubleTicket) -> str:
    return f"{PROJECT}-{ticket.number}"


def _missing() -> web.Response:
    said = "Issue does not exist or you do not have permission to see it."
    return web.json_response({"errorMessages": [said], "errors": {}}, status=404)
