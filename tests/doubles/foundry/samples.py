"""An agent and its tools, for the tests of the double."""

from typing import Literal

from azure.ai.projects.models import (
    FunctionTool,
    MCPTool,
    MCPToolRequireApproval,
    PromptAgentDefinition,
)

from tests.doubles.foundry.clients import project_of
from tests.doubles.foundry.double import FoundryDouble
from tests.doubles.foundry.wire import Item

MODEL = "gpt-5.4-mini"
LEARN = "https://learn.microsoft.com/api/mcp"
SCHEMA: Item = {
    "type": "object",
    "properties": {"pipeline": {"type": "string"}},
    "required": ["pipeline"],
    "additionalProperties": False,
}
RUNS: Item = {
    "type": "function",
    "name": "adf_pipeline_runs",
    "description": "The runs of a pipeline.",
    "strict": True,
    "parameters": SCHEMA,
}


def definition(
    *tools: FunctionTool | MCPTool, instructions: str = "Answer about ADF."
) -> PromptAgentDefinition:
    """A prompt agent with one function, and more tools."""
    runs = FunctionTool(name=RUNS["name"], description="Runs.", parameters=SCHEMA, strict=True)
    return PromptAgentDefinition(model=MODEL, instructions=instructions, tools=[runs, *tools])


def learn(
    approval: Literal["always", "never"] | MCPToolRequireApproval,
    allowed_tools: list[str] | None = None,
) -> MCPTool:
    """The documentation server, as an agent declares it."""
    return MCPTool(
        server_label="mslearn",
        server_url=LEARN,
        require_approval=approval,
        allowed_tools=allowed_tools,
    )


async def make_agent(double: FoundryDouble, *tools: FunctionTool | MCPTool) -> Item:
    """An agent of this double, as the body of a request refers to it."""
    async with project_of(double) as project:
        made = await project.agents.create_version("adf-bot", definition=definition(*tools))
    named = {"type": "agent_reference", "name": made.name, "version": made.version}
    return {"agent_reference": named}
