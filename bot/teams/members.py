"""Who the members of a room are, as Teams tells it: asked once an hour, lists each ten minutes.

Teams marks a guest by `userRole`, by `#EXT#` in the user principal name, or by another tenant; an
anonymous visitor of a meeting has neither a name of the organisation nor a tenant.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import aiohttp
from botframework.connector.aio import ConnectorClient
from cachetools import LRUCache

from bot.access.policy import RosterUnreadable
from bot.messages import Address, Person
from bot.teams.adapter import TeamsAdapter
from bot.teams.connector import ConnectorError, NotReached, failure_for, make_connector
from bot.teams.errors import NotSent
from cards.records import Mentioned

REMEMBERED = timedelta(hours=1)
MOST_REMEMBERED = 5_000
MOST_CLIENTS = 32
LISTED = timedelta(minutes=10)
MOST_ROOMS = 200
PAGE_SIZE, MOST_PAGES = 500, 4
LONGEST_NAME = 100
RosterCall = Callable[[ConnectorClient, dict[str, str]], Awaitable[Any]]
_OUTSIDERS = frozenset({"guest", "anonymous"})


class TeamsRoster:
    """Asks the connector for members of a conversation."""

    def __init__(
        self,
        adapter: TeamsAdapter,
        session: aiohttp.ClientSession,
        clock: Callable[[], datetime],
        most: int = MOST_REMEMBERED,
    ) -> None:
        """Borrow the adapter's identity and token, and the shared session; know `most` people."""
        self._adapter = adapter
        self._session = session
        self._clock = clock
        self._known: LRUCache[tuple[str, str], tuple[bool, datetime]] = LRUCache(most)
        self._clients: LRUCache[str, ConnectorClient] = LRUCache(MOST_CLIENTS)
        self._rooms: LRUCache[tuple[str, str], tuple[tuple[Mentioned, ...], datetime]] = LRUCache(
            MOST_ROOMS
        )

    async def is_guest(self, address: Address, person: Person) -> bool:
        """Whether somebody in a room is a guest or of elsewhere; raises RosterUnreadable."""
        key = (person.tenant, person.person_id)
        known = self._known.get(key)
        if known and self._clock() - known[1] < REMEMBERED:
            return known[0]
        is_guest = self._is_outsider(await self._member(address, person))
        self._known[key] = (is_guest, self._clock())
        return is_guest

    async def members(self, address: Address) -> Sequence[Mentioned]:
        """The members of a room who are of ours, in a large room the first; RosterUnreadable."""
        key = (address.tenant, address.room)
        known = self._rooms.get(key)
        if known and self._clock() - known[1] < LISTED:
            return known[0]
        listed = [one for one in await self._listed(address) if not self._is_outsider(one)]
        found = tuple(
            Mentioned(name=str(one["name"])[:LONGEST_NAME], person_id=str(one["aadObjectId"]))
            for one in listed
            if one.get("name") and one.get("aadObjectId")
        )
        self._rooms[key] = (found, self._clock())
        return found

    async def _listed(self, address: Address) -> Sequence[Mapping[str, Any]]:
        """Some pages of the roster; more would not be chosen from by a name in chat."""
        found: list[Mapping[str, Any]] = []
        token: str | None = None
        for _ in range(MOST_PAGES):
            page = await self._ask(address, self._page(address, token))
            found += cast("list[Mapping[str, Any]]", page.get("members") or [])
            token = str(page.get("continuationToken") or "") or None
            if token is None:
                break
        return found

    def _page(self, address: Address, token: str | None) -> RosterCall:
        async def page(client: ConnectorClient, headers: dict[str, str]) -> Any:  # noqa: ANN401
            return await client.conversations.get_conversation_paged_members(
                address.room, PAGE_SIZE, token, custom_headers=headers
            )

        return page

    async def _member(self, address: Address, person: Person) -> Mapping[str, Any]:
        async def member(client: ConnectorClient, headers: dict[str, str]) -> Any:  # noqa: ANN401
            return await client.conversations.get_conversation_member(
                address.room, person.channel_account or person.person_id, custom_headers=headers
            )

        return await self._ask(address, member)

    async def _ask(self, address: Address, call: RosterCall) -> Mapping[str, Any]:
        if not self._adapter.identity.takes_service(address.service_url):
            raise RosterUnreadable("the service URL is no Bot Connector")
        try:
            token = await self._adapter.token()
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            found = await call(self._client(address.service_url), headers)
            return cast("Mapping[str, Any]", found)
        except (ConnectorError, NotReached) as trouble:
            raise RosterUnreadable(str(failure_for(trouble))) from None
        except NotSent as trouble:
            raise RosterUnreadable(str(trouble)) from None

    def _client(self, service_url: str) -> ConnectorClient:
        """One official client for each service URL: making one costs 10 ms of the event loop."""
        client = self._clients.get(service_url)
        if client is None:
            client = self._clients[service_url] = make_connector(service_url, self._session)
        return client

    def _is_outsider(self, member: Mapping[str, Any]) -> bool:
        """Whether a member is none of ours; who is not told about counts as an outsider."""
        if not member.get("id"):
            return True
        role, tenant = str(member.get("userRole", "")).lower(), str(member.get("tenantId") or "")
        name = str(member.get("userPrincipalName", "")).upper()
        foreign = bool(tenant) and not self._adapter.identity.takes_tenant(tenant)
        return role in _OUTSIDERS or "#EXT#" in name or foreign
