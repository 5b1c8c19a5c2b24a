"""Who may see and do what: a person's role in each factory, as far as a place allows it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.access.directory import PeopleDirectory, RolesUnreadable
from bot.access.roles import Grant, Lack, Right, Role, higher
from bot.messages import Address, Person, Scope
from bot.state.rooms import Binding, Rooms
from cards.records import Mentioned

__all__ = [
    "OBJECT_ID",
    "AccessPolicy",
    "DeclaredRoles",
    "Grant",
    "Lack",
    "Right",
    "Role",
    "Roster",
    "RosterUnreadable",
    "TenantAccess",
]

SET_BY = "the bot admin"
OBJECT_ID = re.compile(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRoles:
    """What the settings say of a person: a name to ask for, and a role in some factories."""

    name: str
    roles: Mapping[str, Role]


class RosterUnreadable(Exception):
    """The members of a room could not be asked for just now."""


class Roster(Protocol):
    """Whoever knows the members of a room; Teams does."""

    async def is_guest(self, address: Address, person: Person) -> bool:
        """Whether somebody in a room is a guest or of elsewhere; raises RosterUnreadable."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantAccess:
    """The settings about people: who is declared by object id, who operates every factory.

    With `local` and nobody declared, everybody on this machine operates everything.
    """

    factories: Sequence[str]
    default: str
    people: Mapping[str, DeclaredRoles] = field(default_factory=dict[str, DeclaredRoles])
    operators: Collection[str] = ()
    local: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nobody has to be anybody: a developer's own machine."""
        return self.local and not self.people and not self.operators

    def own(self, person_id: str) -> Mapping[str, Role]:
        """The roles a person has wherever they are."""
        wanted = person_id.lower()
        if self.is_open or wanted in {one.lower() for one in self.operators}:
            return dict.fromkeys(self.factories, Role.OPERATOR)
        declared = {key.lower(): one for key, one in self.people.items()}.get(wanted)
        return declared.roles if declared else {}

    def knows(self, person_id: str) -> bool:
        """Whether the settings name this person, so that Teams need not be asked about them."""
        wanted = person_id.lower()
        return wanted in {one.lower() for one in (*self.people, *self.operators)}


class AccessPolicy:
    """What each person may do in each place: settings, then what the room is bound to."""

    def __init__(
        self,
        everybody: TenantAccess,
        rooms: Rooms,
        roster: Roster,
        takes_tenant: Callable[[str], bool],
        directory: PeopleDirectory | None = None,
    ) -> None:
        """Borrow the rooms; `takes_tenant` tells whether people of a tenant are ours.

        A `directory` adds the roles that people have by groups and in Azure.
        """
        self._directory = directory
        self._everybody = everybody
        self._rooms = rooms
        self._roster = roster
        self._takes_tenant = takes_tenant

    async def grant(self, person: Person, address: Address) -> Grant:
        """The person's own roles; in a room, also reading the factory it is bound to."""
        stranger = await self._stranger(person, address)
        if stranger:
            return Grant(lack=stranger)
        alone, is_partial = await self._alone(person.person_id)
        roles = dict(alone)
        binding = await self._rooms.binding(address)
        in_room = address.scope is not Scope.PERSONAL
        if in_room and binding and binding.factory in self._everybody.factories:
            roles[binding.factory] = higher(roles.get(binding.factory), Role.READER)
        if not roles and is_partial:
            return Grant(lack=Lack.UNREAD)
        if not roles:
            return Grant(lack=Lack.UNBOUND if in_room and not binding else Lack.NO_ROLE)
        meant = self._meant(roles, binding)
        return Grant(roles=roles, meant=meant, alone=alone, is_partial=is_partial)

    def may(self, person_id: str, right: Right, alias: str) -> bool:
        """Whether a person's own roles, wherever they are, hold a right."""
        return Grant(roles=self._everybody.own(person_id)).may(right, alias)

    async def reads(self, person_id: str, alias: str) -> bool:
        """Whether a person's own role reads a factory, wherever they are; not where unread."""
        if self.may(person_id, Right.READ, alias):
            return True
        alone, _ = await self._alone(person_id)
        return Grant(alone=alone).reads_alone(alias)

    async def _alone(self, person_id: str) -> tuple[Mapping[str, Role], bool]:
        """The roles that a person has wherever they are, and whether some could not be asked."""
        roles = dict(self._everybody.own(person_id))
        highest = tuple(Role)[-1]
        is_whole = all(roles.get(one) is highest for one in self._everybody.factories)
        if self._directory is None or is_whole or not OBJECT_ID.fullmatch(person_id):
            return roles, False
        try:
            found = await self._directory.roles_of(person_id)
        except RolesUnreadable:
            return roles, True
        for alias, role in found.items():
            roles[alias] = higher(roles.get(alias), role)
        return roles, False

    def who_can(self, right: Right, alias: str | None = None) -> tuple[str, ...]:
        """Whom to ask for a right in a factory (by default the default one): operators first."""
        place = alias or self._everybody.default
        for wanted in (Right.BIND, right):
            able = [key for key in self._everybody.people if self.may(key, wanted, place)]
            if able:
                return tuple(self._everybody.people[key].name for key in able)
        return (SET_BY,)

    def name_of(self, person_id: str) -> str:
        """What the settings call somebody; blank for who is not in them."""
        known = self._everybody.people.get(person_id)
        return known.name if known else ""

    def people_with(self, right: Right, alias: str) -> tuple[Mentioned, ...]:
        """The declared people who hold a right in a factory."""
        return tuple(
            Mentioned(name=one.name, person_id=key)
            for key, one in self._everybody.people.items()
            if self.may(key, right, alias)
        )

    @property
    def declared_names(self) -> tuple[str, ...]:
        """What the people of the settings are called."""
        return tuple(one.name for one in self._everybody.people.values())

    @property
    def factories(self) -> Sequence[str]:
        """The aliases of all factories."""
        return self._everybody.factories

    async def _stranger(self, person: Person, address: Address) -> Lack | None:
        """Why somebody is none of ours; None for one of ours."""
        if self._everybody.is_open:
            return None
        if not self._takes_tenant(person.tenant):
            return Lack.FOREIGN
        if not OBJECT_ID.fullmatch(person.person_id):
            return Lack.NAMELESS
        if self._everybody.knows(person.person_id):
            return None
        try:
            return Lack.GUEST if await self._roster.is_guest(address, person) else None
        except RosterUnreadable:
            return Lack.UNCHECKED

    def _meant(self, roles: Mapping[str, Role], binding: Binding | None) -> str:
        """The room's factory, else the default one, else the first, as far as it is granted."""
        wished = (binding.factory if binding else "", self._everybody.default)
        return next((one for one in wished if one in roles), next(iter(roles)))
