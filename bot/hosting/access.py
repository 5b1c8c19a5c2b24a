"""Builds what tells who asks: groups and roles, tokens of people and callers, rate limits."""

import time
from contextlib import AsyncExitStack

import aiohttp

from adf.client.azure_tokens import AzureTokens
from bot.access.common_rates import CommonRates
from bot.access.directory import PeopleDirectory
from bot.access.directory_lookups import AzureAssignments, EntraGroups
from bot.access.entra_tokens import EntraTokens
from bot.access.rate_limits import RateLimits
from bot.alerts.pushes import PushCallers
from bot.hosting.replicas import Replica
from bot.hosting.setup import Clock, Setup
from bot.state.store import Store
from bot.teams import TeamsAdapter
from bot.teams.person_tokens import PersonTokens


def open_directory(
    setup: Setup, session: aiohttp.ClientSession, stack: AsyncExitStack
) -> PeopleDirectory | None:
    """Who asks for groups and role assignments; nobody where neither gives a role."""
    if not setup.directory.roles:
        return None
    tokens = AzureTokens()
    directory = PeopleDirectory(
        setup.directory.roles,
        setup.factories,
        EntraGroups(session, tokens.get, setup.directory.graph_url),
        AzureAssignments(session, tokens.get, setup.arm_url),
        time.monotonic,
    )
    stack.push_async_callback(tokens.aclose)
    stack.push_async_callback(directory.close)
    return directory


def person_tokens(
    setup: Setup, adapter: TeamsAdapter, session: aiohttp.ClientSession
) -> PersonTokens | None:
    """The tokens of people who sign in to act; none where the bot's own identity acts."""
    if not setup.sign_in:
        return None
    return PersonTokens(
        connection=setup.sign_in,
        identity=setup.identity,
        bot_token=adapter.token,
        session=session,
        seconds=time.time,
    )


def push_callers(setup: Setup, session: aiohttp.ClientSession) -> PushCallers:
    """Who may push alerts; tokens are checked for the bot's own registration, if it has one."""
    identity = setup.identity
    tokens = None
    if identity.app_id and identity.tenant_id:
        tokens = EntraTokens(
            app_id=identity.app_id,
            tenants=(identity.tenant_id,),
            session=session,
            seconds=time.monotonic,
            authority=identity.endpoints.authority,
        )
    return PushCallers(tokens=tokens, apps=setup.pushes.apps, secret=setup.pushes.secret)


def rate_limits(store: Store, replica: Replica | None, clock: Clock) -> RateLimits:
    """Rate limits of this process, or of the fleet that it belongs to."""
    if replica is None:
        return RateLimits(clock)
    registry = replica.registry
    return RateLimits(clock, common=CommonRates(store, clock), replicas=lambda: registry.count)
