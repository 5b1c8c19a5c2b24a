"""Who may press on a proposal, and how a press without effect is told and written down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.access.audit import AuditedAct, AuditLog
from bot.access.denial import Denials
from bot.access.policy import AccessPolicy
from bot.access.rate_limits import Limited, RateLimits, too_fast
from bot.access.roles import Right
from bot.actions.proposal import Proposal
from bot.actions.proposals import audited
from bot.actions.refusals import (
    READ_ONLY,
    UNKNOWN,
    Refusal,
    refusal_of,
    second_person_missing,
)
from bot.messages import CardClick, Person
from bot.state.rooms import RoomZones
from cards.components.action_effects import plainly
from cards.records import Denied


@dataclass(frozen=True, slots=True, kw_only=True)
class PressRules:
    """Who may press what, and how a press without effect is told and written down."""

    policy: AccessPolicy
    denials: Denials
    audit: AuditLog
    zones: RoomZones
    clock: Callable[[], datetime]
    limits: RateLimits | None = None
    may_write: bool = True

    async def too_many(self, click: CardClick) -> Refusal | None:
        """That this person, or this room, presses more often than anybody has reason to."""
        if self.limits is None:
            return None
        wait = await self.limits.take(Limited.PRESS, click.speaker, click.address)
        return Refusal(why="rate", said=too_fast(wait)) if wait else None

    async def denied(
        self,
        click: CardClick,
        proposal: Proposal | None,
        *,
        withdraws: bool = False,
        alone: bool = False,
    ) -> Denied | None:
        """Why this person's press has no effect; None where it may have one.

        The asker may always withdraw, and never approve alone what needs a second person.
        """
        grant = await self.policy.grant(click.speaker, click.address)
        factory = proposal.target.factory if proposal else None
        is_own = withdraws and proposal is not None and proposal.requested.is_by(click.speaker)
        may = grant.may(Right.ACT, factory) if factory else grant.lack is None
        if not may and (grant.lack is not None or not is_own):
            return await self.denials.refuse(
                click.speaker,
                click.address,
                grant,
                asked=title_of(proposal if factory and grant.may(Right.READ, factory) else None),
                right=Right.ACT,
                factory=factory,
                act=audited(proposal) if proposal else None,
            )
        refusal = await self._refusal(click, proposal, withdraws=withdraws, alone=alone)
        return await self.refuse(click, proposal, refusal) if refusal else None

    async def refuse(self, click: CardClick, proposal: Proposal | None, refusal: Refusal) -> Denied:
        """The record of a refusal, written down."""
        await self.audit.refused(
            click.speaker,
            click.address,
            right=Right.ACT,
            factory=proposal.target.factory if proposal else "",
            why=refusal.why,
            act=audited(proposal) if proposal else AuditedAct(factory="", action="unknown"),
        )
        others = self._others(click.speaker, proposal) if refusal.needs and proposal else ()
        return Denied(
            asked=title_of(proposal),
            happened=refusal.said,
            needs=refusal.needs,
            who=others,
            proposal_id=proposal.proposal_id if proposal else "",
        )

    async def _refusal(
        self, click: CardClick, proposal: Proposal | None, *, withdraws: bool, alone: bool
    ) -> Refusal | None:
        if proposal is None:
            return UNKNOWN
        if not self.may_write and not withdraws:
            return READ_ONLY
        zone = await self.zones.of(click.address, click.zone)
        refusal = refusal_of(proposal, click, self.clock(), zone)
        if refusal is not None or withdraws:
            return refusal
        return second_person_missing(proposal, click, alone=alone)

    def _others(self, person: Person, proposal: Proposal) -> tuple[str, ...]:
        able = self.policy.who_can(Right.ACT, proposal.target.factory)
        return tuple(one for one in able if one.lower() != person.name.lower())


def title_of(proposal: Proposal | None) -> str:
    """What a press is about, in a few words."""
    return plainly(proposal.target) if proposal else "approve a proposal"
