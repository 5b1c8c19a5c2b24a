"""Sends what was approved, once, and writes down what Data Factory answered."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from adf.errors import AdfError, OutcomeUnknown
from adf.records import ActionLookup, ActionReceipt, OutcomeState
from bot.access.audit import AuditLog
from bot.actions.ports import ActionPort, PersonActsPort
from bot.actions.proposal import IN_FLIGHT, PersonEvent, Proposal, StoredError
from bot.actions.proposals import audited
from bot.actions.repository import ProposalRepository
from bot.messages import Person
from cards.records import ProposalState

log = logging.getLogger("adfops.actions")

# A run is listed some seconds after it was made; what is not there by then was not made.
GIVE_UP = timedelta(minutes=5)
NOT_SEEN = "not seen"
_UNANSWERED = frozenset({ProposalState.SENT, ProposalState.UNCERTAIN})


class Execution:
    """Makes the one call of an approved proposal, or looks up what became of it."""

    def __init__(
        self,
        *,
        port: ActionPort,
        proposals: ProposalRepository,
        audit: AuditLog,
        clock: Callable[[], datetime],
        people: PersonActsPort | None = None,
    ) -> None:
        """Borrow everything; with `people` an act goes by the token of who approved it."""
        self._port = port
        self._proposals = proposals
        self._audit = audit
        self._clock = clock
        self._people = people
        self._sending: set[str] = set()

    async def send(self, proposal: Proposal) -> Proposal:
        """Send a proposal that this press has just moved to SENT: nobody else ever calls this."""
        self._sending.add(proposal.proposal_id)
        try:
            receipt = await self._perform(proposal)
        except OutcomeUnknown as error:
            log.warning("%s: %s", proposal.proposal_id, error)
            return await self._end(proposal, ProposalState.UNCERTAIN)
        except AdfError as error:
            log.warning("%s was refused: %s", proposal.proposal_id, error)
            return await self._end(proposal, ProposalState.FAILED, error=StoredError.of(error))
        finally:
            self._sending.discard(proposal.proposal_id)
        return await self._taken(proposal, receipt.run_id or "")

    async def _perform(self, proposal: Proposal) -> ActionReceipt:
        if self._people is None:
            return await self._port.perform(proposal.target, proposal.request_id)
        person = (proposal.decided or proposal.requested).person_id
        return await self._people.perform(proposal.target, proposal.request_id, person)

    async def settle(self, proposal: Proposal) -> Proposal:
        """Look up an act that has no answer; it is never sent again, whatever is found."""
        now = self._clock()
        sent = proposal.decided.at if proposal.decided else proposal.requested.at
        is_in_flight = proposal.state is ProposalState.SENT and now - sent < IN_FLIGHT
        if proposal.proposal_id in self._sending or is_in_flight:
            return proposal
        await self._complete_audit(proposal, sent)
        try:
            outcome = await self._port.look_up(proposal.target, proposal.request_id, sent, now)
        except AdfError as error:
            log.info("%s cannot be looked up yet: %s", proposal.proposal_id, error)
            return proposal
        if outcome.state is OutcomeState.DONE:
            return await self._taken(proposal, outcome.run.run_id if outcome.run else "")
        if now - sent >= GIVE_UP:
            return await self._end(proposal, ProposalState.FAILED, run_id=_likely(outcome))
        if proposal.state is ProposalState.SENT:
            return await self._end(proposal, ProposalState.UNCERTAIN)
        return proposal

    async def _complete_audit(self, proposal: Proposal, sent: datetime) -> None:
        """Write down who approved it where a process died between deciding and writing."""
        decided = proposal.decided
        written = await self._audit.since(sent - timedelta(minutes=1))
        is_known = any(
            one.kind == "approved" and one.proposal == proposal.proposal_id for one in written
        )
        if decided is not None and not is_known:
            act = audited(proposal, before="approved before a restart")
            why = f"alone: {proposal.reason}" if proposal.reason else ""
            await self._audit.acted("approved", _person(decided), proposal.address, act, why)

    async def _taken(self, proposal: Proposal, run_id: str) -> Proposal:
        state = ProposalState.RUNNING if run_id else ProposalState.DONE
        return await self._end(proposal, state, run_id=run_id)

    async def _end(
        self,
        proposal: Proposal,
        state: ProposalState,
        *,
        run_id: str = "",
        error: StoredError | None = None,
    ) -> Proposal:
        """Write down what is known of it; a late answer counts more than a doubt."""
        done = await self._proposals.change(
            proposal.proposal_id,
            lambda one: (
                one.moved(state, run_id=run_id, error=error) if one.state in _UNANSWERED else None
            ),
        )
        now = done.proposal or proposal
        if done.made:
            await self._write_down(now, error)
        return now

    async def _write_down(self, proposal: Proposal, error: StoredError | None) -> None:
        decided = proposal.decided or proposal.requested
        act = audited(proposal, before="approved", after=proposal.run_id or str(proposal.state))
        why = f"{error.status or ''} {error.code or error.kind}".strip() if error else ""
        await self._audit.acted(
            str(proposal.state), _person(decided), proposal.address, act, why=why
        )


def _person(event: PersonEvent) -> Person:
    return Person(person_id=event.person_id, name=event.name, tenant=event.tenant)


def _likely(outcome: ActionLookup) -> str:
    """The one run that may be its doing, where there is one."""
    return outcome.candidates[0].run_id if len(outcome.candidates) == 1 else ""
