"""The agent that asks a model deployment itself, with instructions and tools in each step."""

import importlib
from collections.abc import Iterable, Sequence

from adf.tool import Tool
from bot.agents.interface import ToolboxFor
from bot.agents.model.agent import ModelAgent
from bot.agents.model.arguments import Inventory
from bot.agents.model.endpoints import Deployment
from bot.agents.model.lazy_client import Described, LazyClient, ServiceConnection
from bot.agents.model.options import ModelOptions
from bot.agents.model.request import answering_request, routing_request
from bot.agents.model.tool_schemas import RemoteServer, declared


class AzureOpenAIAgent(ModelAgent):
    """Answers with a model deployment of Azure OpenAI, or of a service that speaks as it does."""

    def __init__(
        self,
        deployment: Deployment,
        toolbox_for: ToolboxFor,
        inventory: Inventory,
        *,
        tools: Iterable[Tool],
        remote: Sequence[RemoteServer] = (),
        options: ModelOptions | None = None,
    ) -> None:
        """`tools` are declared to the model as far as they only read; nothing is opened yet."""
        options, tools = options or ModelOptions(), tuple(tools)

        def connect(same: Described) -> ServiceConnection:
            late = importlib.import_module("bot.agents.azure_openai.client")
            return late.connect(deployment, same)

        backend = LazyClient(
            "azure_openai",
            tools=declared(tools, remote),
            servers=options.servers,
            again=options.again,
            describe=lambda tools: answering_request(deployment.model, tools),
            routing=routing_request(deployment.model, tools),
            connect=connect,
        )
        super().__init__(backend, toolbox_for, inventory, options)
