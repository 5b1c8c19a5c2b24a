"""The wire on the official SDKs: azure-mgmt-datafactory to ask, azure-identity to sign in.

Every call streams and we decode the JSON ourselves: SDK 10.0.0 loses activity types and spends
about 10 ms of the event loop on each page of 100 runs. The SDK retries nothing here, since it
would sleep as long as a header says: we wait up to 3 s where the service asks for it. A longer wait
is told, and until it is over nobody asks the same operation again.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast
from urllib.parse import quote, urlsplit

import orjson
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError
from azure.core.rest import HttpRequest
from azure.identity.aio import DefaultAzureCredential
from azure.mgmt.datafactory.aio import DataFactoryManagementClient
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
)

from adf.client.errors import translated
from adf.client.simulator_transport import LoopbackBearer, LoopbackCredential
from adf.client.throttling import ThrottleWaits
from adf.client.transport import Json
from adf.errors import AdfError, Reach, Throttled, Unavailable
from adf.fairness import FairLock
from adf.records import Factory

API_VERSION = "2018-06-01"
# Of the 8 s that a status may take, so that a call which hangs is told in words of its own.
CALL_LIMIT = 6.0
CONNECT_LIMIT = 3.0
MOST_ATTEMPTS = 3
LONGEST_WAIT = 3.0
GATEWAY = frozenset({502, 503, 504})
Operation = Callable[..., Awaitable[Any]]

# One bad gateway page makes azure-core log a traceback at warning level.
logging.getLogger("azure").setLevel(logging.ERROR)


class SdkWire:
    """The REST operations of one subscription through the official asynchronous client."""

    def __init__(
        self,
        subscription: str,
        arm_url: str,
        credential: AsyncTokenCredential | None = None,
        call_limit: float = CALL_LIMIT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Open on `arm_url`; without a credential: DefaultAzureCredential, or loopback's own.

        `call_limit` seconds are what one question may take, waiting included.
        """
        self._arm_url = arm_url.rstrip("/")
        local = urlsplit(arm_url).scheme == "http"
        self._credential = credential or (
            LoopbackCredential() if local else DefaultAzureCredential()
        )
        scope = "https://management.azure.com/.default"
        policy = LoopbackBearer(self._credential, scope) if local else None
        self._client = DataFactoryManagementClient(
            self._credential,
            subscription,
            base_url=self._arm_url,
            credential_scopes=[scope],
            authentication_policy=policy,
            retry_total=0,
            connection_timeout=CONNECT_LIMIT,
            read_timeout=CALL_LIMIT,
        )
        self._limit = call_limit
        self._sleep = sleep
        self._turnstile = FairLock()
        self._pauses = ThrottleWaits(monotonic)

    async def query_runs(self, factory: Factory, query: Json) -> Json:
        """One page of PipelineRuns_QueryByFactory."""
        asked, ask = f"query the pipeline runs of {factory.name}", self._client.pipeline_runs
        place = (factory.resource_group, factory.name)
        return await self._read(factory, asked, ask.query_by_factory, *place, dict(query))

    async def get_run(self, factory: Factory, run_id: str) -> Json:
        """PipelineRuns_Get."""
        asked, ask = f"get pipeline run {run_id}", self._client.pipeline_runs
        return await self._read(
            factory, asked, ask.get, factory.resource_group, factory.name, run_id
        )

    async def query_activity_runs(self, factory: Factory, run_id: str, query: Json) -> Json:
        """One page of ActivityRuns_QueryByPipelineRun."""
        asked, ask = f"query the activity runs of {run_id}", self._client.activity_runs
        place = (factory.resource_group, factory.name, run_id)
        return await self._read(factory, asked, ask.query_by_pipeline_run, *place, dict(query))

    async def get_pipeline(self, factory: Factory, name: str) -> Json:
        """Pipelines_Get."""
        asked, ask = f"get pipeline {name}", self._client.pipelines
        return await self._read(factory, asked, ask.get, factory.resource_group, factory.name, name)

    async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
        """One page of Pipelines_ListByFactory (by `send_request`: the SDK's own cannot stream)."""
        base = f"{self._arm_url}{quote(factory.resource_id)}"
        url = next_link or f"{base}/pipelines?api-version={API_VERSION}"
        asked = f"list the pipelines of {factory.name}"
        if urlsplit(url)[:2] != urlsplit(base)[:2]:
            raise Unavailable("the next page is on another host", asked=asked)
        return await self._read(factory, asked, self._get, url)

    async def close(self) -> None:
        """Close connections and the credential."""
        await self._client.close()
        await self._credential.close()

    async def _get(self, url: str, *, stream: bool) -> AsyncIterator[bytes]:
        response = await self._client.send_request(HttpRequest("GET", url), stream=stream)
        if response.status_code != 200:
            await response.read()
            response.raise_for_status()
        return response.iter_bytes()

    async def _read(
        self, factory: Factory, asked: str, operation: Operation, *arguments: object
    ) -> Json:
        """Ask within the time there is; what goes wrong tells which factory was asked."""
        kind = operation.__qualname__
        try:
            self._pauses.check(kind, asked)
            async with asyncio.timeout(self._limit):
                return await self._patience()(self._ask, asked, operation, *arguments)
        except TimeoutError:
            said = f"no answer within {self._limit:g} s"
            trouble: AdfError = Unavailable(said, asked=asked, reach=Reach.SILENCE)
        except AdfError as error:
            trouble = error
        if isinstance(trouble, Throttled):
            self._pauses.keep(kind, trouble)
        trouble.resource = factory.resource_id
        raise trouble

    async def _ask(self, asked: str, operation: Operation, *arguments: object) -> Json:
        await self._turnstile.passed()
        try:
            body = b"".join([part async for part in await operation(*arguments, stream=True)])
        except AzureError as error:
            raise translated(error, asked) from error
        await self._turnstile.passed()
        return _decoded(body, asked)

    def _patience(self) -> AsyncRetrying:
        """Ask again what only reads, when the service says "in a moment" and there is time."""
        return AsyncRetrying(
            retry=retry_if_exception(_passes_soon),
            wait=_wait,
            stop=stop_after_attempt(MOST_ATTEMPTS) | stop_before_delay(self._limit),
            sleep=self._sleep,
            reraise=True,
        )


def _decoded(body: bytes, asked: str) -> Json:
    try:
        answer: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Unavailable("the answer is not JSON", asked=asked, reach=Reach.NONSENSE) from None
    if not isinstance(answer, dict):
        said = "the answer is not a JSON object"
        raise Unavailable(said, asked=asked, reach=Reach.NONSENSE)
    return cast("Json", answer)


def _passes_soon(error: BaseException) -> bool:
    """Whether waiting a moment is worth it: a short Retry-After, or a gateway that hiccups.

    A connection that breaks off is often an idle one that was closed as we took it up again.
    """
    if isinstance(error, Throttled):
        return error.retry_after is not None and error.retry_after <= LONGEST_WAIT
    if not isinstance(error, Unavailable):
        return False
    return error.status in GATEWAY or error.reach is Reach.CUT


def _wait(state: RetryCallState) -> float:
    """The time the service asked for; a moment, doubled each time, when it asked for none."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, Throttled) else None
    return asked if asked is not None else 0.2 * 2**state.attempt_number
