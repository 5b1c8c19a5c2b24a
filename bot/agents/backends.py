"""Chooses the backend of a model endpoint: its agent, and a trial of one word."""

import asyncio
import importlib
from collections.abc import Iterable, Sequence

from adf.tool import Tool
from bot.agents.azure_openai import AzureOpenAIAgent
from bot.agents.foundry import FoundryAgent
from bot.agents.interface import ToolboxFor
from bot.agents.model.agent import ModelAgent
from bot.agents.model.arguments import Inventory
from bot.agents.model.endpoints import ModelEndpoint, Project
from bot.agents.model.options import ModelOptions
from bot.agents.model.tool_schemas import RemoteServer


def make_agent(
    endpoint: ModelEndpoint,
    toolbox_for: ToolboxFor,
    inventory: Inventory,
    *,
    tools: Iterable[Tool],
    remote: Sequence[RemoteServer],
    options: ModelOptions,
) -> ModelAgent:
    """The agent that asks this endpoint; nothing is opened yet."""
    if isinstance(endpoint, Project):
        return FoundryAgent(
            endpoint, toolbox_for, inventory, tools=tools, remote=remote, options=options
        )
    return AzureOpenAIAgent(
        endpoint, toolbox_for, inventory, tools=tools, remote=remote, options=options
    )


async def try_model(endpoint: ModelEndpoint) -> None:
    """Ask the model for one word, signed in as the bot is; raises ModelFailure."""
    name = "foundry" if isinstance(endpoint, Project) else "azure_openai"
    client = await asyncio.to_thread(importlib.import_module, f"bot.agents.{name}.client")
    await client.try_out(endpoint)
