"""Examines who the bot is in Teams: its own token, and the keys that show who writes to it."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import aiohttp

from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, warn, wrong
from bot.doctor.remedies import fix_for_bot_sign_in
from bot.teams import NotSignedIn, SigningKeys, TeamsIdentity
from bot.teams.sign_in import CredentialUnusable, read_certificate
from bot.teams.tokens import ConnectorToken

_MANAGED = "MicrosoftAppFederatedIdentity"
_CERTIFICATE = "MicrosoftAppCertificate"
# What stands beside the app id, by the setting that proves who the bot is.
_BESIDE: Mapping[str, str] = {
    "MicrosoftAppPassword": "its secret",
    _CERTIFICATE: "its certificate",
    _MANAGED: "its federated identity",
    "MicrosoftAppFederatedTokenFile": "its federated token",
}
_LACKING = (
    "{} must be the client id of a user-assigned identity that this machine has: "
    "az identity list --query [].{{name:name,clientId:clientId}} -o table"
)
_SOON = timedelta(days=30)
_LOCAL = "ADFOPS_LOCAL=1: messages without a token, from this machine only; not for Teams"


async def examine_teams(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """The token to send with, and the published keys; nothing in local mode."""
    if it.identity is None:
        return [warn("bot identity", "not checked: its settings are wrong")]
    if it.identity.local:
        return [warn("bot identity", _LOCAL, "unset ADFOPS_LOCAL to serve Teams")]
    token, keys = await asyncio.gather(_token(it.identity, ways.limit), _keys(it.identity, ways))
    return [token, *await asyncio.to_thread(_certificate, it.identity, ways.now()), keys]


async def _token(identity: TeamsIdentity, limit: float) -> Finding:
    way = next(iter(identity.credentials), "") if identity.app_type == "SingleTenant" else ""
    what = f"MicrosoftAppId and {_BESIDE[way]}" if way else "MicrosoftAppId"
    try:
        async with asyncio.timeout(limit):
            await ConnectorToken(identity, time.monotonic).get()
    except NotSignedIn as error:
        return wrong(what, error.code, _fix(error, way, identity), Fixer.ENTRA)
    except TimeoutError:
        return wrong(what, f"no sign-in within {limit:g} s", "see the lines about the network")
    return ok(what, f"app {identity.app_id} gets a token of tenant {identity.tenant_id}")


def _fix(error: NotSignedIn, way: str, identity: TeamsIdentity) -> str:
    is_lacking = not way or error.code.startswith(_MANAGED)
    if is_lacking:
        return _LACKING.format(way or "MicrosoftAppId")
    return fix_for_bot_sign_in(error.code, identity.app_id, _BESIDE[way])


def _certificate(identity: TeamsIdentity, now: datetime) -> Sequence[Finding]:
    """When the certificate ends, where the bot signs in with one that can be read."""
    if identity.certificate is None:
        return []
    try:
        ends = read_certificate(identity.certificate).ends
    except CredentialUnusable:
        return []
    said, fix = f"good until {ends:%Y-%m-%d}", "make a new one and upload its public part"
    if ends <= now:
        return [wrong(_CERTIFICATE, f"ended on {ends:%Y-%m-%d}", fix, Fixer.ENTRA)]
    return [
        warn(_CERTIFICATE, said, fix, Fixer.ENTRA) if ends - now < _SOON else ok(_CERTIFICATE, said)
    ]


async def _keys(identity: TeamsIdentity, ways: Connections) -> Finding:
    what = "signing keys of the Bot Framework"
    keys = SigningKeys(identity.endpoints.signing_keys, ways.session, time.monotonic)
    try:
        async with asyncio.timeout(ways.limit):
            await keys.refresh()
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
        said = f"can't be read, so no message could be verified: {type(error).__name__}"
        fix = f"let the bot reach {identity.endpoints.signing_keys}"
        return wrong(what, said, fix, Fixer.NETWORK)
    return ok(what, "read")
