"""Who acts in Azure: the writer's identity, or a person whose own token was exchanged for one."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.identity.aio import (
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

from adf.client.identity import WriterIdentity
from adf.client.simulator_transport import LoopbackCredential

# A token and when it expires, in seconds since 1970.
FetchToken = Callable[[], Awaitable[tuple[str, int]]]


def writer_credential(arm_url: str, writer: WriterIdentity) -> AsyncTokenCredential:
    """The writer: a managed identity, or an application with a secret; a simulator's own token."""
    if urlsplit(arm_url).scheme == "http":
        return LoopbackCredential(writer.client_id)
    if writer.secret:
        return ClientSecretCredential(writer.tenant, writer.client_id, writer.secret)
    return ManagedIdentityCredential(client_id=writer.client_id)


def reader_credential(arm_url: str) -> AsyncTokenCredential:
    """The identity that reads: doctor sees with it that it may not act."""
    local = urlsplit(arm_url).scheme == "http"
    return LoopbackCredential() if local else DefaultAzureCredential()


class PersonCredential(AsyncTokenCredential):
    """A person's own token for Resource Manager, so that Azure decides by their rights."""

    def __init__(self, fetch: FetchToken) -> None:
        """Take the token from an exchange, which keeps it as long as it lasts."""
        self._fetch = fetch

    async def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        """The token of the exchange."""
        token, expires = await self._fetch()
        return AccessToken(token, expires)

    async def close(self) -> None:
        """Nothing is held."""

    async def __aexit__(self, *_error: object) -> None:
        """Nothing is held."""
