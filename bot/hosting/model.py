"""The tools and the language model, put together: which backend answers, with which tools."""

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adf.tool import Tool
from bot.agents.azure_openai import AzureOpenAIAgent, Deployment
from bot.agents.conversations import ModelConversations
from bot.agents.explainer import Explainer, ProseMode
from bot.agents.foundry import FoundryAgent, Project
from bot.agents.health import ModelPlace
from bot.agents.interface import ToolboxFor
from bot.agents.mcp import McpServer, McpTools
from bot.agents.model import ModelAgent, ModelOptions
from bot.agents.model.remote_tools import Use
from bot.agents.model.tool_calls import Inventory
from bot.agents.model.tool_schemas import RemoteServer
from bot.agents.traces import Traces
from bot.hosting.container import Container
from bot.hosting.setup import ModelSetup
from bot.hosting.telemetry import AgentName
from bot.hosting.toolset import Toolset
from bot.turns.approvals import UsedApprovals


def make_model(
    setup: ModelSetup,
    toolbox_for: ToolboxFor,
    inventory: Inventory,
    tools: Sequence[Tool],
    servers: Sequence[McpServer],
    ours: Sequence[McpTools],
    use: Use,
) -> ModelAgent:
    """The agent of the configured backend; nothing is opened yet.

    `ours` are those of the `servers` that the bot calls; `use` writes down each yes to a call.
    """
    remote = [
        RemoteServer(label=one.label, url=one.url, free=one.reads)
        for one in servers
        if not one.by_bot
    ]
    conduct = ModelOptions(error_text=setup.error_text, servers=tuple(ours), use=use)
    place = place_of(setup)
    if isinstance(place, Project):
        return FoundryAgent(
            place, toolbox_for, inventory, tools=tools, remote=remote, conduct=conduct
        )
    return AzureOpenAIAgent(
        place, toolbox_for, inventory, tools=tools, remote=remote, conduct=conduct
    )


def place_of(setup: ModelSetup) -> ModelPlace:
    """Where the model is asked."""
    if setup.backend == "foundry":
        return Project(endpoint=setup.endpoint, model=setup.deployment)
    return Deployment(endpoint=setup.endpoint, model=setup.deployment, key=setup.key)


# As the conventions for generative AI name who runs the model.
_PROVIDERS = {"foundry": "microsoft.foundry", "azure_openai": "azure.ai.openai"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelParts:
    """The tools; the others are there together, where a model is configured and not off."""

    tooling: Toolset
    model: ModelAgent | None = None
    explainer: Explainer | None = None
    traces: Traces | None = None


@asynccontextmanager
async def open_wording(parts: Container) -> AsyncGenerator[ModelParts]:
    """Put it together; the model is closed at the end, and opened by whoever warms up."""
    tooling, setup = Toolset(parts), parts.setup
    if setup.model is None or setup.model.prose is ProseMode.OFF:
        yield ModelParts(tooling=tooling)
        return
    model = make_model(
        setup.model,
        tooling.toolbox_for,
        tooling.inventory,
        tooling.tools,
        setup.every_server,
        parts.servers,
        UsedApprovals(parts.store, parts.clock).use,
    )
    traces = Traces(
        model=setup.model.deployment, clock=parts.clock, make_id=lambda: uuid.uuid4().hex
    )
    agent = AgentName(model=setup.model.deployment, provider=_PROVIDERS[setup.model.backend])
    try:
        yield ModelParts(
            tooling=tooling,
            model=model,
            explainer=Explainer(
                model,
                parts.spending,
                setup.model.prose,
                traces,
                observed=lambda: parts.telemetry.agent_turn(agent),
                talks=ModelConversations(parts.memories),
            ),
            traces=traces,
        )
    finally:
        await model.close()
