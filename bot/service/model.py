"""The language model, put together: which backend has the words, with which tools, how far."""

from collections.abc import Sequence

from adf.tool import Tool
from bot.agent.azure_openai import AzureOpenAIAgent, Deployment
from bot.agent.foundry import FoundryAgent, Project
from bot.agent.interface import ToolboxFor
from bot.agent.loop import Conduct, ModelAgent
from bot.agent.loop.checking import Inventory
from bot.agent.loop.declared import RemoteServer
from bot.agent.mcp import LEARN_READS, McpTools
from bot.service.setup import DocsSetup, ModelSetup

# Azure calls a server itself only where it can be reached from there.
_PUBLIC = "https://"


def make_model(
    setup: ModelSetup,
    toolbox_for: ToolboxFor,
    inventory: Inventory,
    tools: Sequence[Tool],
    docs: DocsSetup | None,
    docs_tools: McpTools | None,
) -> ModelAgent:
    """The agent of the configured backend; nothing is opened yet."""
    is_public = docs is not None and docs.url.startswith(_PUBLIC)
    remote = (
        (RemoteServer(label=docs.label, url=docs.url, free=tuple(LEARN_READS)),)
        if docs and is_public
        else ()
    )
    servers = (docs_tools,) if docs_tools and not is_public else ()
    conduct = Conduct(error_text=setup.error_text, servers=servers)
    if setup.backend == "foundry":
        project = Project(endpoint=setup.endpoint, model=setup.deployment)
        return FoundryAgent(
            project, toolbox_for, inventory, tools=tools, remote=remote, conduct=conduct
        )
    deployment = Deployment(endpoint=setup.endpoint, model=setup.deployment, key=setup.key)
    return AzureOpenAIAgent(
        deployment, toolbox_for, inventory, tools=tools, remote=remote, conduct=conduct
    )
