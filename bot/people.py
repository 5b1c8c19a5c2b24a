"""Who may see and do what: a person's role in each factory, as far as a place allows it."""

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
    SUBSCRIBE = "subscribe"
    ACT = "act"
    BIND = "bind"


_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.STAKEHOLDER: frozenset({Right.HEAR}),
    Role.READER: frozenset({Right.HEAR, Right.READ}),
    Role.OPERATOR: frozenset(Right),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one person may do in one place: a role for each factory, by alias."""

    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])

    @property
    def aliases(self) -> tuple[str, ...]:
        """The factories that may at least be heard of."""
        return tuple(self.roles)

    def may(self, right: Right, alias: str) -> bool:
        """Whether the right holds in a factory; False for one that was never granted."""
        role = self.roles.get(alias)
        return role is not None and right in _RIGHTS[role]
