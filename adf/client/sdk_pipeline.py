"""What a read goes through in azure-core: identity and headers, and a transport that asks once.

The SDK's own pipeline has nine policies more (retries, redirects, registration, logging, tracing),
all of which are switched off or done elsewhere here, and its transport looks for a `.netrc` and for
proxies in a thread before each request. Together that was half of what a call cost.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from uuid import uuid4

from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import (
    HeadersPolicy,
    ProxyPolicy,
    RequestIdPolicy,
    UserAgentPolicy,
)
from azure.core.pipeline.transport import AioHttpTransport
from azure.mgmt.core.policies import AsyncARMChallengeAuthenticationPolicy

from adf.client.simulator_transport import LOOPBACK, LoopbackBearer

# azure-core unpacks "deflate" as if it were gzip, and breaks.
_HEADERS = {"Accept-Encoding": "gzip"}
SDK_MONIKER = "mgmt-datafactory"


class _RandomIds(RequestIdPolicy):
    """Names each request by chance: the SDK's own ids ask a service of the machine for the time."""

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Choose the id that the header gets."""
        request.context.options.setdefault("request_id", str(uuid4()))
        super().on_request(request)


def read_pipeline(
    arm_url: str, credential: AsyncTokenCredential, scope: str, *, connect: float, read: float
) -> Mapping[str, Any]:
    """Policies and transport of a client that reads; seconds to connect and between two bytes."""
    is_local = urlsplit(arm_url).scheme == "http"
    bearer = LoopbackBearer if is_local else AsyncARMChallengeAuthenticationPolicy
    return {
        "policies": [
            _RandomIds(),
            HeadersPolicy(_HEADERS),
            UserAgentPolicy(sdk_moniker=SDK_MONIKER),
            ProxyPolicy(proxies=proxies_for(arm_url)),
            bearer(credential, scope),
        ],
        "transport": AioHttpTransport(
            use_env_settings=False, connection_timeout=connect, read_timeout=read
        ),
    }


def proxies_for(url: str) -> dict[str, str]:
    """The proxies of the environment for an address; none for this machine or an exception."""
    host = urlsplit(url).hostname or ""
    if host in LOOPBACK or proxy_bypass(host):
        return {}
    return {scheme: one for scheme, one in getproxies().items() if scheme in {"http", "https"}}
