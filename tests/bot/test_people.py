"""Who may do what is told by role, place and tenant; nobody of elsewhere is told anything."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.messages import Address, Person, Scope
from bot.people import (
    Declared,
    Everybody,
    Grant,
    Lack,
    People,
    Right,
    Role,
    RosterUnreadable,
)
from bot.rooms import Binding, Rooms
from bot.store import Store, StubStore, open_sqlite

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
OURS = "11111111-1111-1111-1111-111111111111"


def object_id(number: int) -> str:
    return f"aaaaaaaa-0000-4000-8000-{number:012d}"


def person(number: int, name: str, tenant: str = OURS) -> Person:
    return Person(person_id=object_id(number), name=name, tenant=tenant)


OPAL, RUTH, STAN, NOEL, BOSS = (
    person(number, name) for number, name in enumerate(("Opal", "Ruth", "Stan", "Noel", "Boss"))
)
EVERYBODY = Everybody(
    factories=("prod", "uat"),
    default="prod",
    people={
        OPAL.person_id.upper(): Declared(name="Opal", roles={"prod": Role.OPERATOR}),
        RUTH.person_id: Declared(name="Ruth", roles={"uat": Role.READER}),
        STAN.person_id: Declared(name="Stan", roles={"prod": Role.STAKEHOLDER}),
    },
    operators=(BOSS.person_id,),
)
CHAT = Address(
    scope=Scope.PERSONAL,
    tenant=OURS,
    service_url="https://x/",
    conversation="a:chat",
    bot_id="28:b",
    bot_name="ADF Ops",
)
BOUND = replace(CHAT, scope=Scope.CHANNEL, conversation="19:bound;messageid=7")
LOOSE = replace(CHAT, scope=Scope.GROUP, conversation="19:loose")
PLACES = {"chat": CHAT, "bound": BOUND, "loose": LOOSE}


class Members:
    """Who is a guest; unreadable when told so."""

    def __init__(self) -> None:
        self.guests: set[str] = set()
        self.unreadable = False
        self.asked: list[str] = []

    async def is_guest(self, address: Address, person: Person) -> bool:
        self.asked.append(person.name)
        if self.unreadable:
            raise RosterUnreadable
        return person.person_id in self.guests


@pytest.fixture(params=["stub", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Store]:
    opened: Store = (
        StubStore() if request.param == "stub" else await open_sqlite(str(tmp_path / "store.db"))
    )
    yield opened
    await opened.close()


@pytest.fixture
def members() -> Members:
    return Members()


@pytest.fixture
def rooms(store: Store) -> Rooms:
    return Rooms(store, lambda: NOW, {"19:bound": Binding(factory="prod")})


def people_with(rooms: Rooms, members: Members, everybody: Everybody = EVERYBODY) -> People:
    return People(everybody, rooms, members, lambda tenant: tenant == OURS)


@pytest.fixture
def people(rooms: Rooms, members: Members) -> People:
    return people_with(rooms, members)


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
    who: Person, where: str, roles: dict[str, Role], people: People
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
    who: Person, where: str, meant: str, people: People
) -> None:
    granted = await people.grant(who, PLACES[where])
    assert (granted.meant, granted.aliases[0]) == (meant, meant)


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("who", [OPAL, NOEL, BOSS])
async def test_people_of_another_tenant_have_nothing_anywhere(
    who: Person, where: str, people: People, members: Members
) -> None:
    granted = await people.grant(replace(who, tenant="foreign"), PLACES[where])
    assert (dict(granted.roles), granted.lack, granted.is_stranger) == ({}, Lack.FOREIGN, True)
    assert members.asked == []


@pytest.mark.parametrize("where", PLACES)
async def test_guests_have_nothing_anywhere(where: str, people: People, members: Members) -> None:
    members.guests.add(NOEL.person_id)
    granted = await people.grant(NOEL, PLACES[where])
    assert (dict(granted.roles), granted.lack) == ({}, Lack.GUEST)


@pytest.mark.parametrize("where", PLACES)
async def test_who_has_no_object_id_has_nothing(where: str, people: People) -> None:
    nameless = replace(NOEL, person_id="29:account")
    granted = await people.grant(nameless, PLACES[where])
    assert (dict(granted.roles), granted.lack) == ({}, Lack.NAMELESS)


async def test_a_roster_that_cannot_be_read_stops_only_who_is_not_declared(
    people: People, members: Members
) -> None:
    members.unreadable = True
    assert (await people.grant(NOEL, BOUND)).lack is Lack.UNCHECKED
    assert (await people.grant(RUTH, BOUND)).may(Right.READ, "prod")
    assert members.asked == ["Noel"]


@pytest.mark.parametrize(
    ("where", "lack"), [("chat", Lack.NO_ROLE), ("loose", Lack.UNBOUND), ("bound", None)]
)
async def test_what_is_missing_depends_on_the_place(
    where: str, lack: Lack | None, people: People
) -> None:
    assert (await people.grant(NOEL, PLACES[where])).lack is lack


async def test_a_room_bound_in_chat_goes_before_the_settings(people: People, rooms: Rooms) -> None:
    await rooms.bind(BOUND, "uat", None, OPAL.person_id)
    granted = await people.grant(NOEL, replace(BOUND, conversation="19:bound;messageid=8"))
    assert dict(granted.roles) == {"uat": READER}


async def test_a_room_bound_to_a_factory_that_is_no_more_gives_nothing(
    people: People, rooms: Rooms
) -> None:
    await rooms.bind(BOUND, "gone", None, OPAL.person_id)
    assert dict((await people.grant(NOEL, BOUND)).roles) == {}


async def test_a_personal_chat_cannot_be_bound_open(people: People, rooms: Rooms) -> None:
    await rooms.bind(CHAT, "prod", None, OPAL.person_id)
    assert dict((await people.grant(NOEL, CHAT)).roles) == {}


async def test_on_a_machine_of_ones_own_everybody_operates_everything(
    rooms: Rooms, members: Members
) -> None:
    alone = Everybody(factories=("prod", "uat"), default="prod", local=True)
    granted = await people_with(rooms, members, alone).grant(replace(NOEL, person_id="x"), LOOSE)
    assert dict(granted.roles) == {"prod": OPERATOR, "uat": OPERATOR}


async def test_local_with_people_declared_is_no_open_house(rooms: Rooms, members: Members) -> None:
    people = people_with(rooms, members, replace(EVERYBODY, local=True))
    assert (await people.grant(NOEL, CHAT)).lack is Lack.NO_ROLE


async def test_with_nobody_declared_nobody_has_anything(rooms: Rooms, members: Members) -> None:
    nobody = people_with(rooms, members, Everybody(factories=("prod",), default="prod"))
    assert (await nobody.grant(OPAL, CHAT)).lack is Lack.NO_ROLE
    assert nobody.who_can(Right.BIND) == ("whoever set ADFOPS_OPERATORS",)


def test_who_can_help_is_told_by_name(people: People) -> None:
    assert people.who_can(Right.ACT) == ("Opal",)
    assert people.who_can(Right.READ, "uat") == ("Ruth",)
    assert people.who_can(Right.ACT, "uat") == ("whoever set ADFOPS_OPERATORS",)
