"""The connection to a model deployment; imported late, because the SDK is heavy."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import urlsplit

import openai
from azure.identity.aio import DefaultAzureCredential, get_bearer_token_provider

from bot.agents.model.client import http_client, probe, warm
from bot.agents.model.endpoints import Deployment
from bot.agents.model.responses import ResponsesPlanner, ServiceTraits
from bot.agents.model.types import StateMode

Key = str | Callable[[], Awaitable[str]]


class DeploymentConnection:
    """A client of one deployment, with the credential it signs in by."""

    def __init__(
        self, client: openai.AsyncOpenAI, traits: ServiceTraits, closing: AsyncExitStack
    ) -> None:
        """Own the client and whatever is to be closed with it."""
        self._client = client
        self._traits = traits
        self._closing = closing
        self._same: Mapping[str, Any] = {}

    async def planner(self) -> ResponsesPlanner:
        """The model itself."""
        return ResponsesPlanner(self._client, self._same, self._traits)

    def router(self, described: Mapping[str, Any]) -> ResponsesPlanner:
        """The model for single steps."""
        return ResponsesPlanner(self._client, described, ServiceTraits(state=StateMode.SINGLE))

    def describe(self, described: Mapping[str, Any]) -> None:
        """Repeat this in each step from now on."""
        self._same = described

    async def close(self) -> None:
        """Close client and credential."""
        await self._client.close()
        await self._closing.aclose()


def connect(deployment: Deployment, same: Mapping[str, Any]) -> DeploymentConnection:
    """Make the client once; the SDK's own retries are off, because a step is not idempotent."""
    closing = AsyncExitStack()
    client = _client(deployment, closing)
    warm(client)
    traits = ServiceTraits(state=deployment.state)
    connection = DeploymentConnection(client, traits, closing)
    connection.describe(same)
    return connection


async def try_out(deployment: Deployment) -> None:
    """Ask the deployment for one word; raises ModelFailure."""
    async with AsyncExitStack() as closing, _client(deployment, closing) as client:
        await probe(client, deployment.model)


def _client(deployment: Deployment, closing: AsyncExitStack) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        base_url=base_url(deployment.endpoint),
        api_key=deployment.key or _token(deployment.scope, closing),
        max_retries=0,
        http_client=http_client(),
    )


def base_url(endpoint: str) -> str:
    """The address of the protocol: as given when it has a path, else where Azure OpenAI has it."""
    if urlsplit(endpoint).path.strip("/"):
        return endpoint
    return f"{endpoint.rstrip('/')}/openai/v1/"


def _token(scope: str, closing: AsyncExitStack) -> Key:
    credential = DefaultAzureCredential()
    closing.push_async_callback(credential.close)
    return get_bearer_token_provider(credential, scope)
