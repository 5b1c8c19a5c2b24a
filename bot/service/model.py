"""The language model, put together: which backend has the words, with which tools, how far."""

from collections.abc import Sequence

from adf.tool import Tool
from bot.agent.azure_openai import AzureOpenAIAgent, Deployment
from bot.agent.foundry import FoundryAgent, Project
from bot.agent.interface import ToolboxFor
from bot.agent.loop import Conduct, ModelAgent
from bot.agent.loop.checking import Inventory
from bot.agent.loop.deciding import Use
from bot.agent.loop.declared import RemoteServer
from bot.agent.mcp import McpServer, McpTools
from bot.agent.trial import ModelPlace
from bot.service.setup import ModelSetup


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
    conduct = Conduct(error_text=setup.error_text, servers=tuple(ours), use=use)
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
