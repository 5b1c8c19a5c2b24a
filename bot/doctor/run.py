"""The whole examination: every check at once, each ended in time, none hiding another."""

import asyncio
from collections.abc import Awaitable, Sequence

from adf.redaction import redact
from bot.doctor.acts import actor_connections, examine_acts
from bot.doctor.azure import examine_azure
from bot.doctor.context import Connections, DoctorInput
from bot.doctor.directory import examine_directory
from bot.doctor.findings import CheckResult, Finding, wrong
from bot.doctor.machine import (
    examine_people,
    examine_port,
    examine_settings,
    examine_store,
    examine_zone,
)
from bot.doctor.model import MODEL, examine_model, examine_servers
from bot.doctor.network import examine_network
from bot.doctor.teams import examine_teams
from bot.doctor.tickets import examine_tickets

WHOLE_LIMIT = 14.0


async def examine(
    it: DoctorInput, ways: Connections, limit: float = WHOLE_LIMIT
) -> Sequence[Finding]:
    """Everything that is found, in the order in which it is best fixed; within `limit` s."""
    at_once = [*examine_settings(it), *examine_people(it), *examine_zone(it, ways)]
    found = await asyncio.gather(
        _ended("ADFOPS_STORE", examine_store(it), limit),
        _ended("ADFOPS_PORT", examine_port(it, ways), limit),
        _ended("network", examine_network(it, ways), limit),
        _ended("bot identity", examine_teams(it, ways), limit),
        _ended("Azure", examine_azure(it, ways), limit),
        _ended("people", examine_directory(it, ways), limit),
        _ended("acts", examine_acts(it, ways, actor_connections(it)), limit),
        _ended(MODEL, examine_model(it, ways), limit),
        _ended("MCP servers", examine_servers(it, ways), limit),
        _ended("tickets", examine_tickets(it, ways), limit),
    )
    return [*at_once, *(one for some in found for one in some)]


def is_well(findings: Sequence[Finding]) -> bool:
    """Whether the bot can do its work: nothing is wrong, whatever there is to know."""
    return all(one.verdict is not CheckResult.WRONG for one in findings)


async def _ended(what: str, check: Awaitable[Sequence[Finding]], limit: float) -> Sequence[Finding]:
    """A check's findings; that it took too long, or broke, is a finding too."""
    try:
        async with asyncio.timeout(limit):
            return await check
    except TimeoutError:
        return [wrong(what, f"could not be checked within {limit:g} s", "run doctor again")]
    except Exception as error:  # noqa: BLE001 - one broken check must not hide the others
        said = f"could not be checked: {type(error).__name__}: {redact(str(error))}"
        return [wrong(what, said, "report this line")]
