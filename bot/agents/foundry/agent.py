"""The agent that lives in an Azure AI Foundry project, with one conversation for each talk."""

import importlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from adf.tool import Tool
from bot.agents.foundry.versions import definition_of
from bot.agents.interface import ToolboxFor
from bot.agents.model.agent import ModelAgent
from bot.agents.model.lazy_client import Described, LazyClient, ServiceConnection
from bot.agents.model.options import ModelOptions, check_endpoint
from bot.agents.model.prompt import read_instructions
from bot.agents.model.tool_calls import Inventory
from bot.agents.model.tool_schemas import RemoteServer, declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A Foundry project, the model deployment in it, and the name its agent goes by."""

    endpoint: str
    model: str
    agent_name: str = "adf-ops"

    def __post_init__(self) -> None:
        """Refuse an address that a token must not travel to."""
        check_endpoint(self.endpoint)


class FoundryAgent(ModelAgent):
    """Answers with a Foundry agent whose definition is made sure of by its hash."""

    def __init__(
        self,
        project: Project,
        toolbox_for: ToolboxFor,
        inventory: Inventory,
        *,
        tools: Iterable[Tool],
        remote: Sequence[RemoteServer] = (),
        conduct: ModelOptions | None = None,
    ) -> None:
        """`tools` are declared to the agent as far as they only read; nothing is opened yet."""
        conduct = conduct or ModelOptions()

        def connect(definition: Described) -> ServiceConnection:
            late = importlib.import_module("bot.agents.foundry.client")
            return late.connect(project, definition)

        backend = LazyClient(
            "foundry",
            tools=declared(tools, remote),
            servers=conduct.servers,
            again=conduct.again,
            describe=lambda told: definition_of(project.model, read_instructions(), told),
            connect=connect,
        )
        super().__init__(backend, toolbox_for, inventory, conduct)
