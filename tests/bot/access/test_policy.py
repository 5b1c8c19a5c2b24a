"""Who may do what is told by role, place and tenant; nobody of elsewhere is told anything."""

from dataclasses import replace

import pytest

from bot.access.policy import AccessPolicy, Grant, Lack, Right, Role, TenantAccess
from bot.messages import Person
from bot.state.rooms import Rooms
from tests.bot.builders.people import (
    BOSS,
    BOUND,
    CHAT,
    EVERYBODY,
    LOOSE,
    NOEL,
    OPAL,
    PLACES,
    RUTH,
    STAN,
    Members,
    people_with,
)

OPERATOR, READER, STAKEHOLDER = Role.OPERATOR, Role.READER, Role.STAKEHOLDER


@pytest.mark.parametrize(
    ("who", "where", "roles"),
    [
        (OPAL, "chat", {"prod": OPERATOR}),
        (OPAL, "bound", {"prod": OPERATOR}),
        (OPAL, "loose", {"prod": OPERATOR}),
        (RUTH, "chat", {"uat": READER}),
        (RUTH, "bound", {"uat": READER, "prod": READER}),
        (RUTH, "loose", {"uat": READER}),
        (STAN, "chat", {"prod": STAKEHOLDER}),
        (STAN, "bound", {"prod": READER}),
        (STAN, "loose", {"prod": STAKEHOLDER}),
        (NOEL, "chat", {}),
        (NOEL, "bound", {"prod": READER}),
        (NOEL, "loose", {}),
        (BOSS, "chat", {"prod": OPERATOR, "uat": OPERATOR}),
        (BOSS, "bound", {"prod": OPERATOR, "uat": OPERATOR}),
    ],
)
async def test_a_role_is_ones_own_and_a_bound_room_adds_reading(
    who: Person, where: str, roles: dict[str, Role], people: AccessPolicy
) -> None:
    granted = await people.grant(who, PLACES[where])
    assert dict(granted.roles) == roles
    assert (granted.lack is None) == bool(roles)


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (STAKEHOLDER, {Right.HEAR}),
        (READER, {Right.HEAR, Right.READ}),
        (OPERATOR, set(Right)),
    ],
)
def test_a_role_holds_its_rights_in_its_factory_only(role: Role, rights: set[Right]) -> None:
    granted = Grant(roles={"prod": role})
    assert {right for right in Right if granted.may(right, "prod")} == rights
    assert not any(granted.may(right, "uat") for right in Right)


@pytest.mark.parametrize(
    ("who", "where", "meant"),
    [(BOSS, "chat", "prod"), (RUTH, "chat", "uat"), (RUTH, "bound", "prod")],
)
async def test_the_rooms_factory_is_meant_then_the_default_then_ones_own(
    who: Person, where: str, meant: str, people: AccessPolicy
) -> None:
    granted = await people.grant(who, PLACES[where])
    assert (granted.meant, granted.aliases[0]) == (meant, meant)


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("who", [OPAL, NOEL, BOSS])
async def test_people_of_another_tenant_have_nothing_anywhere(
    who: Person, where: str, people: AccessPolicy, members: Members
) -> None:
    granted = await people.grant(replace(who, tenant="foreign"), PLACES[where])
    assert (dict(granted.roles), granted.lack, granted.is_stranger) == ({}, Lack.FOREIGN, True)
    assert members.asked == []


@pytest.mark.parametrize("where", PLACES)
async def test_guests_have_nothing_anywhere(
    where: str, people: AccessPolicy, members: Members
) -> None:
    members.guests.add(NOEL.person_id)
    granted = await people.grant(NOEL, PLACES[where])
    assert (dict(granted.roles), granted.lack) == ({}, Lack.GUEST)


@pytest.mark.parametrize("where", PLACES)
async def test_who_has_no_object_id_has_nothing(where: str, people: AccessPolicy) -> None:
    nameless = replace(NOEL, person_id="29:account")
    granted = await people.grant(nameless, PLACES[where])
    assert (dict(granted.roles), granted.lack) == ({}, Lack.NAMELESS)


async def test_a_roster_that_cannot_be_read_stops_only_who_is_not_declared(
    people: AccessPolicy, members: Members
) -> None:
    members.unreadable = True
    assert (await people.grant(NOEL, BOUND)).lack is Lack.UNCHECKED
    assert (await people.grant(RUTH, BOUND)).may(Right.READ, "prod")
    assert members.asked == ["Noel"]


@pytest.mark.parametrize(
    ("where", "lack"), [("chat", Lack.NO_ROLE), ("loose", Lack.UNBOUND), ("bound", None)]
)
async def test_what_is_missing_depends_on_the_place(
    where: str, lack: Lack | None, people: AccessPolicy
) -> None:
    assert (await people.grant(NOEL, PLACES[where])).lack is lack


async def test_a_room_bound_in_chat_goes_before_the_settings(
    people: AccessPolicy, rooms: Rooms
) -> None:
    await rooms.bind(BOUND, "uat", None, OPAL.person_id)
    granted = await people.grant(NOEL, replace(BOUND, conversation="19:bound;messageid=8"))
    assert dict(granted.roles) == {"uat": READER}


async def test_a_room_bound_to_a_factory_that_is_no_more_gives_nothing(
    people: AccessPolicy, rooms: Rooms
) -> None:
    await rooms.bind(BOUND, "gone", None, OPAL.person_id)
    assert dict((await people.grant(NOEL, BOUND)).roles) == {}


async def test_a_personal_chat_cannot_be_bound_open(people: AccessPolicy, rooms: Rooms) -> None:
    await rooms.bind(CHAT, "prod", None, OPAL.person_id)
    assert dict((await people.grant(NOEL, CHAT)).roles) == {}


async def test_on_a_machine_of_ones_own_everybody_operates_everything(
    rooms: Rooms, members: Members
) -> None:
    alone = TenantAccess(factories=("prod", "uat"), default="prod", local=True)
    granted = await people_with(rooms, members, alone).grant(replace(NOEL, person_id="x"), LOOSE)
    assert dict(granted.roles) == {"prod": OPERATOR, "uat": OPERATOR}


async def test_local_with_people_declared_is_no_open_house(rooms: Rooms, members: Members) -> None:
    people = people_with(rooms, members, replace(EVERYBODY, local=True))
    assert (await people.grant(NOEL, CHAT)).lack is Lack.NO_ROLE


async def test_with_nobody_declared_nobody_has_anything(rooms: Rooms, members: Members) -> None:
    nobody = people_with(rooms, members, TenantAccess(factories=("prod",), default="prod"))
    assert (await nobody.grant(OPAL, CHAT)).lack is Lack.NO_ROLE
    assert nobody.who_can(Right.BIND) == ("the bot admin",)


def test_who_can_help_is_told_by_name(people: AccessPolicy) -> None:
    assert people.who_can(Right.ACT) == ("Opal",)
    assert people.who_can(Right.HEAR) == ("Opal",)
    assert people.who_can(Right.READ, "uat") == ("Ruth",)
    assert people.who_can(Right.ACT, "uat") == ("the bot admin",)
