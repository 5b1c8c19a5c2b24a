"""The wire on the official SDKs: azure-mgmt-datafactory to ask, azure-identity to sign in.

Every call streams and we decode the JSON ourselves: SDK 10.0.0 loses activity types and spends
about 10 ms of the event loop on each page of 100 runs. The SDK retries nothing here, since it
would sleep as long as a header says: we wait up to 3 s where the service asks for it. A longer wait
is an error, and until it is over nobody asks the same operation again.
"""

import asyncio
import logging
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import cast
from urllib.parse import quote, urlsplit

import orjson
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, HttpResponseError
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

from adf.client.call_budget import CallBudget, Share, the_whole
from adf.client.circuit_breaker import CircuitBreaker
from adf.client.connections import uncounted, unobserved
from adf.client.errors import translated
from adf.client.operations import ArmOperation
from adf.client.sdk_pipeline import read_pipeline
from adf.client.simulator_transport import LoopbackCredential
from adf.client.throttling import ThrottleWaits
from adf.client.transport import CallHook, Json, ThrottleHook
from adf.errors import AdfError, Reach, Throttled, Unavailable
from adf.fairness import FairLock
from adf.records import Factory

# Of the 8 s that a status may take, so that a call which hangs is told in words of its own.
CALL_LIMIT = 6.0
CONNECT_LIMIT = 3.0
MOST_ATTEMPTS = 3
LONGEST_WAIT = 3.0
# To read so much JSON takes milliseconds.
_LARGE = 256 * 1024
GATEWAY = frozenset({502, 503, 504})
TOO_MANY = 429
SCOPE = "https://management.azure.com/.default"
Send = Callable[..., Awaitable[AsyncIterator[bytes]]]

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
        observe: CallHook = unobserved,
        share: Share = the_whole,
        throttled: ThrottleHook = uncounted,
    ) -> None:
        """Open on `arm_url`; without a credential: DefaultAzureCredential, or loopback's own.

        `call_limit` seconds are what one question may take, waiting included; `observe` is entered
        around each, `throttled` hears of each answer that was a refusal, also of one that is waited
        out. `share` is how much of Azure's limits this process may use.
        """
        self._arm_url = arm_url.rstrip("/")
        self._credential = credential or _own_credential(self._arm_url)
        self._client = _client(subscription, self._arm_url, self._credential)
        self._limit = call_limit
        self._observe = observe
        self._count_throttled = throttled
        self._sleep = sleep
        self._fairness = FairLock()
        self._throttled = ThrottleWaits(monotonic)
        self._budget = CallBudget(monotonic, sleep, share=share)
        self._breaker = CircuitBreaker(monotonic)

    async def call(self, operation: ArmOperation, factory: Factory, /, *arguments: object) -> Json:
        """The decoded JSON of one answer (of a list: one page); raises an AdfError."""
        with self._observe(operation.operation_id, factory.alias):
            return await self._read(operation, factory, *arguments)

    async def close(self) -> None:
        """Close connections and the credential."""
        await self._client.close()
        await self._credential.close()

    async def _read(self, operation: ArmOperation, factory: Factory, *arguments: object) -> Json:
        """Ask within the time there is; an error says which factory was asked."""
        asked = operation.describe(factory, *arguments)
        send = self._counted(operation, factory, self._request(operation, factory, *arguments))
        self._check(operation, factory, asked)
        try:
            async with asyncio.timeout(self._limit):
                answer = await self._send_again(send, asked)
        except TimeoutError:
            said = f"no answer within {self._limit:g} s"
            failure: AdfError = Unavailable(said, asked=asked, reach=Reach.SILENCE)
        except AdfError as error:
            failure = error
        else:
            self._breaker.succeeded(operation.name)
            return answer
        self._note(operation, failure)
        failure.resource = factory.resource_id
        raise failure

    def _check(self, operation: ArmOperation, factory: Factory, request: str) -> None:
        """Raise at once what is known already: a wait that is not over, or nobody who answers."""
        try:
            self._throttled.check(operation.name, request)
            self._breaker.check(operation.name, request)
        except AdfError as error:
            error.resource = factory.resource_id
            raise

    def _note(self, operation: ArmOperation, failure: AdfError) -> None:
        """What later calls should know of a failed one."""
        self._breaker.failed(operation.name, failure)
        if isinstance(failure, Throttled):
            self._throttled.keep(operation.name, failure)

    def _counted(self, operation: ArmOperation, factory: Factory, send: Send) -> Send:
        """The same call, that says when it was refused as one too many."""

        async def counted(**options: bool) -> AsyncIterator[bytes]:
            try:
                return await send(**options)
            except HttpResponseError as error:
                if error.status_code == TOO_MANY:
                    self._count_throttled(operation.operation_id, factory.alias)
                raise

        return counted

    def _request(self, operation: ArmOperation, factory: Factory, *arguments: object) -> Send:
        """The SDK's call, or the page of a list that it cannot stream."""
        if operation.path:
            return partial(self._get, self._page_url(operation, factory, *arguments))
        group, _, name = operation.method.partition(".")
        method = getattr(getattr(self._client, group), name)
        bodies = (dict(cast("Json", one)) if isinstance(one, Mapping) else one for one in arguments)
        return partial(method, factory.resource_group, factory.name, *bodies)

    def _page_url(
        self, operation: ArmOperation, factory: Factory, link: object, *filters: object
    ) -> str:
        """The first page or the one a link leads to; the token goes to no other host."""
        base = f"{self._arm_url}{quote(operation.address(factory))}"
        query = [f"api-version={operation.api_version}"]
        query += [f"%24filter={quote(str(one))}" for one in filters]
        url = str(link) if link else f"{base}?{'&'.join(query)}"
        if urlsplit(url)[:2] != urlsplit(base)[:2]:
            asked = operation.describe(factory, link, *filters)
            raise Unavailable("the next page is on another host", asked=asked)
        return url

    async def _get(self, url: str, *, stream: bool) -> AsyncIterator[bytes]:
        response = await self._client.send_request(HttpRequest("GET", url), stream=stream)
        if response.status_code != 200:
            await response.read()
            response.raise_for_status()
        return response.iter_bytes()

    async def _send(self, send: Send, asked: str) -> Json:
        await self._fairness.passed()
        try:
            async with self._budget.call(asked):
                body = b"".join([part async for part in await send(stream=True)])
        except AzureError as error:
            raise translated(error, asked) from error
        except zlib.error:
            said = "the answer cannot be unpacked"
            raise Unavailable(said, asked=asked, reach=Reach.NONSENSE) from None
        await self._fairness.passed()
        if len(body) > _LARGE:
            return await asyncio.to_thread(decoded, body, asked)
        return decoded(body, asked)

    async def _send_again(self, send: Send, request: str) -> Json:
        """Ask again what only reads, when the service says "in a moment" and there is time."""
        begun = asyncio.get_running_loop().time()
        try:
            return await self._send(send, request)
        except AdfError as error:
            if not _passes_soon(error):
                raise
            first = [error]

        async def attempt() -> Json:
            if first:
                raise first.pop()
            return await self._send(send, request)

        left = self._limit - (asyncio.get_running_loop().time() - begun)
        return await self._retrying(left)(attempt)

    def _retrying(self, seconds: float) -> AsyncRetrying:
        """What came of the first time is its first attempt; most calls never come here."""
        return AsyncRetrying(
            retry=retry_if_exception(_passes_soon),
            wait=_wait,
            stop=stop_after_attempt(MOST_ATTEMPTS) | stop_before_delay(seconds),
            sleep=self._sleep,
            reraise=True,
        )


def _own_credential(arm_url: str) -> AsyncTokenCredential:
    """The identity of the process, or that of a simulator on this machine."""
    is_local = urlsplit(arm_url).scheme == "http"
    return LoopbackCredential() if is_local else DefaultAzureCredential()


def _client(
    subscription: str, arm_url: str, credential: AsyncTokenCredential
) -> DataFactoryManagementClient:
    pipeline = read_pipeline(arm_url, credential, SCOPE, connect=CONNECT_LIMIT, read=CALL_LIMIT)
    return DataFactoryManagementClient(
        credential, subscription, base_url=arm_url, credential_scopes=[SCOPE], **pipeline
    )


def decoded(body: bytes, asked: str) -> Json:
    """The JSON object of an answer; Unavailable for anything else."""
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
