"""How the SDK talks to a simulator on this machine: a token nobody else takes, over plain HTTP."""

import time
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.pipeline import PipelineRequest
from azure.core.pipeline.policies import AsyncBearerTokenCredentialPolicy
from azure.core.rest import HttpRequest

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class LoopbackCredential(AsyncTokenCredential):
    """Signs in to a simulator on this machine; no real service takes its token."""

    def __init__(self, identity: str = "loopback") -> None:
        """Sign in as that identity: a simulator with roles goes by its name."""
        self._identity = identity

    async def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        """Return a token that only a simulator accepts."""
        return AccessToken(self._identity, int(time.time()) + 3600)

    async def close(self) -> None:
        """Nothing is held."""

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Nothing is held."""


class LoopbackBearer(AsyncBearerTokenCredentialPolicy[HttpRequest, Any]):
    """Lets the bearer token travel over plain HTTP, to this machine only."""

    async def on_request(self, request: PipelineRequest[HttpRequest]) -> None:
        """Lift the rule that a token needs TLS when the host is loopback."""
        if urlsplit(request.http_request.url).hostname in LOOPBACK:
            request.context.options["enforce_https"] = False
        await super().on_request(request)
