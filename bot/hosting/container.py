"""What asking and announcing share: connections, store, people, and how a record is drawn."""

import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

import aiohttp

from adf.cache import Answers
from adf.client import Factories, Inventory, sdk_wires
from bot.access.audit import Audit
from bot.access.denial import Refusals
from bot.access.policy import People
from bot.agents.mcp import LEARN_HOSTS, McpTools
from bot.hosting.instrumentation import measured
from bot.hosting.setup import Clock, Observe, Setup
from bot.hosting.telemetry import Telemetry
from bot.messages import Address
from bot.state.conversations import Memories
from bot.state.error_gaps import ErrorGaps
from bot.state.rooms import Rooms
from bot.state.store import Store, open_store
from bot.state.subscriptions import Subscriptions
from bot.state.usage import Answered, Spending
from bot.teams import Sender, SigningKeys, TeamsAdapter
from bot.teams.members import TeamsRoster
from cards import Record, card_for
from cards.card import Card
from cards.records import Explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that is opened once for the whole bot."""

    setup: Setup
    clock: Clock
    observe: Observe
    store: Store
    adapter: TeamsAdapter
    sender: Sender
    factories: Factories
    inventory: Inventory
    answers: Answers
    rooms: Rooms
    people: People
    refusals: Refusals
    subscriptions: Subscriptions
    memories: Memories
    error_gaps: ErrorGaps
    answered: Answered
    spending: Spending
    telemetry: Telemetry
    docs: McpTools | None
    servers: tuple[McpTools, ...]

    def draw(
        self,
        record: object,
        now: datetime,
        zone: ZoneInfo,
        note: str | None,
        explanation: Explanation | None = None,
        explains: str = "",
    ) -> Card:
        """A record as a card; links into Studio only where there is a real factory."""
        known = self.setup.factories if self.setup.has_studio else ()
        studio = {one.alias: one for one in known}
        card = card_for(
            cast("Record", record),
            now=now,
            zone=zone,
            note=note,
            studio=studio,
            explanation=explanation,
            explains=explains,
        )
        self.observe(card)
        return card

    async def zone_of(self, address: Address) -> ZoneInfo:
        """The zone a room was bound with, else the bot's own."""
        binding = await self.rooms.binding(address)
        return ZoneInfo((binding.zone if binding else None) or self.setup.zone)


@asynccontextmanager
async def open_parts(
    setup: Setup, clock: Clock, observe: Observe, telemetry: Telemetry
) -> AsyncGenerator[Parts]:
    """Open store, connections and SDKs; close them in the other order."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        store = await open_store(setup.store)
        stack.push_async_callback(store.close)
        wires = measured(sdk_wires(setup.arm_url), telemetry)
        factories = Factories(setup.factories, setup.default, wires)
        inventory = Inventory(factories, clock)
        servers = _servers(setup)
        for one in (factories, inventory, *servers.values()):
            stack.push_async_callback(one.close)
        adapter = _adapter(setup, session)
        rooms = Rooms(store, clock, setup.rooms)
        roster, takes = TeamsRoster(adapter, session, clock), setup.identity.takes_tenant
        people = People(setup.everybody, rooms, roster, takes)
        yield Parts(
            setup=setup,
            clock=clock,
            observe=observe,
            store=store,
            adapter=adapter,
            sender=Sender(adapter, session),
            factories=factories,
            inventory=inventory,
            answers=Answers(clock),
            rooms=rooms,
            people=people,
            refusals=Refusals(people, Audit(store, clock, lambda: uuid.uuid4().hex)),
            subscriptions=Subscriptions(store, rooms, clock, people.reads),
            memories=Memories(store, clock),
            answered=Answered(store, clock),
            error_gaps=ErrorGaps(store, clock),
            spending=_spending(setup, store, clock),
            telemetry=telemetry,
            docs=servers[setup.docs.label] if setup.docs else None,
            servers=tuple(servers[one.label] for one in setup.every_server if one.by_bot),
        )


def _adapter(setup: Setup, session: aiohttp.ClientSession) -> TeamsAdapter:
    keys = SigningKeys(setup.identity.endpoints.signing_keys, session, time.monotonic)
    return TeamsAdapter(setup.identity, keys)


def _spending(setup: Setup, store: Store, clock: Clock) -> Spending:
    model = setup.model
    if model is None:
        return Spending(store, clock)
    return Spending(store, clock, model.tokens_per_day, model.price)


def _servers(setup: Setup) -> Mapping[str, McpTools]:
    """The MCP servers that the bot asks, each late; only links of the documentation are kept."""
    return {
        one.label: McpTools(
            one.url,
            one.label,
            seconds=time.monotonic,
            allowed=one.reads,
            hosts=LEARN_HOSTS if one is setup.docs else (),
        )
        for one in setup.every_server
        if one.by_bot or one is setup.docs
    }
