"""Says no so that it helps: what is missing, who can give it; and writes each no down.

A stranger learns nothing from it: no name of a factory, a pipeline or a person.
"""

from bot.access.audit import AuditedAct, AuditLog
from bot.access.policy import AccessPolicy, Grant, Lack, Right
from bot.access.roles import lowest_with
from bot.messages import Address, Person, Scope
from cards.records import Denied

_RUNS_IT = ("whoever runs the bot in your organisation",)
_STRANGER = {
    Lack.FOREIGN: "You have no access: I answer people of the organisation I work for only.",
    Lack.GUEST: "You have no access: you are a guest of this organisation, and I show its data "
    "factories to its own people only.",
    Lack.NAMELESS: "You have no access: Teams did not tell me which account of this organisation "
    "you are.",
    Lack.UNCHECKED: "I could not check just now whether you belong to this organisation, so I show "
    "nothing. Try again in a minute.",
}
_DOING = {
    Right.HEAR: "Hearing of a pipeline",
    Right.READ: "Seeing details",
    Right.ACKNOWLEDGE: "Acknowledging, assigning or closing an incident",
    Right.MUTE: "Muting alerts",
    Right.SUBSCRIBE: "Having a room told of failures",
    Right.TRACE: "Seeing how the language model came to its words",
    Right.ACT: "Changing anything in Data Factory",
    Right.BIND: "Binding a room to a factory",
    Right.AUDIT: "Seeing who did what",
}


class Denials:
    """Makes the record of each refusal."""

    def __init__(self, people: AccessPolicy, audit: AuditLog) -> None:
        """Borrow who knows the rights, and the audit."""
        self._people = people
        self._audit = audit

    async def refuse(
        self,
        person: Person,
        address: Address,
        grant: Grant,
        *,
        asked: str,
        right: Right = Right.READ,
        factory: str | None = None,
        act: AuditedAct | None = None,
    ) -> Denied:
        """No to `right` in a factory (by default the one that is meant here); `act` is audited."""
        place = factory or grant.meant
        why = grant.lack or grant.roles.get(place) or Lack.NO_ROLE
        await self._audit.refused(person, address, right=right, factory=place, why=why, act=act)
        if grant.lack and grant.is_stranger:
            return Denied(asked=asked, happened=_STRANGER[grant.lack], who=_RUNS_IT)
        happened, needs = _words(person, address, grant, right, place)
        who = self._people.who_can(Right.BIND if grant.lack is Lack.UNBOUND else right, factory)
        return Denied(asked=asked, happened=happened, needs=needs, who=who)


def in_one_line(denied: Denied) -> str:
    """A refusal as one line, for whoever pressed a button."""
    who = f" Ask {' or '.join(denied.who)}." if denied.who else ""
    return f"{denied.happened}{who}"


def _words(
    person: Person, address: Address, grant: Grant, right: Right, place: str
) -> tuple[str, str]:
    """What happened, and what it would need."""
    if grant.lack is Lack.UNBOUND:
        return (
            "You have no access here: this room is bound to no data factory, and you have no role "
            "of your own in one.",
            "an operator who binds the room (“bind this room to ...”), or a role in the settings",
        )
    if grant.lack is not None:
        own = " In a personal chat only your own role counts."
        return (
            "You have no access: no role in a data factory is given to you."
            f"{own if address.scope is Scope.PERSONAL else ''}",
            "a role in the settings of the bot (people in ADFOPS_FACTORIES, or ADFOPS_OPERATORS)",
        )
    role, needed = grant.roles.get(place), lowest_with(right)
    if role is None:
        return (
            f"You have no role in {place}, so nothing of it is shown to you here.",
            f"the role {needed} in {place}",
        )
    return (
        f"{_DOING[right]} needs the role {needed} in {place}; {person.name or 'you'} "
        f"{'has' if person.name else 'have'} the role {role} here.",
        f"the role {needed} in {place}",
    )
