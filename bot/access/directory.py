"""The roles that people have by their groups in Entra, and by their own role assignments in Azure.

Both are asked of the services, by the object id of the validated activity, and kept for at most a
minute: who is taken out of a group can do nothing any more a minute later. What cannot be asked
gives no role (deny by default), and that it could not be asked is said.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cachetools import TTLCache

from adf.records import Factory
from bot.access.roles import Role, higher

GRAPH = "https://graph.microsoft.com"
CACHE_SECONDS = 60.0
MOST_PEOPLE = 2_000
ByName = Mapping[str, Role]


class RolesUnreadable(Exception):
    """The roles of a person could not be asked for just now, and why in a few words."""


class GroupLookup(Protocol):
    """Whoever knows the members of groups; Microsoft Graph does."""

    async def groups_of(self, person_id: str, groups: Sequence[str]) -> frozenset[str]:
        """Those of the groups that a person belongs to, also through others."""
        ...


class AssignmentLookup(Protocol):
    """Whoever knows the role assignments of a person; Azure Resource Manager does."""

    async def roles_at(self, person_id: str, factory: Factory) -> frozenset[str]:
        """The ids of the roles that a person has on a factory, also through groups."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRoles:
    """What the settings give to groups and to roles of Azure, by the alias of a factory."""

    groups: Mapping[str, ByName] = field(default_factory=dict[str, ByName])
    azure: Mapping[str, ByName] = field(default_factory=dict[str, ByName])

    def __bool__(self) -> bool:
        """Whether anybody could have a role in this way."""
        return bool(self.groups or self.azure)

    @property
    def every_group(self) -> tuple[str, ...]:
        """Each group that is named, once."""
        return tuple(dict.fromkeys(one for by_name in self.groups.values() for one in by_name))


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySetup:
    """What gives a role beside the people who are named, and where groups are asked for."""

    roles: DirectoryRoles = field(default_factory=DirectoryRoles)
    graph_url: str = GRAPH


class PeopleDirectory:
    """The roles of a person by groups and assignments, each person asked for once at a time."""

    def __init__(
        self,
        given: DirectoryRoles,
        factories: Sequence[Factory],
        groups: GroupLookup,
        assignments: AssignmentLookup,
        seconds: Callable[[], float],
    ) -> None:
        """Borrow the lookups; `seconds` is a clock that only runs."""
        self._given = given
        self._factories = {one.alias: one for one in factories}
        self._groups = groups
        self._assignments = assignments
        self._cache: TTLCache[str, ByName] = TTLCache(MOST_PEOPLE, CACHE_SECONDS, timer=seconds)
        self._asking: dict[str, asyncio.Task[ByName]] = {}

    async def roles_of(self, person_id: str) -> ByName:
        """A person's role in each factory; raises RolesUnreadable."""
        key = person_id.lower()
        known = self._cache.get(key)
        if known is not None:
            return known
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.create_task(self._ask(key))
            asking.add_done_callback(lambda done: self._end(key, done))
        return await asyncio.shield(asking)

    def _end(self, key: str, done: asyncio.Task[ByName]) -> None:
        """Let the next one ask; a failure was told to those who waited, if they still do."""
        self._asking.pop(key, None)
        if not done.cancelled():
            done.exception()

    async def close(self) -> None:
        """End what is still being asked."""
        waiting = list(self._asking.values())
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _ask(self, person_id: str) -> ByName:
        belongs, *assigned = await asyncio.gather(
            self._belongs(person_id), *(self._assigned(person_id, one) for one in self._given.azure)
        )
        roles: dict[str, Role] = {}
        for alias, by_name in self._given.groups.items():
            _raise_to(roles, alias, by_name, belongs)
        for alias, held in zip(self._given.azure, assigned, strict=True):
            _raise_to(roles, alias, self._given.azure[alias], held)
        self._cache[person_id] = roles
        return roles

    async def _belongs(self, person_id: str) -> frozenset[str]:
        every = self._given.every_group
        return await self._groups.groups_of(person_id, every) if every else frozenset()

    async def _assigned(self, person_id: str, alias: str) -> frozenset[str]:
        return await self._assignments.roles_at(person_id, self._factories[alias])


def _raise_to(roles: dict[str, Role], alias: str, given: ByName, held: frozenset[str]) -> None:
    """Give the highest of the roles that what is held stands for."""
    for name, role in given.items():
        if name in held:
            roles[alias] = higher(roles.get(alias), role)
