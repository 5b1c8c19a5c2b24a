"""Who the bot is to Azure, and whom it believes; refused at once when it could fail open.

CloudAdapter of 4.17.1 runs the bot for anybody when the app id is blank or the configuration is a
dict; here a blank identity is an error, and anonymous messages need `local`, on loopback only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

import aiohttp
from jwt import PyJWK

from bot.access.signing_keys import NoKeys, PublishedKeys, UnknownKey
from bot.teams.errors import CannotTell, ForeignSender, WrongIdentity

ISSUER = "https://api.botframework.com"
# Hosts of the Bot Connector in public and government clouds (Microsoft Teams platform docs).
CONNECTOR_HOSTS = (
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
)
CONNECTOR_DOMAINS = (".botframework.com", ".teams.microsoft.com", ".teams.microsoft.us")

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Stricter than any URL parser, so that no two of them can read different hosts out of it.
_SERVICE = re.compile(
    r"(?P<scheme>https?)://(\[(?P<ip6>[0-9a-f:]+)\]|(?P<host>[a-z0-9.-]+))(:\d{1,5})?(/[a-z0-9._~/-]*)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Where keys and tokens come from; tests put doubles of their own here.

    `connectors` are service URLs that are believed besides Microsoft's own: none in production.
    """

    signing_keys: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    authority: str = "https://login.microsoftonline.com/"
    tokens: str = "https://api.botframework.com/"
    connectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsIdentity:
    """The bot's app registration; `local` takes anonymous messages, on this machine only.

    It signs in by exactly one of a secret, the PEM file of a certificate, the client id of a
    managed identity that the registration trusts, or the token file of a workload identity.
    """

    app_id: str = ""
    app_password: str = field(default="", repr=False)
    certificate: Path | None = None
    federated_identity: str = ""
    token_file: Path | None = None
    app_type: Literal["SingleTenant", "UserAssignedMSI"] = "SingleTenant"
    tenant_id: str = ""
    tenants: tuple[str, ...] = ()
    local: bool = False
    endpoints: Endpoints = Endpoints()

    def __post_init__(self) -> None:
        """Refuse what could fail open."""
        if self.local:
            return
        if not _GUID.fullmatch(self.app_id):
            raise WrongIdentity("MicrosoftAppId is not a GUID: set the bot's application id")
        if not _GUID.fullmatch(self.tenant_id):
            raise WrongIdentity(
                "MicrosoftAppTenantId is not a GUID: set the tenant of the bot's registration"
            )
        if self.app_type not in {"SingleTenant", "UserAssignedMSI"}:
            raise WrongIdentity("MicrosoftAppType is neither SingleTenant nor UserAssignedMSI")
        if self.app_type == "SingleTenant":
            self._check_credential()

    @property
    def credentials(self) -> tuple[str, ...]:
        """The settings that are set of those that each prove who the bot is."""
        given = {
            "MicrosoftAppPassword": self.app_password.strip(),
            "MicrosoftAppCertificate": self.certificate,
            "MicrosoftAppFederatedIdentity": self.federated_identity,
            "MicrosoftAppFederatedTokenFile": self.token_file,
        }
        return tuple(name for name, value in given.items() if value)

    def _check_credential(self) -> None:
        if not self.credentials:
            raise WrongIdentity(
                "MicrosoftAppPassword is blank: SingleTenant needs a secret, a certificate or a "
                "federated identity"
            )
        if len(self.credentials) > 1:
            raise WrongIdentity(f"{' and '.join(self.credentials)} are set: keep one of them")

    def takes_tenant(self, tenant: str) -> bool:
        """Whether people of a tenant may talk to the bot."""
        allowed = self.tenants or ((self.tenant_id,) if self.tenant_id else ())
        return (self.local and not allowed) or tenant.lower() in {one.lower() for one in allowed}

    def takes_service(self, url: object) -> bool:
        """Whether a service URL is a Bot Connector: the bot's bearer token travels there."""
        parts = _SERVICE.fullmatch(url) if isinstance(url, str) else None
        if parts is None:
            return False
        host = (parts["host"] or parts["ip6"]).lower()
        if self.local:
            return is_loopback(host)
        known = host in CONNECTOR_HOSTS or host.endswith(CONNECTOR_DOMAINS)
        return (known and parts["scheme"].lower() == "https") or url in self.endpoints.connectors


@lru_cache(maxsize=256)
def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this machine."""
    name = (host or "").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False


class SigningKeys:
    """Keys by id, endorsed for Teams; asked anew for an unknown id, at most every five minutes."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, seconds: Callable[[], float]
    ) -> None:
        """Borrow the session; nothing is fetched before the first use."""
        self._published = PublishedKeys(url, session, seconds, _is_endorsed)

    async def get(self, key_id: str) -> PyJWK:
        """The key of that id; Refused when a fresh list lacks it, CannotTell without a list."""
        try:
            return await self._published.get(key_id)
        except UnknownKey:
            raise ForeignSender(
                "the token is signed with a key that is not published for Teams"
            ) from None
        except NoKeys:
            raise CannotTell("the signing keys cannot be read") from None

    @property
    def problem(self) -> str:
        """What stands in the way of newer keys, or ""."""
        return self._published.problem

    async def refresh(self) -> None:
        """Read the published keys; raises what stands in the way."""
        await self._published.refresh()

    async def settled(self) -> None:
        """Wait for a renewal that goes on in the background, if one does."""
        await self._published.settled()


def _is_endorsed(wire: Mapping[str, Any]) -> bool:
    return "msteams" in list(wire["endorsements"])
