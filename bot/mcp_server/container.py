"""What serving over MCP is put together from, and its parts: opened at start, closed at end."""

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.cache import AnswerCache
from adf.client import Factories, sdk_wires
from adf.records import Factory
from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy, TenantAccess
from bot.mcp_server.handler import CallRateLimit, McpHandler
from bot.messages import Address, Person
from bot.state.rooms import Rooms
from bot.state.store import open_store_beside


@dataclass(frozen=True, slots=True, kw_only=True)
class McpSetup:
    """The settings of one server; without `tenants`, people of any tenant may be declared."""

    factories: tuple[Factory, ...]
    default: str
    everybody: TenantAccess
    tenants: tuple[str, ...]
    arm_url: str
    store: str
    zone: str

    def takes_tenant(self, tenant: str) -> bool:
        """Whether people of a tenant are ours."""
        return not self.tenants or tenant.lower() in {one.lower() for one in self.tenants}


class _NoRoom:
    """There is no room to be a guest of; who is not declared has no role anyway."""

    async def is_guest(self, address: Address, person: Person) -> bool:
        return False


@asynccontextmanager
async def open_handler(
    setup: McpSetup, clock: Callable[[], datetime]
) -> AsyncGenerator[McpHandler]:
    """Open store and connections; nothing is asked of Azure before the first call."""
    async with AsyncExitStack() as stack:
        store = await open_store_beside(setup.store, "mcp")
        stack.push_async_callback(store.close)
        factories = Factories(setup.factories, setup.default, sdk_wires(setup.arm_url))
        stack.push_async_callback(factories.close)
        rooms = Rooms(store, clock)
        people = AccessPolicy(setup.everybody, rooms, _NoRoom(), setup.takes_tenant)
        yield McpHandler(
            people=people,
            refusals=Denials(people, AuditLog(store, clock)),
            factories=factories,
            answers=AnswerCache(clock),
            rate=CallRateLimit(time.monotonic),
            clock=clock,
            seconds=time.monotonic,
            zone=ZoneInfo(setup.zone),
        )
