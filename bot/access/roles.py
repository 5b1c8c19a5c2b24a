"""Roles in a factory and what each allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a factory; a stakeholder hears whether data is in, and no details."""

    STAKEHOLDER = "stakeholder"
    READER = "reader"
    OPERATOR = "operator"


class Right(StrEnum):
    """What can be done in a factory."""

    HEAR = "hear"
    READ = "read"
    ACKNOWLEDGE = "acknowledge"
    MUTE = "mute"
    SUBSCRIBE = "subscribe"
    TRACE = "trace"
    ACT = "act"
    BIND = "bind"
    AUDIT = "audit"


class Lack(StrEnum):
    """Why somebody has nothing here at all."""

    FOREIGN = "foreign"
    GUEST = "guest"
    NAMELESS = "nameless"
    UNCHECKED = "unchecked"
    UNBOUND = "unbound"
    UNREAD = "roles unread"
    NO_ROLE = "no role"


_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.STAKEHOLDER: frozenset({Right.HEAR}),
    Role.READER: frozenset({Right.HEAR, Right.READ}),
    Role.OPERATOR: frozenset(Right),
}
_STRANGERS = frozenset({Lack.FOREIGN, Lack.GUEST, Lack.NAMELESS, Lack.UNCHECKED, Lack.UNREAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one person may do in one place: a role for each factory, by alias.

    `lack` says why there is none. `meant` is the factory to ask when none is named. `alone` are the
    roles that the person has wherever they are. It is partial where groups or Azure could not be
    asked: there may be more.
    """

    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])
    alone: Mapping[str, Role] = field(default_factory=dict[str, Role])
    is_partial: bool = False
    meant: str = ""
    lack: Lack | None = None

    @property
    def aliases(self) -> tuple[str, ...]:
        """The factories that may at least be heard of, the one that is meant first."""
        return tuple(sorted(self.roles, key=lambda alias: alias != self.meant))

    @property
    def is_stranger(self) -> bool:
        """Whether this is nobody of ours, as far as can be told: told nothing, not even names."""
        return self.lack in _STRANGERS

    def may(self, right: Right, alias: str) -> bool:
        """Whether the right holds in a factory; False for one that was never granted."""
        role = self.roles.get(alias)
        return role is not None and right in _RIGHTS[role]

    def reads_alone(self, alias: str) -> bool:
        """Whether the person reads a factory wherever they are, and not in this room alone."""
        role = self.alone.get(alias)
        return role is not None and Right.READ in _RIGHTS[role]

    @property
    def reads_all(self) -> bool:
        """Whether a model may look things up for this person: never for who only hears."""
        return bool(self.roles) and all(self.may(Right.READ, one) for one in self.roles)


def lowest_with(right: Right) -> Role:
    """The least role that holds a right."""
    return next(role for role in Role if right in _RIGHTS[role])


def higher(one: Role | None, other: Role) -> Role:
    """Whichever role allows more."""
    order = tuple(Role)
    return max(one or other, other, key=order.index)
