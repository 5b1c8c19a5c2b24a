"""Microsoft Graph's groups and Azure's role assignments on a real socket.

Groups may lie in groups; assignments are on a factory or above it, of a person or of a group, some
under a condition. `status` and `delay` are what is answered in place of the truth.
"""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.harness import listening

_ASSIGNED = re.compile(r"atScope\(\) and assignedTo\('([0-9a-f-]{36})'\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A role of somebody at a scope."""

    principal: str
    role: str
    scope: str
    condition: str | None = None


@dataclass(slots=True, kw_only=True)
class DirectoryDouble:
    """Who is in which group, and who has which role; `page` is how many assignments a page has."""

    people: set[str] = field(default_factory=set[str])
    members: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    assignments: list[Assignment] = field(default_factory=list[Assignment])
    calls: Counter[str] = field(default_factory=Counter[str])
    tokens: set[str] = field(default_factory=set[str])
    status: int | None = None
    raw: str | None = None
    delay: float = 0.0
    page: int = 100
    url: str = ""

    def groups_of(self, one: str) -> set[str]:
        """The groups of a person or a group, also through others."""
        direct = {group for group, members in self.members.items() if one in members}
        return direct | {above for group in direct for above in self.groups_of(group)}

    async def answer(self, request: web.Request) -> web.Response:
        """Everything that is asked."""
        kind = "graph" if request.path.endswith("/checkMemberGroups") else "azure"
        self.calls[kind] += 1
        self.tokens.add(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.delay)
        if self.status is not None or self.raw is not None:
            said = self.raw if self.raw is not None else '{"error": {"code": "Forbidden"}}'
            return web.Response(
                status=self.status or 200, text=said, content_type="application/json"
            )
        return await (self._groups(request) if kind == "graph" else self._roles(request))

    async def _groups(self, request: web.Request) -> web.Response:
        person = request.path.split("/")[-2]
        body: Mapping[str, Any] = await request.json()
        if len(body["groupIds"]) > 20:
            return web.json_response({"error": {"code": "Request_BadRequest"}}, status=400)
        if person not in self.people:
            return web.json_response({"error": {"code": "Request_ResourceNotFound"}}, status=404)
        found = self.groups_of(person)
        return web.json_response({"value": [one for one in body["groupIds"] if one in found]})

    async def _roles(self, request: web.Request) -> web.Response:
        scope = request.path.partition("/providers/Microsoft.Authorization/")[0]
        found = _ASSIGNED.fullmatch(request.query.get("$filter", ""))
        if found is None or request.query.get("api-version") != "2022-04-01":
            return web.json_response({"error": {"code": "InvalidFilter"}}, status=400)
        who = {found[1], *self.groups_of(found[1])}
        rows = [
            {
                "properties": {
                    "principalId": one.principal,
                    "roleDefinitionId": f"/x/roleDefinitions/{one.role}",
                    "scope": one.scope,
                    "condition": one.condition,
                }
            }
            for one in self.assignments
            if one.principal in who and scope.lower().startswith(one.scope.lower())
        ]
        at = int(request.query.get("$skipToken", "0"))
        body: dict[str, Any] = {"value": rows[at : at + self.page]}
        if at + self.page < len(rows):
            more = request.url.update_query({"$skipToken": str(at + self.page)})
            body["nextLink"] = str(more)
        return web.json_response(body)


@asynccontextmanager
async def running_directory() -> AsyncGenerator[DirectoryDouble]:
    """Both services on a free port."""
    double = DirectoryDouble()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", double.answer)
    async with listening(app) as double.url:
        yield double
