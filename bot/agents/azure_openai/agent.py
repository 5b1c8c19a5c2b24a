"""The agent that asks a model deployment itself, with instructions and tools in each step."""

import hashlib
import importlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from adf.tool import Tool
from bot.agents.interface import ToolboxFor
from bot.agents.model.agent import ModelAgent
from bot.agents.model.arguments import Inventory
from bot.agents.model.endpoints import Deployment
from bot.agents.model.lazy_client import Described, LazyClient, ServiceConnection, Tools
from bot.agents.model.options import ModelOptions
from bot.agents.model.prompt import read_instructions
from bot.agents.model.tool_schemas import RemoteServer, declared

LONGEST_ANSWER = 4000


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
        options = options or ModelOptions()

        def connect(same: Described) -> ServiceConnection:
            late = importlib.import_module("bot.agents.azure_openai.client")
            return late.connect(deployment, same)

        backend = LazyClient(
            "azure_openai",
            tools=declared(tools, remote),
            servers=options.servers,
            again=options.again,
            describe=lambda tools: _request_prefix(deployment.model, tools),
            connect=connect,
        )
        super().__init__(backend, toolbox_for, inventory, options)


def _request_prefix(model: str, tools: Tools) -> dict[str, Any]:
    """What every step repeats, so that the service may cache it, under a key of its content."""
    same = {
        "model": model,
        "instructions": read_instructions(),
        "tools": [dict(one) for one in tools],
    }
    key = hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16]
    return {**same, "prompt_cache_key": f"adf-ops-{key}", "max_output_tokens": LONGEST_ANSWER}
