"""The wire on the official SDKs: azure-mgmt-datafactory to ask, azure-identity to sign in.

Every call streams and we decode the JSON ourselves: SDK 10.0.0 loses activity types and spends
about 10 ms of the event loop on each page of 100 runs. Nothing here is retried by the SDK, so a
wait that the service asks for is seen by the caller instead of hidden inside the call.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable
from typing import Any, cast
from urllib.parse import quote, urlsplit

import orjson
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError
from azure.core.rest import HttpRequest
from azure.identity.aio import DefaultAzureCredential
from azure.mgmt.datafactory.aio import DataFactoryManagementClient

from adf.client.failures import translated
from adf.client.loopback import LoopbackBearer, LoopbackCredential
from adf.client.wire import Json
from adf.errors import Unavailable
from adf.records import Factory

API_VERSION = "2018-06-01"
CALL_LIMIT = 20.0
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
    ) -> None:
        """Open on `arm_url`; without a credential: DefaultAzureCredential, or loopback's own."""
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
            connection_timeout=5,
            read_timeout=15,
        )
        self._limit = call_limit

    async def query_runs(self, factory: Factory, query: Json) -> Json:
        """One page of PipelineRuns_QueryByFactory."""
        call = self._client.pipeline_runs.query_by_factory(
            factory.resource_group, factory.name, cast("Any", dict(query)), stream=True
        )
        return await self._read(call, f"query the pipeline runs of {factory.name}")

    async def get_run(self, factory: Factory, run_id: str) -> Json:
        """PipelineRuns_Get."""
        call = self._client.pipeline_runs.get(
            factory.resource_group, factory.name, run_id, stream=True
        )
        return await self._read(call, f"get pipeline run {run_id}")

    async def query_activity_runs(self, factory: Factory, run_id: str, query: Json) -> Json:
        """One page of ActivityRuns_QueryByPipelineRun."""
        call = self._client.activity_runs.query_by_pipeline_run(
            factory.resource_group, factory.name, run_id, cast("Any", dict(query)), stream=True
        )
        return await self._read(call, f"query the activity runs of {run_id}")

    async def get_pipeline(self, factory: Factory, name: str) -> Json:
        """Pipelines_Get."""
        call = self._client.pipelines.get(factory.resource_group, factory.name, name, stream=True)
        return await self._read(call, f"get pipeline {name}")

    async def list_pipelines(self, factory: Factory, next_link: str | None) -> Json:
        """One page of Pipelines_ListByFactory (by `send_request`: the SDK's own cannot stream)."""
        base = (
            f"{self._arm_url}/subscriptions/{quote(factory.subscription)}/resourceGroups/"
            f"{quote(factory.resource_group)}/providers/Microsoft.DataFactory/factories/"
            f"{quote(factory.name)}"
        )
        url = next_link or f"{base}/pipelines?api-version={API_VERSION}"
        asked = f"list the pipelines of {factory.name}"
        if urlsplit(url)[:2] != urlsplit(base)[:2]:
            raise Unavailable("the next page is on another host", asked=asked)
        return await self._read(self._send(HttpRequest("GET", url)), asked)

    async def close(self) -> None:
        """Close connections and the credential."""
        await self._client.close()
        await self._credential.close()

    async def _send(self, request: HttpRequest) -> AsyncIterator[bytes]:
        response = await self._client.send_request(request, stream=True)
        if response.status_code != 200:
            await response.read()
            response.raise_for_status()
        return response.iter_bytes()

    async def _read(self, call: Awaitable[Any], asked: str) -> Json:
        try:
            async with asyncio.timeout(self._limit):
                body = b"".join([part async for part in await call])
            answer = orjson.loads(body)
        except TimeoutError:
            raise Unavailable(f"no answer within {self._limit:.0f} s", asked=asked) from None
        except orjson.JSONDecodeError:
            raise Unavailable("the answer is not JSON", asked=asked) from None
        except AzureError as error:
            raise translated(error, asked) from error
        if not isinstance(answer, dict):
            raise Unavailable("the answer is not a JSON object", asked=asked)
        return cast("Json", answer)
