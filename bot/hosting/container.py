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
from adf.client.azure_tokens import AzureTokens
from adf.client.call_budget import the_whole
from adf.client.factories import Wires
from bot.access.audit import AuditLog
from bot.access.common_rates import CommonRates
from bot.access.denial import Denials
from bot.access.directory import PeopleDirectory
from bot.access.directory_lookups import AzureAssignments, EntraGroups
from bot.access.entra_tokens import EntraTokens
from bot.access.policy import AccessPolicy
from bot.access.rate_limits import RateLimits
from bot.agents.mcp import LEARN_HOSTS, McpTools
from bot.alerts.pushes import PushCallers
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
    factories: Factories
    action_clients: ActionClients
    inventory: Inventory
    answers: AnswerCache
    rooms: Rooms
    zones: RoomZones
    policy: AccessPolicy
    roster: TeamsRoster
    people: PersonTokens | None
    denials: Denials
    audit: AuditLog
    limits: RateLimits
    subscriptions: Subscriptions
    mutes: Mutes
    summaries: Summaries
    boards: Boards
    conversations: ConversationStates
    error_gaps: ErrorGaps
    verdicts: CauseVerdicts
    answered: AnswerCounter
    spending: ModelUsage
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
        share = replica.share.of if replica else the_whole
        wires = Wires(sdk_wires(setup.arm_url, telemetry.arm_call, share, telemetry.arm_throttled))
        factories = Factories(setup.factories, setup.default, wires)
        inventory = Inventory(factories, clock)
        acts = ActionClients(
            setup.factories,
            wires,
            action_wires(
                setup.arm_url, open_writer(setup.arm_url, setup.writer), telemetry.arm_call
            ),
        )
        servers = _servers(setup)
        for one in (factories, acts, inventory, *servers.values()):
            stack.push_async_callback(one.close)
        adapter = _adapter(setup, session)
        rooms = Rooms(store, clock, setup.rooms)
        roster = TeamsRoster(adapter, session, clock)
        directory = _directory(setup, session, stack)
        takes_tenant = setup.identity.takes_tenant
        policy = AccessPolicy(setup.everybody, rooms, roster, takes_tenant, directory)
        audit = AuditLog(store, clock, lambda: uuid.uuid4().hex, telemetry.refusal)
        verdicts = CauseVerdicts(store, clock, is_shared=replica is not None)
        await verdicts.load()
        yield BotContainer(
            setup=setup,
            clock=clock,
            service_clock=ServiceClock(clock, time.monotonic, session, setup.arm_url),
            observe=observe,
            store=store,
            replica=replica,
            adapter=adapter,
            sender=Sender(adapter, session, observe=telemetry.teams_call),
            factories=factories,
            action_clients=acts,
            inventory=inventory,
            answers=AnswerCache(clock),
            rooms=rooms,
            zones=RoomZones(rooms, setup.zone),
            policy=policy,
            roster=roster,
            people=_people(setup, adapter, session),
            denials=Denials(policy, audit),
            audit=audit,
            limits=_limits(store, replica, clock),
            subscriptions=Subscriptions(store, rooms, clock, policy.reads),
            mutes=Mutes(store, clock),
            summaries=Summaries(store, rooms, clock, setup.summaries),
            boards=Boards(store, rooms, clock, setup.boards),
            conversations=ConversationStates(store, clock),
            error_gaps=ErrorGaps(store, clock),
            verdicts=verdicts,
            answered=AnswerCounter(store, clock, replica.name if replica else ""),
            spending=_spending(setup, store, clock),
            render=_renderer(setup, observe, verdicts),
            telemetry=telemetry,
            push_callers=_push_callers(setup, session),
            docs=servers[setup.docs.label] if setup.docs else None,
            servers=tuple(servers[one.label] for one in setup.every_server if one.by_bot),
        )


def _directory(
    setup: Setup, session: aiohttp.ClientSession, stack: AsyncExitStack
) -> PeopleDirectory | None:
    """Who asks for groups and role assignments; nobody where neither gives a role."""
    if not setup.directory.roles:
        return None
    tokens = AzureTokens()
    directory = PeopleDirectory(
        setup.directory.roles,
        setup.factories,
        EntraGroups(session, tokens.get, setup.directory.graph_url),
        AzureAssignments(session, tokens.get, setup.arm_url),
        time.monotonic,
    )
    stack.push_async_callback(tokens.aclose)
    stack.push_async_callback(directory.close)
    return directory


def _adapter(setup: Setup, session: aiohttp.ClientSession) -> TeamsAdapter:
    keys = SigningKeys(setup.identity.endpoints.signing_keys, session, time.monotonic)
    return TeamsAdapter(setup.identity, keys)


def _people(
    setup: Setup, adapter: TeamsAdapter, session: aiohttp.ClientSession
) -> PersonTokens | None:
    """The tokens of people who sign in to act; none where the bot's own identity acts."""
    if not setup.sign_in:
        return None
    return PersonTokens(
        connection=setup.sign_in,
        identity=setup.identity,
        bot_token=adapter.token,
        session=session,
        seconds=time.time,
    )


def _push_callers(setup: Setup, session: aiohttp.ClientSession) -> PushCallers:
    """Who may push alerts; tokens are checked for the bot's own registration, if it has one."""
    identity = setup.identity
    tokens = None
    if identity.app_id and identity.tenant_id:
        tokens = EntraTokens(
            app_id=identity.app_id,
            tenants=(identity.tenant_id,),
            session=session,
            seconds=time.monotonic,
            authority=identity.endpoints.authority,
        )
    return PushCallers(tokens=tokens, apps=setup.pushes.apps, secret=setup.pushes.secret)


def _renderer(setup: Setup, observe: Observe, verdicts: CauseVerdicts) -> CardRenderer:
    """Cards with links into Studio where there is a real factory, or where they are wanted."""
    linked = setup.factories if setup.has_studio or setup.links_anyway else ()
    studio = {one.alias: one for one in linked}
    return CardRenderer(studio, observe, tickets=setup.tickets is not None, verdicts=verdicts.known)


def _limits(store: Store, replica: Replica | None, clock: Clock) -> RateLimits:
    """Rate limits of this process, or of the fleet that it belongs to."""
    if replica is None:
        return RateLimits(clock)
    registry = replica.registry
    return RateLimits(clock, common=CommonRates(store, clock), replicas=lambda: registry.count)


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
