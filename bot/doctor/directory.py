"""Examines whether groups and role assignments can be asked for, where they give people roles."""

import asyncio
from collections.abc import Awaitable, Sequence

from adf.client.identity import AzureIdentity
from adf.errors import AdfError
from adf.records import Factory
from bot.access.directory import RolesUnreadable
from bot.access.directory_lookups import AzureAssignments, EntraGroups
from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, Fixer, ok, wrong
from bot.doctor.remedies import grant_command

GROUPS = "people: groups in Entra"
# Nobody has this id: what may be asked is answered all the same, with nothing.
_NOBODY = "00000000-0000-0000-0000-000000000000"
_GRAPH = (
    "give the bot's identity the application permissions User.Read.All and GroupMember.Read.All of "
    "Microsoft Graph (deploy/README.md, step 4)"
)


async def examine_directory(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """What groups and Azure's roles need, as far as the settings use them."""
    roles, found = it.directory.roles, list[Awaitable[Finding]]()
    if roles.groups:
        found.append(_groups(it, ways))
    wanted = [one for one in it.factories if one.alias in roles.azure]
    who = await _who(ways) if wanted else None
    found += [_assignments(one, it, ways, who) for one in wanted]
    return await asyncio.gather(*found)


async def _groups(it: DoctorInput, ways: Connections) -> Finding:
    graph = it.directory.graph_url
    lookup = EntraGroups(ways.session, ways.token, graph)
    groups = it.directory.roles.every_group
    try:
        async with asyncio.timeout(ways.limit):
            await lookup.groups_of(_NOBODY, groups)
    except (RolesUnreadable, TimeoutError) as error:
        return wrong(
            GROUPS, f"cannot be asked for: {error or 'no answer in time'}", _GRAPH, Fixer.ENTRA
        )
    return ok(GROUPS, f"{len(groups)} named, and {graph} answers")


async def _assignments(
    factory: Factory, it: DoctorInput, ways: Connections, who: AzureIdentity | None
) -> Finding:
    what = f"people: roles in Azure on {factory.alias}"
    lookup = AzureAssignments(ways.session, ways.token, it.arm_url)
    try:
        async with asyncio.timeout(ways.limit):
            await lookup.roles_at(_NOBODY, factory)
    except (RolesUnreadable, TimeoutError) as error:
        said = f"cannot be asked for: {error or 'no answer in time'}"
        fix = grant_command(factory, who.object_id if who else None, role="people")
        return wrong(what, said, fix, Fixer.AZURE)
    return ok(what, "role assignments can be read")


async def _who(ways: Connections) -> AzureIdentity | None:
    """Whose rights are asked about, for the command that grants them."""
    try:
        async with asyncio.timeout(ways.limit):
            return await ways.sign_in()
    except (AdfError, TimeoutError):
        return None
