"""Which identity the bot is in Azure, as its token tells it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureIdentity:
    """A token for Resource Manager, and whom Entra says it is for (as far as the token tells)."""

    token: str = field(repr=False)
    name: str
    is_person: bool = False
    object_id: str | None = None
    tenant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterIdentity:
    """The identity that acts, by its client id: a managed one, or an application with a secret."""

    client_id: str
    tenant: str = ""
    secret: str | None = field(default=None, repr=False)


SignIn = Callable[[], Awaitable[AzureIdentity]]
