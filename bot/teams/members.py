"""Who the members of a room are, as Teams tells it: asked once an hour for each person.

Teams marks a guest by `userRole`, by `#EXT#` in the user principal name, or by another tenant; an
anonymous visitor of a meeting has neither a name of the organisation nor a tenant.
"""

from collections.abc import Callable, Mapping
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

REMEMBERED = timedelta(hours=1)
MOST_REMEMBERED = 5_000
MOST_CLIENTS = 32
_OUTSIDERS = frozenset({"guest", "anonymous"})


class TeamsRoster:
    """Asks the connector for one member of a conversation."""

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

    async def is_guest(self, address: Address, person: Person) -> bool:
        """Whether somebody in a room is a guest or of elsewhere; raises RosterUnreadable."""
        key = (person.tenant, person.person_id)
        known = self._known.get(key)
        if known and self._clock() - known[1] < REMEMBERED:
            return known[0]
        is_guest = self._is_outsider(await self._member(address, person))
        self._known[key] = (is_guest, self._clock())
        return is_guest

    async def _member(self, address: Address, person: Person) -> Mapping[str, Any]:
        if not self._adapter.identity.takes_service(address.service_url):
            raise RosterUnreadable("the service URL is no Bot Connector")
        try:
            token = await self._adapter.token()
            member = await self._client(address.service_url).conversations.get_conversation_member(
                address.room,
                person.channel_account or person.person_id,
                custom_headers={"Authorization": f"Bearer {token}"} if token else {},
            )
            return cast("Mapping[str, Any]", member)
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
