"""Builds the tools and the language model: which backend answers, with which tools."""

import uuid
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import cast

from adf.records import TriggerReport, TriggerStatus
from adf.tool import Tool, Toolbox, ToolCall
from adf.tools import Adf
from adf.tools.triggers import adf_trigger_status
from bot.agents.approvals import PendingApprovals, UsedApprovals
from bot.agents.backends import make_agent
from bot.agents.conversations import ModelConversations
from bot.agents.explainer import Explainer, ProseMode
from bot.agents.interface import ToolboxFor
from bot.agents.mcp import McpServer, McpTools
from bot.agents.model import ModelAgent, ModelOptions
from bot.agents.model.arguments import Inventory
from bot.agents.model.endpoints import Deployment, ModelEndpoint, Project
from bot.agents.model.prompt import read_instructions
from bot.agents.model.remote_tools import Use
from bot.agents.model.tool_schemas import RemoteServer
from bot.agents.model.types import StateMode
from bot.agents.traces import SHARED_TRACES, SharedTrace, Traces
from bot.hosting.actions import ActionParts
from bot.hosting.container import BotContainer
from bot.hosting.setup import ModelSetup
from bot.hosting.telemetry import AgentName, MeasuredToolbox
from bot.state.erasure import ErasableStore, erase_person
from bot.state.passing_rows import PassingRows
from bot.tools import BotState
from bot.tools.backtests import FactoryHistory
from bot.tools.context import TicketProposals, WaitingProposals
from bot.tools.ports import IncidentOperations
from bot.turns.inbox import INBOX_PARTITIONS
from bot.turns.toolset import Toolset
from bot.turns.turn_audit import AuditedModel, TurnAudit
from cards.records import HandoverEntry


def make_model(
    setup: ModelSetup,
    toolbox_for: ToolboxFor,
    inventory: Inventory,
    tools: Sequence[Tool],
    servers: Sequence[McpServer],
    called: Sequence[McpTools],
    use: Use,
) -> ModelAgent:
    """The agent of the configured backend; nothing is opened yet.

    `called` are those of the `servers` that the bot calls; `use` records each approved call.
    """
    remote = [
        RemoteServer(
            label=one.label,
            url=one.url,
            free=one.reads,
            only=one.declares,
        )
        for one in servers
        if not one.by_bot
    ]
    options = ModelOptions(error_text=setup.error_text, servers=tuple(called), use=use)
    return make_agent(
        place_of(setup), toolbox_for, inventory, tools=tools, remote=remote, options=options
    )


def place_of(setup: ModelSetup) -> ModelEndpoint:
    """Where the model is asked."""
    if setup.backend == "foundry":
        return Project(endpoint=setup.endpoint, model=setup.deployment)
    state = StateMode.STATELESS if setup.is_stateless else StateMode.PREVIOUS
    return Deployment(endpoint=setup.endpoint, model=setup.deployment, key=setup.key, state=state)


