"""Says no so that it helps: what is missing, who can give it; and writes each no down.

A stranger learns nothing from it: no name of a factory, a pipeline or a person.
"""

from adf.records.moments import in_plain_words
from bot.access.audit import AuditedAct, AuditLog
from bot.access.policy import AccessPolicy, Grant, Lack, Right
from bot.access.roles import lowest_with
from bot.messages import Address, Person, Scope
from cards.records import Denied

_RUNS_IT = ("the bot admin in your organization",)
_STRANGER = {
    Lack.FOREIGN: "You don't have access: I only answer people in the organization I work for.",
    Lack.GUEST: "You don't have access: you are a guest of this organization, and I show its data "
    "factories to its own people only.",
    Lack.NAMELESS: "You have no access: Teams did not tell me which account of this organization "
    "you are.",
    Lack.UNREAD: "I could not read just now which roles you have (groups in Entra, roles in "
    "Azure), so I show and do nothing. Try again in a minute.",
    Lack.UNCHECKED: "I could not check just now whether you belong to this organization, so I show "
    "nothing. Try again in a minute.",
}
_DOING = {
    Right.HEAR: "Asking about a pipeline",
    Right.READ: "Seeing details",
    Right.ACKNOWLEDGE: "Working on an incident (acknowledge, assign, close, open a ticket)",
    Right.MUTE: "Muting alerts",
    Right.SUBSCRIBE: "Setting alerts for a channel",
    Right.TRACE: "Seeing how an answer was made",
    Right.ACT: "Changing anything in Data Factory",
    Right.BIND: "Linking a channel to a factory",
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

    async def note(self, person: Person, address: Address, right: Right, why: str) -> None:
        """Write a refusal down that is told elsewhere."""
        await self._audit.refused(person, address, right=right, factory="", why=why)


def in_one_line(denied: Denied) -> str:
    """A refusal as one line, for whoever pressed a button."""
    who = f" Ask {' or '.join(denied.who)}." if denied.who else ""
    return f"{in_plain_words(denied.happened)}{who}"


def _words(
    person: Person, address: Address, grant: Grant, right: Right, place: str
) -> tuple[str, str]:
    """What happened, and what it would need."""
    if grant.lack is Lack.UNBOUND:
        return (
            "You don't have access here: this channel isn't linked to a data factory, and you have "
            "no role in one.",
            "an operator who links the channel (“link this channel to ...”), or a role of your own",
        )
    if grant.lack is not None:
        own = " In a personal chat, only your own role counts."
        return (
            "You don't have access: you have no role in any data factory."
            f"{own if address.scope is Scope.PERSONAL else ''}",
            "a role in the bot's settings (people or groups in ADFOPS_FACTORIES, or "
            "ADFOPS_OPERATORS)",
        )
    role, needed = grant.roles.get(place), lowest_with(right)
    if grant.is_partial:
        return (
            f"{_DOING[right]} needs the role {needed} in {place}. I could not read just now "
            "whether your groups in Entra or your roles in Azure give it. Try again in a minute.",
            f"the role {needed} in {place}",
        )
    if role is None:
        return (
            f"You have no role in {place}, so I can't show it to you here.",
            f"the role {needed} in {place}",
        )
    return (
        f"{_DOING[right]} needs the role {needed} in {place}; {person.name or 'you'} "
        f"{'has' if person.name else 'have'} the role {role} here.",
        f"the role {needed} in {place}",
    )
