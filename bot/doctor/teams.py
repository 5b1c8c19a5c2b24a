"""Examines who the bot is in Teams: its own token, and the keys that show who writes to it."""

import asyncio
import time
from collections.abc import Sequence

import aiohttp

from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, warn, wrong
from bot.doctor.remedies import fix_for_bot_secret
from bot.teams import NotSignedIn, SigningKeys, TeamsIdentity
from bot.teams.tokens import ConnectorToken

_LOCAL = "ADFOPS_LOCAL=1: messages without a token, from this machine only; not for Teams"


async def examine_teams(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """The token to send with, and the published keys; nothing in local mode."""
    if it.identity is None:
        return [warn("bot identity", "not checked: its settings are wrong")]
    if it.identity.local:
        return [warn("bot identity", _LOCAL, "unset ADFOPS_LOCAL to serve Teams")]
    token, keys = await asyncio.gather(_token(it.identity, ways.limit), _keys(it.identity, ways))
    return [token, keys]


async def _token(identity: TeamsIdentity, limit: float) -> Finding:
    what = "MicrosoftAppId and its secret" if _has_secret(identity) else "MicrosoftAppId"
    try:
        async with asyncio.timeout(limit):
            await ConnectorToken(identity, time.monotonic).get()
    except NotSignedIn as error:
        fix = fix_for_bot_secret(error.code, identity.app_id)
        if not _has_secret(identity):
            fix = (
                "MicrosoftAppId must be the client id of a user-assigned identity that this "
                "machine has: az identity list --query [].{name:name,clientId:clientId} -o table"
            )
        return wrong(what, error.code, fix, Fixer.ENTRA)
    except TimeoutError:
        return wrong(what, f"no sign-in within {limit:g} s", "see the lines about the network")
    return ok(what, f"app {identity.app_id} gets a token of tenant {identity.tenant_id}")


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


def _has_secret(identity: TeamsIdentity) -> bool:
    return identity.app_type == "SingleTenant"
