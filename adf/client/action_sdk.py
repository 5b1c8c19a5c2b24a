"""The way of an act on the official SDK: sent once, under the writer's identity, nothing repeated.

azure-core posts a run again on 500, 503, 504 and on any answer with Retry-After: two runs for one
press. Here it retries nothing and follows no redirect, and each act has a connection of its own,
since one that was idle too long breaks off with nobody knowing whether it carried anything. An
answer that is lost becomes an OutcomeUnknown, which is looked up and never sent again.
"""

import asyncio
import logging
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestTimeoutError,
)
from azure.core.rest import AsyncHttpResponse, HttpRequest
from azure.mgmt.datafactory.aio import DataFactoryManagementClient

from adf.client.connections import unobserved
from adf.client.credentials import SCOPE, refused_sign_in
from adf.client.errors import causes_of, reach_of, translated
from adf.client.operations import API_VERSION
from adf.client.sdk import CALL_LIMIT, CONNECT_LIMIT, decoded
from adf.client.simulator_transport import LoopbackBearer
from adf.client.transport import CallHook, Json
from adf.client.write_operations import WriteOperation
from adf.errors import AdfError, BadArguments, OutcomeUnknown, Reach, Unavailable
from adf.records import Factory
from adf.redaction import redact_start

# Longer than a question may take: an answer that comes late is worth more than looking it up.
ACT_LIMIT = 20.0
_DONE = frozenset({200, 201, 202, 204})
# A gateway's 408 and every 5xx may come after the act was passed on.
_NOT_TELLING = frozenset({408, *range(500, 600)})
# Data Factory allows none of them in a name, and a server may take one for the end of it.
_NOT_IN_NAMES = frozenset("/\\?#%")
_NEVER_SENT = (aiohttp.ClientConnectorError, ServiceRequestTimeoutError)

logging.getLogger("azure").setLevel(logging.ERROR)


class SdkActionWire:
    """Posts to one subscription through the official asynchronous client."""

    def __init__(
        self,
        subscription: str,
        arm_url: str,
        credential: AsyncTokenCredential,
        act_limit: float = ACT_LIMIT,
        observe: CallHook = unobserved,
    ) -> None:
        """Open on `arm_url` with the writer's credential, which is closed with it."""
        self._arm_url = arm_url.rstrip("/")
        self._credential = credential
        self._limit = act_limit
        self._observe = observe
        local = urlsplit(arm_url).scheme == "http"
        self._client = DataFactoryManagementClient(
            credential,
            subscription,
            base_url=self._arm_url,
            credential_scopes=[SCOPE],
            authentication_policy=LoopbackBearer(credential, SCOPE) if local else None,
            retry_total=0,
            permit_redirects=False,
            headers={"Accept-Encoding": "gzip", "Connection": "close"},
            connection_timeout=CONNECT_LIMIT,
            read_timeout=act_limit,
        )

    async def post(
        self,
        operation: WriteOperation,
        factory: Factory,
        name: str,
        *,
        request_id: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None,
    ) -> Json:
        """Send it once, under that id; an AdfError, OutcomeUnknown where no answer says more."""
        request = operation.describe(name)
        if not name.strip(".") or _NOT_IN_NAMES & set(name):
            raise BadArguments(f"{name!r} is no name", asked=request)
        url = f"{self._arm_url}{operation.path_for(factory, name)}"
        params = {"api-version": API_VERSION, **query}
        http = HttpRequest("POST", url, params=params, json=None if body is None else dict(body))
        try:
            with self._observe(operation.operation_id, factory.alias):
                await self._sign_in()
                return await self._post(http, request, request_id)
        except AdfError as error:
            error.resource = factory.resource_id
            raise

    async def close(self) -> None:
        """Close connections and the credential."""
        await self._client.close()
        await self._credential.close()

    async def _sign_in(self) -> None:
        """Get the token first (the client takes it from the cache): then nothing is sent yet."""
        try:
            async with asyncio.timeout(CALL_LIMIT):
                await self._credential.get_token(SCOPE)
        except ClientAuthenticationError as error:
            raise refused_sign_in(error) from None
        except (AzureError, TimeoutError) as error:
            said = (
                redact_start(error.message, 2_000)
                if isinstance(error, AzureError)
                else "no answer in time"
            )
            raise Unavailable(said, asked="sign in to Azure", reach=Reach.SILENCE) from None

    async def _post(self, http: HttpRequest, request: str, request_id: str) -> Json:
        try:
            async with asyncio.timeout(self._limit):
                response = await self._client.send_request(http, stream=True, request_id=request_id)
                content = await response.read()
        except AzureError as error:
            if any(isinstance(cause, _NEVER_SENT) for cause in causes_of(error)):
                raise translated(error, request) from error
            raise _unknown(request, request_id, reach_of(error)) from error
        except (TimeoutError, zlib.error):
            raise _unknown(request, request_id, Reach.SILENCE) from None
        _check(response, request, request_id)
        return _answer(content, request, request_id)


def _check(response: AsyncHttpResponse, request: str, request_id: str) -> None:
    """Raise what the service refused, and that a gateway's error leaves the outcome open."""
    if response.status_code in _DONE:
        return
    error = translated(HttpResponseError(response=response), request)
    if response.status_code not in _NOT_TELLING:
        raise error
    raise OutcomeUnknown(
        error.said,
        request=request,
        code=error.code,
        status=response.status_code,
        request_id=request_id,
    )


def _answer(content: bytes, request: str, request_id: str) -> Json:
    """The body, where there is one: cancel and the triggers answer with none."""
    if not content.strip():
        return {}
    try:
        return decoded(content, request)
    except Unavailable:
        raise _unknown(request, request_id, Reach.NONSENSE) from None


def _unknown(request: str, request_id: str, reach: Reach) -> OutcomeUnknown:
    said = f"sent, but {reach}"
    return OutcomeUnknown(said, request=request, reach=reach, request_id=request_id)
