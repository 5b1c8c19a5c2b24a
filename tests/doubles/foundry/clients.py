"""The real SDKs, pointed at the double; their strict models judge each answer."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

from azure.ai.projects.aio import AIProjectClient
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import SansIOHTTPPolicy
from openai import AsyncOpenAI
from openai.types.responses import Response

from tests.contract.conftest import AnyCredential
from tests.doubles.foundry.double import FoundryDouble
from tests.doubles.foundry.wire import Item


class Bearer(SansIOHTTPPolicy[Any, Any]):
    """Sends a token over plain HTTP, as the double is on this machine; an empty one is left out."""

    def __init__(self, token: str = "any") -> None:
        super().__init__()
        self._token = token

    def on_request(self, request: PipelineRequest[Any]) -> None:
        if self._token:
            request.http_request.headers["Authorization"] = f"Bearer {self._token}"


@asynccontextmanager
async def project_of(double: FoundryDouble, token: str = "any") -> AsyncGenerator[AIProjectClient]:
    """The client of the double's project."""
    bearer = Bearer(token)
    async with AIProjectClient(
        double.project, AnyCredential(), authentication_policy=bearer, retry_total=0
    ) as client:
        yield client


@asynccontextmanager
async def openai_of(
    double: FoundryDouble,
    *,
    plain: bool = False,
    strict: bool = True,
    retries: int = 0,
    patience: float = 20,
) -> AsyncGenerator[AsyncOpenAI]:
    """The OpenAI client of the project, or of the plain models."""
    async with AsyncOpenAI(
        base_url=double.models if plain else f"{double.project}/openai/v1",
        api_key="any",
        max_retries=retries,
        timeout=patience,
        _strict_response_validation=strict,
    ) as client:
        yield client


async def say(client: AsyncOpenAI, **given: object) -> Response:
    """Ask for a whole response."""
    create = cast("Callable[..., Awaitable[Response]]", client.responses.create)
    return await create(**given)


async def hear(client: AsyncOpenAI, **given: object) -> list[Any]:
    """Ask for a stream, and hear it to its end."""
    create = cast("Callable[..., Awaitable[Any]]", client.responses.create)
    return [event async for event in await create(stream=True, **given)]


def user(text: str) -> Item:
    """Words of a user, as an item."""
    return {"type": "message", "role": "user", "content": text}


def output(call_id: str, told: str) -> Item:
    """The output of a function, as an item."""
    return {"type": "function_call_output", "call_id": call_id, "output": told}
