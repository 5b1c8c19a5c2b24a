"""The press that approves: everything is checked again at that moment, and stored before the call.

In this order: who presses (from the validated activity), where, whether it still waits, who else is
needed, and whether the act would still do what was shown. Then one write in the store decides; of
several presses, by whomever and in whatever process, one wins.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from adf.errors import AdfError
from adf.records import ActionPreview, BaseRecord, PipelineRun
from bot.access.roles import Right
from bot.actions.execution import Execution
from bot.actions.messages import ProposalRecords
from bot.actions.obstacles import already_started, obstacle_in_words
from bot.actions.ports import ActionPort
from bot.actions.press_rules import PressRules, title_of
from bot.actions.proposal import PersonEvent, Proposal
from bot.actions.proposals import ProposalMaker, audited
from bot.actions.refusals import (
    BUSY,
    UNKNOWN,
    Refusal,
    reason_in,
)
from bot.actions.repository import Change, ProposalRepository
from bot.agents.problems import problem_for
from bot.messages import CardClick, Person
from cards.records import Choice, Denied, Problem, ProposalState

log = logging.getLogger("adfops.actions")

CHANGED = (
    "Something changed since this was proposed, so nothing was done. This is what it would do now."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressOutcome:
    """What the person who pressed is shown; with a `proposal`, that changed, for everybody."""

    record: BaseRecord
    note: str | None = None
    proposal: Proposal | None = None


class ProposalApproval:
    """Decides on presses, and has what was approved sent."""

    def __init__(
        self,
        *,
        port: ActionPort,
        proposals: ProposalRepository,
        maker: ProposalMaker,
        execution: Execution,
        records: ProposalRecords,
        rules: PressRules,
        make_request_id: Callable[[], str],
    ) -> None:
        """Borrow everything; `make_request_id` makes a GUID for each call."""
        self._port = port
        self._proposals = proposals
        self._maker = maker
        self._execution = execution
        self._records = records
        self._rules = rules
        self._make_request_id = make_request_id

    async def approve(self, click: CardClick, *, alone: bool = False) -> PressOutcome:
        """Have the act done that the card proposes, if it may be done now.

        The asker of what needs two people approves `alone` only where that is allowed, with a
        reason that everybody sees.
        """
        proposal = await self._proposals.find(_id_in(click))
        denied = await self._rules.denied(click, proposal, alone=alone)
        if denied is not None or proposal is None:
            return await self._refused(click, proposal, denied)
        too_many = await self._rules.too_many(click)
        if too_many is not None:
            return PressOutcome(record=await self._rules.refuse(click, proposal, too_many))
        if not await self._proposals.reserve(proposal, self._rules.clock()):
            return await self._busy(click, proposal)
        try:
            return await self._approve_unchanged(click, proposal, alone=alone)
        finally:
            await self._proposals.release(proposal)

    async def approve_alone(self, click: CardClick) -> PressOutcome:
        """The same by the asker alone, with a reason, where two people would be needed."""
        return await self.approve(click, alone=True)

    async def _approve_unchanged(
        self, click: CardClick, proposal: Proposal, *, alone: bool
    ) -> PressOutcome:
        """Have it done if it would still do what was shown; else show what it would do now."""
        try:
            preview = await self._port.preview(proposal.target)
        except AdfError as error:
            return PressOutcome(record=problem_for(error, title_of(proposal), self._rules.clock()))
        if preview.digest != proposal.digest:
            return await self._replaced(click, proposal, preview)
        denied = await self._rules.denied(click, proposal, alone=alone)
        if denied is not None:
            return PressOutcome(record=denied)
        is_alone = proposal.second_person and proposal.requested.is_by(click.speaker)
        return await self._decided(click, proposal, reason_in(click) if is_alone else "")

    async def _busy(self, click: CardClick, proposal: Proposal) -> PressOutcome:
        """Somebody presses on the same act at this moment: on this card, or on another one."""
        now = await self._proposals.find(proposal.proposal_id)
        denied = await self._rules.denied(click, now)
        return PressOutcome(record=denied or await self._rules.refuse(click, proposal, BUSY))

    async def withdraw(self, click: CardClick) -> PressOutcome:
        """Take the proposal back: for its asker, and for everybody who may act."""
        proposal = await self._proposals.find(_id_in(click))
        denied = await self._rules.denied(click, proposal, withdraws=True)
        if denied is not None or proposal is None:
            return await self._refused(click, proposal, denied)
        event = _event(click, self._rules.clock())
        withdrawn = await self._move(
            click, proposal, lambda one: one.moved(ProposalState.WITHDRAWN, decided=event)
        )
        if withdrawn is None:
            return await self._too_late(click)
        await self._write_down("withdrawn", click, withdrawn)
        return await self._result(withdrawn)

    async def current(self, click: CardClick) -> PressOutcome:
        """The proposal as it is now, for who may see it."""
        proposal = await self._proposals.find(_id_in(click))
        grant = await self._rules.policy.grant(click.speaker, click.address)
        if proposal is None or not grant.may(Right.READ, proposal.target.factory):
            denied = await self._rules.denied(click, None)
            return PressOutcome(record=denied or Denied(asked="", happened=UNKNOWN.said))
        return PressOutcome(record=await self._records.of(proposal, self._rules.clock()))

    async def _decided(self, click: CardClick, proposal: Proposal, reason: str) -> PressOutcome:
        """Store that it was approved, which one press alone can, and send it."""
        event, request_id = _event(click, self._rules.clock()), self._make_request_id()
        approved = await self._move(
            click,
            proposal,
            lambda one: one.moved(
                ProposalState.SENT, decided=event, request_id=request_id, reason=reason
            ),
        )
        if approved is None:
            return await self._too_late(click)
        await self._write_down("approved", click, approved, f"alone: {reason}" if reason else "")
        return await self._result(await self._execution.send(approved))

    async def _replaced(
        self, click: CardClick, proposal: Proposal, preview: ActionPreview
    ) -> PressOutcome:
        """A proposal of what it would do now in the place of the old one; nothing is sent."""
        if preview.obstacle is not None:
            zone = await self._rules.zones.of(click.address, click.zone)
            said = f"It no longer fits. {obstacle_in_words(preview, zone)}"
            refusal = Refusal(why="state", said=said)
            return PressOutcome(record=await self._rules.refuse(click, proposal, refusal))
        started = preview.started_since(proposal.requested.at)
        if started is not None:
            return await self._overtaken(click, proposal, started)
        newer = await self._maker.store(preview, _asker(proposal), proposal.address)
        replaced = await self._move(
            click,
            proposal,
            lambda one: one.moved(ProposalState.REPLACED, replaced_by=newer.proposal_id),
        )
        if replaced is None:
            return await self._too_late(click)
        await self._write_down("replaced", click, replaced)
        return PressOutcome(record=newer, note=CHANGED, proposal=replaced)

    async def _overtaken(
        self, click: CardClick, proposal: Proposal, run: PipelineRun
    ) -> PressOutcome:
        """Somebody started it meanwhile, in Studio maybe: nothing is sent beside that run."""
        zone = await self._rules.zones.of(click.address, click.zone)
        said = already_started(run, zone, self._rules.clock())
        await self._rules.refuse(click, proposal, Refusal(why="state", said=said))
        question = f"status of {run.pipeline}"
        record = Problem(
            area="action",
            asked=title_of(proposal),
            happened=said,
            fix="Wait for that run. Ask again if one more is still needed after it.",
            who="",
            as_of=self._rules.clock(),
            choices=(Choice(title=f"Status of {run.pipeline}", question=question),),
        )
        return PressOutcome(record=record)

    async def _move(self, click: CardClick, proposal: Proposal, change: Change) -> Proposal | None:
        """Change a proposal that still waits as it was checked; None when somebody was faster."""
        now = self._rules.clock()
        done = await self._proposals.change(
            proposal.proposal_id,
            lambda one: (
                change(one) if one.is_waiting(now) and one.digest == proposal.digest else None
            ),
            (click.address, click.on_message or ""),
        )
        return done.proposal if done.made else None

    async def _refused(
        self, click: CardClick, proposal: Proposal | None, denied: Denied | None
    ) -> PressOutcome:
        """A press without effect; an expired card is marked as such for everybody."""
        record = denied or Denied(asked="", happened=UNKNOWN.said)
        now = self._rules.clock()
        is_over = proposal is not None and proposal.is_expired(now)
        if proposal is None or not is_over or not _is_here(click, proposal):
            return PressOutcome(record=record)
        record = record if record.needs else _too_old(record)
        done = await self._proposals.change(
            proposal.proposal_id,
            lambda one: one.moved(ProposalState.EXPIRED) if one.is_expired(now) else None,
            (click.address, click.on_message or ""),
        )
        return PressOutcome(record=record, proposal=done.proposal if done.made else None)

    async def _too_late(self, click: CardClick) -> PressOutcome:
        """Somebody was faster: say what became of it."""
        proposal = await self._proposals.find(_id_in(click))
        denied = await self._rules.denied(click, proposal)
        return await self._refused(click, proposal, denied)

    async def _result(self, proposal: Proposal) -> PressOutcome:
        record = await self._records.of(proposal, self._rules.clock())
        return PressOutcome(record=record, proposal=proposal)

    async def _write_down(
        self, kind: str, click: CardClick, proposal: Proposal, why: str = ""
    ) -> None:
        act = audited(proposal)
        await self._rules.audit.acted(kind, click.speaker, click.address, act, why)


def _too_old(denied: Denied) -> Problem:
    """Nobody lacks a right: the proposal is over, and can be made again."""
    return Problem(
        area="action",
        asked=denied.asked,
        happened=denied.happened,
        fix="Ask for it again, and I'll show what it would do now.",
        who="",
    )


def _id_in(click: CardClick) -> str:
    return str(click.data.get("proposal", ""))


def _is_here(click: CardClick, proposal: Proposal) -> bool:
    return click.address.conversation == proposal.address.conversation


def _event(click: CardClick, now: datetime) -> PersonEvent:
    who = click.speaker
    return PersonEvent(person_id=who.person_id, name=who.name, tenant=who.tenant, at=now)


def _asker(proposal: Proposal) -> Person:
    requester = proposal.requested
    return Person(person_id=requester.person_id, name=requester.name, tenant=requester.tenant)
