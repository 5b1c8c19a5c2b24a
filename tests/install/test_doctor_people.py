"""Doctor shows whether groups and Azure's roles can be asked for, where they give people roles."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from adf.client.identity import AzureIdentity
from bot.access.directory import DirectoryRoles, DirectorySetup
from bot.access.roles import Role
from bot.doctor import CheckResult, DoctorInput, Finding, Fixer
from bot.doctor.directory import examine_directory
from tests.doubles.directory import DirectoryDouble, running_directory
from tests.install.conftest import BOT_IN_AZURE, LAB, Ward

GROUP = "cccccccc-2222-4222-8222-222222222222"
ROLES = DirectoryRoles(groups={"lab": {GROUP: Role.OPERATOR}}, azure={"lab": {GROUP: Role.READER}})


@pytest.fixture
async def directory() -> AsyncGenerator[DirectoryDouble]:
    async with running_directory() as double:
        yield double


async def examined(
    ward: Ward, directory: DirectoryDouble, roles: DirectoryRoles = ROLES
) -> dict[str, Finding]:
    async def signed_in() -> AzureIdentity:
        return AzureIdentity(token="t", name="adf-ops", object_id=BOT_IN_AZURE)

    setup = DirectorySetup(roles=roles, graph_url=directory.url)
    it: DoctorInput = replace(ward.it, directory=setup, arm_url=directory.url, factories=(LAB,))
    found = await examine_directory(it, replace(ward.ways, sign_in=signed_in))
    return {one.what: one for one in found}


async def test_what_can_be_asked_is_well(ward: Ward, directory: DirectoryDouble) -> None:
    found = await examined(ward, directory)
    assert {one.verdict for one in found.values()} == {CheckResult.OK}
    assert len(found) == 2


async def test_a_permission_that_lacks_is_found_with_what_gives_it(
    ward: Ward, directory: DirectoryDouble
) -> None:
    directory.status = 403
    found = await examined(ward, directory)
    groups = found["people: groups in Entra"]
    assert (groups.verdict, groups.who) == (CheckResult.WRONG, Fixer.ENTRA)
    assert "GroupMember.Read.All" in groups.fix
    roles = found["people: roles in Azure on lab"]
    assert (roles.verdict, roles.who) == (CheckResult.WRONG, Fixer.AZURE)
    assert f"principalId={BOT_IN_AZURE}" in roles.fix
    assert roles.fix.endswith("role=people")


async def test_nothing_is_asked_where_people_are_named(
    ward: Ward, directory: DirectoryDouble
) -> None:
    assert await examined(ward, directory, DirectoryRoles()) == {}
    assert directory.calls.total() == 0