# As the conventions for generative AI name who runs the model.
_PROVIDERS = {"foundry": "microsoft.foundry", "azure_openai": "azure.ai.openai"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelParts:
    """The tools and conversations; the others are set together, where a model is configured."""

    toolset: Toolset
    conversations: ModelConversations
    approvals: PendingApprovals
    turn_audit: TurnAudit
    traces: Traces
    shared_traces: PassingRows[SharedTrace] | None = None
    model: ModelAgent | None = None
    explainer: Explainer | None = None


@asynccontextmanager
async def open_model(
    bot: BotContainer,
    actions: ActionParts,
    incidents: IncidentOperations,
    tickets: TicketProposals | None = None,
) -> AsyncGenerator[ModelParts]:
    """Build it; the model is closed at the end, and opened in the background."""
    setup = bot.setup
    turn_audit = TurnAudit(bot.audit, _audited_model(setup.model))
    toolset = _toolset(bot, actions, incidents, tickets, turn_audit)
    approvals = PendingApprovals(store=bot.store, clock=bot.clock, make_id=_random_id)
    order = bot.replica.order if bot.replica else None
    conversations = ModelConversations(bot.state.conversations, approvals, order)
    deployment = setup.model.deployment if setup.model else ""
    shared = PassingRows(bot.store, SHARED_TRACES, bot.clock) if bot.replica else None
    traces = Traces(model=deployment, clock=bot.clock, make_id=_random_id, shared=shared)
    without = ModelParts(
        shared_traces=shared,
        traces=traces,
        toolset=toolset,
        conversations=conversations,
        approvals=approvals,
        turn_audit=turn_audit,
    )
    if setup.model is None or setup.model.prose is ProseMode.OFF:
        async with _closing(shared):
            yield without
        return
    model = make_model(
        setup.model,
        toolset.toolbox_for,
        toolset.pipelines_for,
        toolset.tools,
        setup.every_server,
        bot.servers,
        UsedApprovals(bot.store, bot.clock).use,
    )
    explainer = _explainer(bot, setup.model, model, traces, conversations)
    async with _closing(shared), _closing(model):
        yield replace(without, model=model, explainer=explainer)


@asynccontextmanager
async def _closing(one: ModelAgent | PassingRows[SharedTrace] | None) -> AsyncGenerator[None]:
    """Close what was opened, at the end."""
    try:
        yield
    finally:
        if one is not None:
            await one.close()


def _explainer(
    bot: BotContainer,
    setup: ModelSetup,
    model: ModelAgent,
    traces: Traces,
    conversations: ModelConversations,
) -> Explainer:
    agent = AgentName(model=setup.deployment, provider=_PROVIDERS[setup.backend])
    return Explainer(
        model,
        bot.state.spending,
        setup.prose,
        traces,
        observed=lambda: bot.telemetry.agent_turn(agent),
        conversations=conversations,
    )


async def read_triggers(bot: BotContainer, alias: str) -> Sequence[TriggerStatus]:
    """The triggers of a factory as the question about them reads them."""
    adf = Adf(factories=bot.azure.factories, clock=bot.clock)
    report = await adf_trigger_status.function(adf, factory=alias)
    return cast("TriggerReport", report).triggers


def _waiting(actions: ActionParts, tickets: TicketProposals | None) -> WaitingProposals:
    """What waits for a press, acts first."""
    if tickets is None:
        return actions.waiting

    async def both(factories: Sequence[str]) -> Sequence[HandoverEntry]:
        return [*await actions.waiting(factories), *await tickets.waiting(factories)]

    return both


def _toolset(
    bot: BotContainer,
    actions: ActionParts,
    incidents: IncidentOperations,
    tickets: TicketProposals | None,
    turn_audit: TurnAudit,
) -> Toolset:
    def make_toolbox(
        tools: Iterable[Tool], works_on: Iterable[object], note: Callable[[ToolCall], None]
    ) -> Toolbox:
        def observe(call: ToolCall) -> None:
            note(call)
            bot.observe(call)

        return MeasuredToolbox(tools, works_on, observe, bot.answers, bot.telemetry)

    return Toolset(
        factories=bot.azure.factories,
        inventory=bot.azure.inventory,
        state=_bot_state(bot, actions, incidents, tickets),
        docs=bot.docs,
        make_toolbox=make_toolbox,
        clock=bot.clock,
        observer_of=turn_audit.observer,
    )


def _bot_state(
    bot: BotContainer,
    actions: ActionParts,
    incidents: IncidentOperations,
    tickets: TicketProposals | None,
) -> BotState:
    """What the bot's own tools work on."""
    store = cast("ErasableStore", bot.store)
    return BotState(
        name=bot.setup.bot_name,
        people=bot.policy,
        refusals=bot.denials,
        rooms=bot.rooms,
        subscriptions=bot.state.subscriptions,
        incidents=incidents,
        mutes=bot.state.mutes,
        summaries=bot.state.summaries,
        boards=bot.state.boards,
        missed=lambda alias: read_triggers(bot, alias),
        proposals=_waiting(actions, tickets),
        memories=bot.state.conversations,
        answered=bot.state.answered,
        spending=bot.state.spending,
        model=bot.setup.model.called if bot.setup.model else "",
        pipelines=bot.azure.inventory.pipelines,
        erase=lambda person: erase_person(store, person, but=INBOX_PARTITIONS),
        past=FactoryHistory(bot.azure.factories, bot.service_clock),
        is_simulated=not bot.setup.has_studio,
        actions=actions.maker,
        audit=actions.audit,
        tickets=tickets,
        members=bot.roster.members,
    )


def _audited_model(setup: ModelSetup | None) -> AuditedModel | None:
    if setup is None:
        return None
    return AuditedModel(deployment=setup.deployment, instructions=read_instructions())


def _random_id() -> str:
    return uuid.uuid4().hex
