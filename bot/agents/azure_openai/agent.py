"""The agent that talks to a model deployment itself, with its instructions and tools each time."""

import hashlib
import importlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from adf.tool import Tool
from bot.agents.interface import ToolboxFor
from bot.agents.model.agent import ModelAgent
from bot.agents.model.lazy_client import Described, LazyClient, ServiceConnection, Tools
from bot.agents.model.options import ModelOptions, check_endpoint
from bot.agents.model.prompt import read_instructions
from bot.agents.model.service_state import StateMode
from bot.agents.model.tool_calls import Inventory
from bot.agents.model.tool_schemas import RemoteServer, declared

LONGEST_ANSWER = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A model where it is served: a resource's endpoint or a whole base address.

    Without a key the bot signs in by Microsoft Entra, for `scope`.
    """

    endpoint: str
    model: str
    key: str | None = None
    scope: str = "https://cognitiveservices.azure.com/.default"
    keeping: StateMode = StateMode.PREVIOUS

    def __post_init__(self) -> None:
        """Refuse an address that a key or a token must not travel to."""
        check_endpoint(self.endpoint)


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
        conduct: ModelOptions | None = None,
    ) -> None:
        """`tools` are declared to the model as far as they only read; nothing is opened yet."""
        conduct = conduct or ModelOptions()

        def connect(same: Described) -> ServiceConnection:
            late = importlib.import_module("bot.agents.azure_openai.client")
            return late.connect(deployment, same)

        backend = LazyClient(
            "azure_openai",
            tools=declared(tools, remote),
            servers=conduct.servers,
            again=conduct.again,
            describe=lambda told: _same_each_time(deployment.model, told),
            connect=connect,
        )
        super().__init__(backend, toolbox_for, inventory, conduct)


def _same_each_time(model: str, tools: Tools) -> dict[str, Any]:
    """What every step repeats, so that the service may cache it, under a key of its content."""
    same = {
        "model": model,
        "instructions": read_instructions(),
        "tools": [dict(one) for one in tools],
    }
    key = hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:16]
    return {**same, "prompt_cache_key": f"adf-ops-{key}", "max_output_tokens": LONGEST_ANSWER}
