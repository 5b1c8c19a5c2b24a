"""The agent of an Azure AI Foundry project, with a conversation there for each of ours."""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from adf.tool import Tool
from bot.agents.interface import ToolboxFor
from bot.agents.model.agent import ModelAgent
from bot.agents.model.arguments import Inventory
from bot.agents.model.endpoints import Project
from bot.agents.model.lazy_client import Described, LazyClient, ServiceConnection
from bot.agents.model.options import ModelOptions
from bot.agents.model.prompt import read_instructions
from bot.agents.model.request import routing_request
from bot.agents.model.tool_schemas import RemoteServer, declared


def definition_of(
    model: str, instructions: str, tools: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the agent is defined by, as the wire has it."""
    return {
        "kind": "prompt",
        "model": model,
        "instructions": instructions,
        "tools": [dict(one) for one in tools],
    }


class FoundryAgent(ModelAgent):
    """Answers with a Foundry agent whose version is found by the hash of its definition."""

    def __init__(
        self,
        project: Project,
        toolbox_for: ToolboxFor,
        inventory: Inventory,
        *,
        tools: Iterable[Tool],
        remote: Sequence[RemoteServer] = (),
        options: ModelOptions | None = None,
    ) -> None:
        """`tools` are declared to the agent as far as they only read; nothing is opened yet."""
        options, tools = options or ModelOptions(), tuple(tools)

        def connect(definition: Described) -> ServiceConnection:
            late = importlib.import_module("bot.agents.foundry.client")
            return late.connect(project, definition)

        backend = LazyClient(
            "foundry",
            tools=declared(tools, remote),
            servers=options.servers,
            again=options.again,
            describe=lambda tools: definition_of(project.model, read_instructions(), tools),
            routing=routing_request(project.model, tools),
            connect=connect,
        )
        super().__init__(backend, toolbox_for, inventory, options)
