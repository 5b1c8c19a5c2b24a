"""Roles by groups and role assignments: as far as the services say so, for a minute, else none."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
import pytest

from adf.records import Factory
from bot.access.audit import AuditLog
from bot.access.denial import Denials
from bot.access.directory import DirectoryRoles, PeopleDirectory
from bot.access.directory_lookups import AzureAssignments, EntraGroups
from bot.access.policy import AccessPolicy, Lack, Right, TenantAccess
from bot.access.roles import Role
from bot.messages import Address, Person, Scope
from bot.state.rooms import Rooms
from bot.state.store import MemoryStore
from tests.bot.teams.conftest import Watch
from tests.doubles.directory import Assignment, DirectoryDouble, running_directory
from tests.doubles.teams import TENANT

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
MAYA, TOM = (f"{one * 8}-1111-4111-8111-111111111111" for one in "ab")
ON_CALL, TEAM, READERS = (f"{one * 8}-2222-4222-8222-222222222222" for one in "cde")
CONTRIBUTOR, READER_ROLE = (f"{one * 8}-3333-4333-8333-333333333333" for one in "12")
SUBSCRIPTION = "/subscriptions/sub"
PROD = Factory(alias="prod", subscription="sub", resource_group="rg", name="adf-prod")
UAT = Factory(alias="uat", subscription="sub", resource_group="rg-uat", name="adf-uat")
GIVEN = DirectoryRoles(
    groups={
        "prod": {ON_CALL: Role.OPERATOR, READERS: Role.READER},
        "uat": {READERS: Role.STAKEHOLDER},
    },
    azure={"uat": {CONTRIBUTOR: Role.OPERATOR, READER_ROLE: Role.READER}},
)
PERSONAL = Address(
    scope=Scope.PERSONAL,
    tenant=TENANT,
    service_url="https://x/",
    conversation="a:1",
    bot_id="28:bot",
    bot_name="ADF Ops",
)


class Members:
    """A roster; `guests` are those who are guests."""

    def __init__(self) -> None:
        self.guests: set[str] = set()

    async def is_guest(self, address: Address, person: Person) -> bool:
        return person.person_id in self.guests


@dataclass(kw_only=True)
class Stage:
    """A policy that asks the double, and a clock that a test moves."""

    policy: AccessPolicy
    denials: Denials
    double: DirectoryDouble
    directory: PeopleDirectory
    watch: Watch
    members: Members

    async def roles(self, person: str) -> dict[str, Role]:
        return dict((await self.policy.grant(who(person), PERSONAL)).roles)


def who(person: str, tenant: str = TENANT) -> Person:
    return Person(person_id=person, name="Maya", tenant=tenant)


async def token(url: str) -> str:
    return "of-the-reader"


@pytest.fixture
async def stage() -> AsyncGenerator[Stage]:
    watch, members, store = Watch(), Members(), MemoryStore()
    async with running_directory() as double, aiohttp.ClientSession() as session:
        double.people = {MAYA, TOM}
        directory = PeopleDirectory(
            GIVEN,
            (PROD, UAT),
            EntraGroups(session, token, double.url),
            AzureAssignments(session, token, double.url),
            watch,
        )
        everybody = TenantAccess(factories=("prod", "uat"), default="prod")
        policy = AccessPolicy(
            everybody,
            Rooms(store, lambda: NOW),
            members,
            lambda tenant: tenant == TENANT,
            directory,
        )
        denials = Denials(policy, AuditLog(store, lambda: NOW))
        yield Stage(
            policy=policy,
            denials=denials,
            double=double,
            directory=directory,
            watch=watch,
            members=members,
        )
        await directory.close()


def in_group(double: DirectoryDouble) -> None:
    double.members = {ON_CALL: {MAYA}}


def in_a_group_of_a_group(double: DirectoryDouble) -> None:
    double.members = {ON_CALL: {TEAM}, TEAM: {MAYA}}


def assigned_above(double: DirectoryDouble) -> None:
    double.assignments = [Assignment(principal=MAYA, role=CONTRIBUTOR, scope=SUBSCRIPTION)]


def assigned_to_a_group(double: DirectoryDouble) -> None:
    double.members = {TEAM: {MAYA}}
    double.assignments = [Assignment(principal=TEAM, role=CONTRIBUTOR, scope=UAT.resource_id)]


def assigned_among_many(double: DirectoryDouble) -> None:
    double.page = 2
    double.assignments = [
        *(Assignment(principal=MAYA, role=f"other-{one}", scope=SUBSCRIPTION) for one in range(5)),
        Assignment(principal=MAYA, role=CONTRIBUTOR, scope=UAT.resource_id),
    ]


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        (in_group, {"prod": Role.OPERATOR}),
        (in_a_group_of_a_group, {"prod": Role.OPERATOR}),
        (assigned_above, {"uat": Role.OPERATOR}),
        (assigned_to_a_group, {"uat": Role.OPERATOR}),
        (assigned_among_many, {"uat": Role.OPERATOR}),
    ],
)
async def test_a_role_comes_from_a_group_or_an_assignment(
    given: Callable[[DirectoryDouble], None], roles: dict[str, Role], stage: Stage
) -> None:
    given(stage.double)
    assert await stage.roles(MAYA) == roles
    assert await stage.roles(TOM) == {}
    assert stage.double.tokens == {"Bearer of-the-reader"}


async def test_of_several_roles_the_highest_counts(stage: Stage) -> None:
    stage.double.members = {READERS: {MAYA}, ON_CALL: {MAYA}}
    stage.double.assignments = [Assignment(principal=MAYA, role=READER_ROLE, scope=SUBSCRIPTION)]
    assert await stage.roles(MAYA) == {"prod": Role.OPERATOR, "uat": Role.READER}


@pytest.mark.parametrize(
    "assignment",
    [
        Assignment(principal=TOM, role=CONTRIBUTOR, scope=SUBSCRIPTION),
        Assignment(principal=MAYA, role="another", scope=SUBSCRIPTION),
        Assignment(principal=MAYA, role=CONTRIBUTOR, scope=PROD.resource_id),
        Assignment(principal=MAYA, role=CONTRIBUTOR, scope=SUBSCRIPTION, condition="@Resource"),
    ],
    ids=("of somebody else", "another role", "on another factory", "under a condition"),
)
async def test_what_is_assigned_otherwise_gives_nothing(
    assignment: Assignment, stage: Stage
) -> None:
    stage.double.assignments = [assignment]
    grant = await stage.policy.grant(who(MAYA), PERSONAL)
    assert (dict(grant.roles), grant.lack) == ({}, Lack.NO_ROLE)


async def test_a_guest_or_a_stranger_has_no_role_whatever_group_they_are_in(stage: Stage) -> None:
    in_group(stage.double)
    stage.members.guests = {MAYA}
    assert (await stage.policy.grant(who(MAYA), PERSONAL)).lack is Lack.GUEST
    foreign = await stage.policy.grant(who(MAYA, "other"), PERSONAL)
    assert foreign.lack is Lack.FOREIGN
    assert stage.double.calls.total() == 0


async def test_who_was_taken_out_has_no_role_a_minute_later(stage: Stage) -> None:
    in_group(stage.double)
    assert (await stage.policy.grant(who(MAYA), PERSONAL)).may(Right.ACT, "prod")
    stage.double.members = {}
    stage.watch.seconds += 59.0
    assert (await stage.policy.grant(who(MAYA), PERSONAL)).may(Right.ACT, "prod")
    assert stage.double.calls["graph"] == 1
    stage.watch.seconds += 1.0
    assert not (await stage.policy.grant(who(MAYA), PERSONAL)).may(Right.ACT, "prod")


async def test_many_at_once_ask_once_for_each_person(stage: Stage) -> None:
    in_group(stage.double)
    stage.double.delay = 0.05
    await asyncio.gather(*(stage.roles(one) for one in [MAYA, TOM] * 20))
    assert stage.double.calls == {"graph": 2, "azure": 2}


@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 503])
async def test_what_cannot_be_asked_gives_no_role_and_is_said(status: int, stage: Stage) -> None:
    in_group(stage.double)
    stage.double.status = status
    grant = await stage.policy.grant(who(MAYA), PERSONAL)
    assert (dict(grant.roles), grant.lack) == ({}, Lack.UNREAD)
    denied = await stage.denials.refuse(who(MAYA), PERSONAL, grant, asked="status")
    assert "could not read just now" in denied.happened
    assert "prod" not in denied.happened
    stage.double.status = None
    assert await stage.roles(MAYA) == {"prod": Role.OPERATOR}


@pytest.mark.parametrize("raw", ["", "no JSON", "[]", '{"value": 7}', '{"value": [7, {}]}', "{}"])
async def test_an_answer_of_another_shape_gives_no_role(raw: str, stage: Stage) -> None:
    in_group(stage.double)
    stage.double.raw = raw
    assert await stage.roles(MAYA) == {}


async def test_a_role_that_is_declared_stands_while_more_cannot_be_asked(stage: Stage) -> None:
    stage.double.status = 503
    rooms, keeps = Rooms(MemoryStore(), lambda: NOW), TENANT
    declared = TenantAccess(factories=("prod", "uat"), default="prod", operators=(MAYA,))
    policy = AccessPolicy(declared, rooms, stage.members, lambda one: one == keeps, stage.directory)
    grant = await policy.grant(who(MAYA), PERSONAL)
    assert grant.may(Right.ACT, "prod")
    assert stage.double.calls.total() == 0


async def test_alerts_in_a_persons_own_chat_follow_their_groups(stage: Stage) -> None:
    in_group(stage.double)
    assert await stage.policy.reads(MAYA, "prod")
    assert not await stage.policy.reads(TOM, "prod")
    stage.double.status, stage.watch.seconds = 503, 61.0
    assert not await stage.policy.reads(MAYA, "prod")


async def test_more_than_twenty_groups_are_asked_in_parts(stage: Stage) -> None:
    groups = [f"{one:08}-4444-4444-8444-444444444444" for one in range(45)]
    stage.double.members = {groups[44]: {MAYA}}
    async with aiohttp.ClientSession() as session:
        lookup = EntraGroups(session, token, stage.double.url)
        assert await lookup.groups_of(MAYA, groups) == {groups[44]}
    assert stage.double.calls["graph"] == 3


async def test_the_token_goes_to_no_other_host_for_the_next_page(stage: Stage) -> None:
    stage.double.raw = '{"value": [], "nextLink": "https://evil.example/x"}'
    async with aiohttp.ClientSession() as session:
        lookup = AzureAssignments(session, token, stage.double.url)
        assert await lookup.roles_at(MAYA, UAT) == frozenset()
    assert stage.double.calls["azure"] == 1
