"""A simulator on a real socket, and the official client pointed at it."""

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import pytest
from aiohttp import web
from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import AsyncBearerTokenCredentialPolicy
from azure.core.rest import HttpRequest
from azure.mgmt.datafactory.aio import DataFactoryManagementClient

from adf.simulator import State, load_world, make_simulator
from tests.adf.simulator.worlds import WORLD

SUBSCRIPTION = "00000000-1111-4222-8333-444444444444"
SCOPE = "https://management.azure.com/.default"


class AnyCredential(AsyncTokenCredential):
    """A credential with a token of its own making; an empty one signs nobody in."""

    def __init__(self, token: str = "any") -> None:
        self._token = token

    async def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:  # noqa: ANN401
        return AccessToken(self._token, int(time.time()) + 3600)

    async def close(self) -> None:
        pass

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        pass


class LoopbackBearer(AsyncBearerTokenCredentialPolicy[HttpRequest, Any]):
    """Lets the token travel over plain HTTP, as the simulator is on this machine."""

    async def on_request(self, request: PipelineRequest[HttpRequest]) -> None:
        request.context.options["enforce_https"] = False
        await super().on_request(request)


class Served:
    """A running simulator."""

    def __init__(self, app: web.Application, url: str) -> None:
        self.app = app
        self.url = url

    def client(self, credential: AsyncTokenCredential | None = None) -> DataFactoryManagementClient:
        """The official client, to be closed by who asks."""
        credential = credential or AnyCredential()
        return DataFactoryManagementClient(
            credential,
            SUBSCRIPTION,
            base_url=self.url,
            authentication_policy=LoopbackBearer(credential, SCOPE),
            retry_total=0,
        )


@asynccontextmanager
async def serving(state: State) -> AsyncGenerator[Served]:
    """Serve a state on a free port."""
    app = make_simulator(state)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Served(app, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    """The recorded world, served."""
    async with serving(load_world(WORLD)) as it:
        yield it


@pytest.fixture
async def client(served: Served) -> AsyncGenerator[DataFactoryManagementClient]:
    """The official client of the recorded world."""
    async with served.client() as it:
        yield it
