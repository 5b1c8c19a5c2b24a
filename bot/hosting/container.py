"""What turns and alerts share, opened once: store, connections, access, state, rendering."""

import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from adf.cache import AnswerCache
from adf.client import Factories, Inventory, sdk_wires
from adf.client.action_clients import ActionClients, action_wires, open_writer
from adf.client.call_budget import the_whole
from adf.client.factories import Wires
from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.directory import PeopleDirectory
from bot.access.policy import AccessPolicy
from bot.access.rate_limits import RateLimits
from bot.agents.mcp import LEARN_HOSTS, McpTools
from bot.alerts.pushes import PushCallers
from bot.hosting.access import open_directory, person_tokens, push_callers, rate_limits
from bot.hosting.replicas import Replica, open_shared_store
from bot.hosting.service_clock import ServiceClock
from bot.hosting.setup import Clock, Observe, Setup
from bot.hosting.telemetry import Telemetry
from bot.messages import Renderer
from bot.state.boards import Boards
from bot.state.cause_verdicts import CauseVerdicts
from bot.state.conversations import ConversationStates
from bot.state.error_gaps import ErrorGaps
from bot.state.mutes import Mutes
from bot.state.rooms import Rooms, RoomZones
from bot.state.store import ListedStore, Store, check_no_copy
from bot.state.subscriptions import Subscriptions
from bot.state.summaries import Summaries
from bot.state.usage import AnswerCounter, ModelUsage
from bot.teams import Sender, SigningKeys, TeamsAdapter
from bot.teams.members import TeamsRoster
from bot.teams.person_tokens import PersonTokens
from bot.turns.render import CardRenderer


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredState:
    """What is remembered of people, rooms and errors, each kind in its own part of the store."""

    subscriptions: Subscriptions
    mutes: Mutes
    summaries: Summaries
    boards: Boards
    conversations: ConversationStates
    error_gaps: ErrorGaps
    verdicts: CauseVerdicts
    answered: AnswerCounter
    spending: ModelUsage


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureClients:
    """How Data Factory is asked, and how it is told to act."""

    factories: Factories
    acts: ActionClients
    inventory: Inventory


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """What is closed at the end, and what is built on it at once."""

    session: aiohttp.ClientSession
    store: ListedStore
    replica: Replica | None
    azure: AzureClients
    servers: Mapping[str, McpTools]
    adapter: TeamsAdapter
    directory: PeopleDirectory | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BotContainer:
    """Everything that is opened once for the whole bot."""

    setup: Setup
    clock: Clock
    service_clock: ServiceClock
    observe: Observe
    store: ListedStore
    replica: Replica | None
    adapter: TeamsAdapter
    sender: Sender
    azure: AzureClients
    answers: AnswerCache
    rooms: Rooms
    zones: RoomZones
    policy: AccessPolicy
    roster: TeamsRoster
    people: PersonTokens | None
    denials: Denials
    audit: AuditLog
    limits: RateLimits
    state: StoredState
    render: Renderer
    telemetry: Telemetry
    push_callers: PushCallers
    docs: McpTools | None
    servers: tuple[McpTools, ...]


