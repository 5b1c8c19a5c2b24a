"""Asks Microsoft Graph for groups and Azure Resource Manager for role assignments.

Graph: checkMemberGroups, which looks through nested groups (application permissions User.Read.All
and GroupMember.Read.All). Azure: roleAssignments of the factory's scope and above, assignedTo the
person, which counts groups too (Microsoft.Authorization/roleAssignments/read).
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, cast
from urllib.parse import quote, urlsplit

import aiohttp

from adf.errors import AdfError
from adf.records import Factory
from bot.access.directory import GRAPH, RolesUnreadable

log = logging.getLogger("adfops.access")

MOST_AT_ONCE = 20
MOST_PAGES = 5
ASSIGNMENTS_VERSION = "2022-04-01"
SECONDS = 4.0
Token = Callable[[str], Awaitable[str]]


class EntraGroups:
    """The groups of a person by Microsoft Graph."""

    def __init__(self, session: aiohttp.ClientSession, token: Token, graph: str = GRAPH) -> None:
        """Borrow the session; `token` gives the bearer token for an address."""
        self._session = session
        self._token = token
        self._graph = graph.rstrip("/")

    async def groups_of(self, person_id: str, groups: Sequence[str]) -> frozenset[str]:
        """Those of the groups that a person belongs to; none where nobody has that id."""
        found: set[str] = set()
        url = f"{self._graph}/v1.0/users/{quote(person_id)}/checkMemberGroups"
        for at in range(0, len(groups), MOST_AT_ONCE):
            body = {"groupIds": list(groups[at : at + MOST_AT_ONCE])}
            answer = await _ask(self._session, self._token, "POST", url, body)
            found |= {str(one).lower() for one in _list(answer)}
        return frozenset(found)


class AzureAssignments:
    """The role assignments of a person by Azure Resource Manager."""

    def __init__(self, session: aiohttp.ClientSession, token: Token, arm_url: str) -> None:
        """Borrow the session; `token` gives the bearer token for an address."""
        self._session = session
        self._token = token
        self._arm = arm_url.rstrip("/")

    async def roles_at(self, person_id: str, factory: Factory) -> frozenset[str]:
        """The ids of roles on the factory and above it, without those under a condition."""
        found: set[str] = set()
        url: str | None = assignments_url(self._arm, factory, person_id)
        for _ in range(MOST_PAGES):
            if url is None:
                return frozenset(found)
            page = await _ask(self._session, self._token, "GET", url, None)
            found |= {role for one in _list(page) for role in _role_of(one)}
            url = self._next(page)
        return frozenset(found)

    def _next(self, page: Mapping[str, Any]) -> str | None:
        """The next page; the token goes to no other host."""
        link = page.get("nextLink")
        if not isinstance(link, str) or not link:
            return None
        return link if urlsplit(link)[:2] == urlsplit(self._arm)[:2] else None


def assignments_url(arm_url: str, factory: Factory, person_id: str) -> str:
    """Where the assignments of a person on a factory are asked for."""
    scope = f"{arm_url.rstrip('/')}{quote(factory.resource_id)}"
    wanted = quote(f"atScope() and assignedTo('{person_id}')")
    return (
        f"{scope}/providers/Microsoft.Authorization/roleAssignments"
        f"?api-version={ASSIGNMENTS_VERSION}&%24filter={wanted}"
    )


async def _ask(
    session: aiohttp.ClientSession, token: Token, method: str, url: str, body: object
) -> Mapping[str, Any]:
    """The JSON object of an answer; an empty one for a person who is not there."""
    where = urlsplit(url).netloc
    try:
        headers = {"Authorization": f"Bearer {await token(url)}"}
        wait = aiohttp.ClientTimeout(total=SECONDS)
        async with session.request(
            method, url, json=body, headers=headers, timeout=wait, allow_redirects=False
        ) as answer:
            if answer.status == 404:
                return {}
            if answer.status != 200:
                raise _unreadable(f"{where} answered {answer.status}")
            read: object = await answer.json()
    except (aiohttp.ClientError, TimeoutError, ValueError, AdfError) as error:
        raise _unreadable(f"{where}: {type(error).__name__}") from None
    if not isinstance(read, dict):
        raise _unreadable(f"{where} answered no object")
    return cast("Mapping[str, Any]", read)


def _unreadable(why: str) -> RolesUnreadable:
    log.warning("roles cannot be read: %s", why)
    return RolesUnreadable(why)


def _list(answer: Mapping[str, Any]) -> Sequence[object]:
    found = answer.get("value")
    return cast("Sequence[object]", found) if isinstance(found, list) else ()


def _role_of(assignment: object) -> Sequence[str]:
    """The id of its role; none of one that holds under a condition, which nobody checks here."""
    known = _object(_object(assignment).get("properties"))
    role = str(known.get("roleDefinitionId") or "").rpartition("/")[2].lower()
    return (role,) if role and not known.get("condition") else ()


def _object(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
