"""Makes a proposal of what a person asked for: who may, what it would do, what speaks against it.

Nothing here sends anything to Data Factory. A proposal is made for the person who asked, in the
conversation where they asked, and only there it can be approved.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adf.records import ActionKind, ActionPreview, ActionTarget
from bot.access.audit import AuditedAct, AuditLog
from bot.access.rate_limits import Limited, RateLimits, too_fast
from bot.access.roles import Right
from bot.actions.obstacles import obstacle_in_words
from bot.actions.ports import ActionPort
from bot.actions.proposal import PersonEvent, Proposal
from bot.actions.repository import ProposalRepository
from bot.messages import Address, Person
from bot.tools import ToolContext
from cards.records import (
    ActionEvent,
    Choice,
    Denied,
    Problem,
    ProposalReport,
    WhatIf,
)

log = logging.getLogger("adfops.actions")

NeedsSecond = Callable[[ActionTarget, str], bool]
"""Whether somebody else than the asker has to approve an act on a pipeline."""
# Acts that one person asks for within that time are many at once.
MASS_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPersonRules:
    """When two people are needed, and whether the asker may go on alone with a reason.

    `mass` is after how many acts of one person in a factory the next one needs a second person.
    """

    needed: NeedsSecond
    mass: Callable[[str], int | None] = lambda factory: None
    break_glass: Callable[[str], bool] = lambda factory: False


class ProposalMaker:
    """Stores proposals, and tells what an act would do."""

    def __init__(
        self,
        *,
        port: ActionPort,
        proposals: ProposalRepository,
        audit: AuditLog,
        second_person: SecondPersonRules,
        may_write: bool = True,
        limits: RateLimits | None = None,
        clock: Callable[[], datetime],
        make_id: Callable[[], str],
    ) -> None:
        """Borrow everything; `make_id` makes ids that nobody can guess.

        A bot that may not write has no identity that acts, and proposes nothing.
        """
        self._port = port
        self._proposals = proposals
        self._audit = audit
        self._second_person = second_person
        self._may_write = may_write
        self._limits = limits
        self._clock = clock
        self._make_id = make_id

    async def propose(
        self, target: ActionTarget, here: ToolContext
    ) -> ProposalReport | Denied | Problem:
        """A stored proposal of the asker, or why there is none."""
        grant = await here.grant()
        if not grant.may(Right.ACT, target.factory):
            return await here.refuse(grant, Right.ACT, target.factory)
        if not self._may_write:
            return _read_only(here)
        if self._limits and (
            wait := await self._limits.take(Limited.PROPOSAL, here.person, here.address)
        ):
            return await self._too_many(here, target, wait)
        preview = await self._port.preview(await self._named(target))
        if preview.obstacle is not None:
            return self._unfit(preview, here)
        return await self.store(preview, here.person, here.address)

    async def preview(self, target: ActionTarget, here: ToolContext) -> WhatIf | Denied:
        """What an act would do; for who may read the factory."""
        grant = await here.grant()
        if not grant.may(Right.READ, target.factory):
            return await here.refuse(grant, Right.READ, target.factory)
        preview = await self._port.preview(await self._named(target))
        return WhatIf(
            question=here.asked,
            preview=preview,
            facts=await self._port.facts(preview),
            obstacle=obstacle_in_words(preview, here.zone) if preview.obstacle else "",
        )

    async def store(
        self, preview: ActionPreview, person: Person, address: Address
    ) -> ProposalReport:
        """A proposal of what was previewed, in the name of a person who may act."""
        facts, target = await self._port.facts(preview), preview.target
        requested = PersonEvent(
            person_id=person.person_id, name=person.name, tenant=person.tenant, at=self._clock()
        )
        proposal = Proposal(
            proposal_id=self._make_id(),
            target=target,
            digest=preview.digest,
            requested=requested,
            address=address,
            second_person=await self._needs_second(target, person),
            break_glass=self._second_person.break_glass(target.factory),
        )
        await self._proposals.add(proposal)
        await self._audit.acted("proposed", person, address, audited(proposal))
        return ProposalReport(
            proposal_id=proposal.proposal_id,
            target=target,
            requested=ActionEvent(name=requested.name, at=requested.at),
            expires_at=proposal.expires_at,
            preview=preview,
            facts=facts,
            second_person=proposal.second_person,
            break_glass=proposal.break_glass,
        )

    async def _needs_second(self, target: ActionTarget, person: Person) -> bool:
        """Whether it is critical, or one of many that this person asks for."""
        if self._second_person.needed(target, target.pipeline or ""):
            return True
        most = self._second_person.mass(target.factory)
        if most is None:
            return False
        since = self._clock() - MASS_WITHIN
        return await self._proposals.count_of(person, target.factory, since) >= most

    async def _too_many(self, here: ToolContext, target: ActionTarget, wait: timedelta) -> Problem:
        act = AuditedAct(factory=target.factory, action=str(target.kind))
        await self._audit.refused(
            here.person, here.address, right=Right.ACT, factory=target.factory, why="rate", act=act
        )
        return Problem(
            area="limit",
            asked=here.asked,
            happened=too_fast(wait),
            fix="Press on one of the proposals that stand, or wait.",
            who="you",
        )

    async def _named(self, target: ActionTarget) -> ActionTarget:
        """The act with the name of its pipeline, which the run tells where nobody else did."""
        if target.pipeline is not None or target.run_id is None:
            return target
        run = await self._port.get_run(target.factory, target.run_id)
        return replace(target, pipeline=run.pipeline)

    def _unfit(self, preview: ActionPreview, here: ToolContext) -> Problem:
        """That it cannot be done as it stands, and what to ask instead."""
        target, run = preview.target, preview.run
        choices: list[Choice] = []
        if run is not None:
            choices.append(
                Choice(title=f"Status of {run.pipeline}", question=f"status of {run.pipeline}")
            )
            if target.kind is ActionKind.RERUN and run.end is not None:
                whole = f"rerun run {run.run_id}"
                choices.append(Choice(title="Rerun it from the beginning", question=whole))
        return Problem(
            area="action",
            asked=here.asked,
            happened=obstacle_in_words(preview, here.zone),
            fix="Check its status, or ask for something else.",
            who="",
            as_of=preview.as_of,
            choices=tuple(choices),
        )


def _read_only(here: ToolContext) -> Problem:
    return Problem(
        area="action",
        asked=here.asked,
        happened="I'm read-only here: no identity is set up that can act in Data Factory.",
        fix="Set ADFOPS_WRITER_CLIENT_ID (deploy/operator-role.json has what it may do), and "
        "ADFOPS_READ_ONLY to 0.",
        who="the bot admin",
    )


def audited(proposal: Proposal, *, before: str = "", after: str = "") -> AuditedAct:
    """What the audit keeps of a proposal."""
    target = proposal.target
    arguments = [str(target.mode)] if target.kind is ActionKind.RERUN else []
    arguments += [f"from {target.activity}"] if target.activity else []
    arguments += ["recursive"] if target.recursive else []
    arguments += [f"parameters: {', '.join(target.parameters)}"] if target.parameters else []
    return AuditedAct(
        factory=target.factory,
        action=str(target.kind),
        proposal=proposal.proposal_id,
        pipeline=target.pipeline or "",
        run_id=target.run_id or "",
        trigger=target.trigger or "",
        arguments=", ".join(arguments),
        digest=proposal.digest,
        request_id=proposal.request_id,
        before=before,
        after=after,
    )