@asynccontextmanager
async def open_container(
    setup: Setup, clock: Clock, observe: Observe, telemetry: Telemetry
) -> AsyncGenerator[BotContainer]:
    """Open store, connections and SDKs; close them in the other order."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        store, replica = await open_shared_store(setup)
        stack.push_async_callback(store.close)
        if replica is not None:
            stack.push_async_callback(replica.close)
        await check_no_copy(store)
        azure, servers = _azure(setup, clock, telemetry, replica), _servers(setup)
        for one in (azure.factories, azure.acts, azure.inventory, *servers.values()):
            stack.push_async_callback(one.close)
        opened = _Opened(
            session=session,
            store=store,
            replica=replica,
            azure=azure,
            servers=servers,
            adapter=_adapter(setup, session),
            directory=open_directory(setup, session, stack),
        )
        bot = _container(setup, clock, observe, telemetry, opened)
        await bot.state.verdicts.load()
        yield bot


def _container(
    setup: Setup, clock: Clock, observe: Observe, telemetry: Telemetry, opened: _Opened
) -> BotContainer:
    """Build what needs no opening on what is open."""
    session, store, adapter = opened.session, opened.store, opened.adapter
    rooms, roster = Rooms(store, clock, setup.rooms), TeamsRoster(adapter, session, clock)
    takes_tenant = setup.identity.takes_tenant
    policy = AccessPolicy(setup.everybody, rooms, roster, takes_tenant, opened.directory)
    audit = AuditLog(store, clock, lambda: uuid.uuid4().hex, telemetry.refusal)
    state = _state(setup, clock, opened, rooms, policy)
    return BotContainer(
        setup=setup,
        clock=clock,
        service_clock=ServiceClock(clock, time.monotonic, session, setup.arm_url),
        observe=observe,
        store=store,
        replica=opened.replica,
        adapter=adapter,
        sender=Sender(adapter, session, observe=telemetry.teams_call),
        azure=opened.azure,
        answers=AnswerCache(clock),
        rooms=rooms,
        zones=RoomZones(rooms, setup.zone),
        policy=policy,
        roster=roster,
        people=person_tokens(setup, adapter, session),
        denials=Denials(policy, audit),
        audit=audit,
        limits=rate_limits(store, opened.replica, clock),
        state=state,
        render=_renderer(setup, observe, state.verdicts),
        telemetry=telemetry,
        push_callers=push_callers(setup, session),
        docs=opened.servers[setup.docs.label] if setup.docs else None,
        servers=tuple(opened.servers[one.label] for one in setup.every_server if one.by_bot),
    )


def _azure(
    setup: Setup, clock: Clock, telemetry: Telemetry, replica: Replica | None
) -> AzureClients:
    """The ways to Data Factory; of several replicas each has its share of the limits."""
    share = replica.share.of if replica else the_whole
    wires = Wires(sdk_wires(setup.arm_url, telemetry.arm_call, share, telemetry.arm_throttled))
    factories = Factories(setup.factories, setup.default, wires)
    writer = open_writer(setup.arm_url, setup.writer)
    return AzureClients(
        factories=factories,
        inventory=Inventory(factories, clock),
        acts=ActionClients(
            setup.factories, wires, action_wires(setup.arm_url, writer, telemetry.arm_call)
        ),
    )


def _state(
    setup: Setup, clock: Clock, opened: _Opened, rooms: Rooms, policy: AccessPolicy
) -> StoredState:
    store, replica = opened.store, opened.replica
    return StoredState(
        subscriptions=Subscriptions(store, rooms, clock, policy.reads),
        mutes=Mutes(store, clock),
        summaries=Summaries(store, rooms, clock, setup.summaries),
        boards=Boards(store, rooms, clock, setup.boards),
        conversations=ConversationStates(store, clock),
        error_gaps=ErrorGaps(store, clock),
        verdicts=CauseVerdicts(store, clock, is_shared=replica is not None),
        answered=AnswerCounter(store, clock, replica.name if replica else ""),
        spending=_spending(setup, store, clock),
    )


def _adapter(setup: Setup, session: aiohttp.ClientSession) -> TeamsAdapter:
    keys = SigningKeys(setup.identity.endpoints.signing_keys, session, time.monotonic)
    return TeamsAdapter(setup.identity, keys)


def _renderer(setup: Setup, observe: Observe, verdicts: CauseVerdicts) -> CardRenderer:
    """Cards with links into Studio where there is a real factory, or where they are wanted."""
    linked = setup.factories if setup.has_studio or setup.links_anyway else ()
    studio = {one.alias: one for one in linked}
    return CardRenderer(studio, observe, tickets=setup.tickets is not None, verdicts=verdicts.known)


def _spending(setup: Setup, store: Store, clock: Clock) -> ModelUsage:
    model = setup.model
    if model is None:
        return ModelUsage(store, clock)
    return ModelUsage(store, clock, model.tokens_per_day, model.price)


def _servers(setup: Setup) -> Mapping[str, McpTools]:
    """The MCP servers that the bot calls, each opened late; only Learn's own links are kept."""
    return {
        one.label: McpTools(
            one.url,
            one.label,
            seconds=time.monotonic,
            allowed=one.reads,
            hosts=LEARN_HOSTS if one is setup.docs else (),
            declares=one.declares or None,
        )
        for one in setup.every_server
        if one.by_bot or one is setup.docs
    }
