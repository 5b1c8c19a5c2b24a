"""The connection to a Foundry project; imported late, because the SDKs are heavy."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import openai
from azure.ai.projects.aio import AIProjectClient
from azure.core.credentials_async import AsyncTokenCredential
from azure.identity.aio import DefaultAzureCredential

from adf.client.simulator_transport import LoopbackBearer, LoopbackCredential
from bot.agents.foundry.versions import Definition, ensured_version
from bot.agents.model.client import http_client, probe, warm
from bot.agents.model.endpoints import Project, is_local
from bot.agents.model.errors import FailureKind, ModelFailure
from bot.agents.model.responses import ResponsesPlanner, ServiceTraits
from bot.agents.model.types import (
    ConversationPlace,
    Item,
    ModelStep,
    OnWords,
    StateMode,
    ToolChoice,
)

log = logging.getLogger("adfops.agent")

SCOPE = "https://ai.azure.com/.default"


class ProjectConnection:
    """The clients of one project, and which version of the agent is the one to ask."""

    def __init__(
        self,
        project: Project,
        definition: Definition,
        client: AIProjectClient,
        responses: openai.AsyncOpenAI,
        credential: AsyncTokenCredential,
    ) -> None:
        """Own the clients and the credential."""
        self._project = project
        self._definition = definition
        self._client = client
        self.responses = responses
        self._credential = credential
        self._ensuring = asyncio.Lock()
        self._planner: ResponsesPlanner | None = None

    async def planner(self) -> "ProjectConnection":
        """The agent, defined as it should be."""
        await self._ensured()
        return self

    async def begin(self, place: ConversationPlace) -> ConversationPlace:
        """A conversation at the service."""
        return await (await self._ensured()).begin(place)

    async def step(
        self,
        place: ConversationPlace,
        items: Sequence[Item],
        on_words: OnWords,
        choice: ToolChoice = ToolChoice.AUTO,
    ) -> ModelStep:
        """One step; an agent that is not there any more is made again by the next turn."""
        try:
            return await (await self._ensured()).step(place, items, on_words, choice)
        except ModelFailure as failure:
            if failure.kind is FailureKind.CONFIG:
                self._planner = None
            raise

    def router(self, described: Definition) -> ResponsesPlanner:
        """The project's model without the agent, whose tools cannot be chosen among."""
        return ResponsesPlanner(self.responses, described, ServiceTraits(state=StateMode.SINGLE))

    def describe(self, described: Definition) -> None:
        """Ensure the agent as it is described now, before the next turn."""
        self._definition = described
        self._planner = None

    async def close(self) -> None:
        """Close both clients, which have connections of their own, and the credential."""
        await self.responses.close()
        await self._client.close()
        await self._credential.close()

    async def _ensured(self) -> ResponsesPlanner:
        async with self._ensuring:
            while self._planner is None:
                name, definition = self._project.agent_name, self._definition
                version = await ensured_version(self._client, name, definition)
                log.info("agent %s answers in its version %s", name, version)
                # The description may have changed meanwhile.
                if definition is self._definition:
                    pinned = _pinned(name, version)
                    # A service with agents refuses a choice of tools beside the agent.
                    traits = ServiceTraits(state=StateMode.CONVERSATION, takes_choice=False)
                    self._planner = ResponsesPlanner(self.responses, pinned, traits)
            return self._planner


def connect(project: Project, definition: Definition) -> ProjectConnection:
    """Make the clients once, ready for the first turn."""
    connection = _connected(project, definition)
    warm(connection.responses)
    return connection


async def try_out(project: Project) -> None:
    """Ask the project's model for one word; raises ModelFailure."""
    connection = _connected(project, {})
    try:
        await probe(connection.responses, project.model)
    finally:
        await connection.close()


def _connected(project: Project, definition: Definition) -> ProjectConnection:
    """The clients; plain HTTP is for this machine alone."""
    options: dict[str, Any] = {"retry_total": 1}
    local = is_local(project.endpoint)
    credential: Any = LoopbackCredential() if local else DefaultAzureCredential()
    if local:
        options["authentication_policy"] = LoopbackBearer(credential, SCOPE)
    client = AIProjectClient(project.endpoint, credential, **options)
    responses = client.get_openai_client(http_client=http_client(), max_retries=0)
    return ProjectConnection(project, definition, client, responses, credential)


def _pinned(name: str, version: str) -> dict[str, Any]:
    """The version is named in each step, so that a deployment never changes a running turn."""
    agent = {"type": "agent_reference", "name": name, "version": version}
    return {"extra_body": {"agent_reference": agent}}
