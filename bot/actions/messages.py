"""What a card says of a proposal as it is now, and the message that shows it to everybody."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from adf.errors import AdfError, Forbidden
from adf.records import PipelineNotes, PipelineRun
from bot.actions.ports import ActionPort
from bot.actions.proposal import OPEN, PersonEvent, Proposal
from bot.actions.repository import PARTITION, ProposalRepository
from bot.agents.problems import problem_for
from bot.messages import Address, Renderer
from bot.outbox import RenderedMessage
from bot.state.rooms import RoomZones
from cards.components.action_effects import plainly, question_for
from cards.records import (
    ActionEvent,
    ActionFacts,
    Choice,
    HandoverEntry,
    Problem,
    ProposalReport,
    ProposalState,
)

OPERATOR_ROLE = "ADF Ops Operator"
NOT_SEEN = (
    "I sent it once and got no answer, and Data Factory shows nothing of it. I will not send it "
    "again. Look under Monitor in Studio, and ask for it again if it is still wanted."
)
MAY_BE = "Run {} began about then and may be the result."
UNCERTAIN = (
    "I sent it once and got no answer. I'm checking what became of it and won't send it again."
)
_FINAL = frozenset(
    {
        ProposalState.DONE,
        ProposalState.FAILED,
        ProposalState.WITHDRAWN,
        ProposalState.EXPIRED,
        ProposalState.REPLACED,
    }
)
NotesOf = Callable[[str, str], PipelineNotes]


class ProposalRecords:
    """Makes the record of a proposal from what is stored and what Data Factory shows now."""

    def __init__(
        self,
        port: ActionPort,
        proposals: ProposalRepository,
        notes: NotesOf,
        *,
        as_people: bool = False,
    ) -> None:
        """Borrow everything; `notes` are what owners declared, by factory and pipeline."""
        self._as_people = as_people
        self._port = port
        self._proposals = proposals
        self._notes = notes

    async def of(self, proposal: Proposal, now: datetime) -> ProposalReport | Problem:
        """The record of what became of a proposal; of one that was replaced, the newer one."""
        if proposal.state is ProposalState.REPLACED and proposal.replaced_by:
            newer = await self._proposals.find(proposal.replaced_by)
            if newer is not None:
                return await self.of(newer, now)
        if proposal.state is ProposalState.FAILED and proposal.error is not None:
            return _failed(proposal, now, as_person=self._as_people)
        report = _report(proposal)
        if proposal.state is ProposalState.WAITING:
            return await self._waiting(proposal, report, now)
        run = await self._run(proposal)
        pipeline = proposal.target.pipeline or (run.pipeline if run else "")
        notes = self._notes(proposal.target.factory, pipeline)
        return replace(report, run=run, facts=ActionFacts(notes=notes))

    async def _waiting(
        self, proposal: Proposal, report: ProposalReport, now: datetime
    ) -> ProposalReport:
        if now >= proposal.expires_at:
            return replace(report, state=ProposalState.EXPIRED)
        preview = await self._port.preview(proposal.target)
        return replace(report, preview=preview, facts=await self._port.facts(preview))

    async def _run(self, proposal: Proposal) -> PipelineRun | None:
        """The run that is followed; None where there is none, or it cannot be read now."""
        if not proposal.run_id or proposal.state not in {*OPEN, ProposalState.DONE}:
            return None
        try:
            return await self._port.get_run(proposal.target.factory, proposal.run_id)
        except AdfError:
            return None


class ProposalMessages:
    """The source of the messages that show a decided proposal, edited as it goes on."""

    def __init__(
        self,
        *,
        proposals: ProposalRepository,
        records: ProposalRecords,
        render: Renderer,
        zones: RoomZones,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._proposals = proposals
        self._records = records
        self._render = render
        self._zones = zones
        self._clock = clock

    def partitions(self) -> Sequence[str]:
        """All proposals lie in one."""
        return [PARTITION]

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """The revisions of those that are known."""
        del partition
        found = [await self._proposals.find(name) for name in names]
        return {one.proposal_id: one.revision for one in found if one is not None}

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of a proposal as it is now."""
        del is_new
        proposal = await self._proposals.find(name)
        if proposal is None:
            return None
        now = self._clock()
        record = await self._records.of(proposal, now)
        card = self._render(record, now, await self._zones.of(address), None)
        return RenderedMessage(
            card=card, revision=proposal.revision, is_final=proposal.state in _FINAL
        )


def _report(proposal: Proposal) -> ProposalReport:
    return ProposalReport(
        proposal_id=proposal.proposal_id,
        target=proposal.target,
        requested=_event(proposal.requested),
        expires_at=proposal.expires_at,
        state=proposal.state,
        second_person=proposal.second_person,
        break_glass=proposal.break_glass,
        reason=proposal.reason,
        decided=_event(proposal.decided) if proposal.decided else None,
        said=_said(proposal),
    )


def _event(event: PersonEvent) -> ActionEvent:
    return ActionEvent(name=event.name, at=event.at)


def _said(proposal: Proposal) -> str:
    if proposal.state is ProposalState.UNCERTAIN:
        return UNCERTAIN
    if proposal.state is not ProposalState.FAILED:
        return ""
    may_be = f" {MAY_BE.format(proposal.run_id[:8])}" if proposal.run_id else ""
    return f"{NOT_SEEN}{may_be}"


def _failed(proposal: Proposal, now: datetime, *, as_person: bool) -> Problem:
    """That Azure refused it: what, who wanted it, and who can give the missing right."""
    act = plainly(proposal.target)
    error = proposal.error.restored(act) if proposal.error else AdfError("it failed")
    found = problem_for(error, act, now)
    if isinstance(error, Forbidden):
        found = _forbidden(found, proposal, error, as_person=as_person)
    by = f" {proposal.decided.name} approved it." if proposal.decided else ""
    return replace(
        found,
        area="action",
        happened=f"It could not be done. {found.happened}{by} Asked by {proposal.requested.name}. "
        "Nothing was changed.",
        as_of=now,
        choices=(Choice(title="Ask for it again", question=question_for(proposal.target)),),
    )


def _forbidden(found: Problem, proposal: Proposal, error: Forbidden, *, as_person: bool) -> Problem:
    """Who lacks which right: the bot's identity that acts, or who approved with their own."""
    person = proposal.decided.name if as_person and proposal.decided else ""
    whose, who = ("their own rights lack", person) if person else ("its identity lacks", "the bot")
    lacks = f": {whose} {error.action}" if error.action else ""
    return replace(
        found,
        happened=f"Azure refused {who}{lacks}.",
        fix=f'Give {person or "the identity that acts"} the role "{OPERATOR_ROLE}" '
        "(deploy/operator-role.json) on the data factory.",
    )


async def waiting_entries(
    proposals: ProposalRepository, factories: Collection[str], now: datetime
) -> Sequence[HandoverEntry]:
    """The proposals of some factories that nobody has decided on yet."""
    return [_entry(one, now) for one in await proposals.waiting(factories, now)]


def _entry(proposal: Proposal, now: datetime) -> HandoverEntry:
    """What was proposed, by whom, and for how long it can still be approved."""
    target = proposal.target
    act = str(target.kind).replace("_", " ").capitalize()
    left = max(1, round((proposal.expires_at - now) / timedelta(minutes=1)))
    second = " by somebody else" if proposal.second_person else ""
    return HandoverEntry(
        title=f"{act} {target.subject}",
        detail=f"asked for by {proposal.requested.name}, to approve{second} within {left} min",
        question=question_for(target),
    )
