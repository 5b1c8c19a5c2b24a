"""Follows what was approved until it ends: lost answers are looked up, runs are watched.

One task for each open proposal; all of them are taken up again after a start, and now and then, so
that nothing stays open because a process died.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from adf.errors import AdfError, NotFound
from adf.records import ACTIVE
from bot.actions.execution import Execution
from bot.actions.ports import ActionPort
from bot.actions.proposal import OPEN, Proposal
from bot.actions.repository import ProposalRepository
from bot.state.background import BackgroundTasks
from cards.records import ProposalState

log = logging.getLogger("adfops.actions")

POLL_SECONDS = 15.0
SWEEP_SECONDS = 60.0
# A run that goes on for longer is left to the status cards.
LONGEST = timedelta(days=2)


class FollowUp:
    """Brings open proposals to their end; `on_change` has their messages edited."""

    def __init__(
        self,
        *,
        port: ActionPort,
        proposals: ProposalRepository,
        execution: Execution,
        on_change: Callable[[], None],
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Borrow everything."""
        self._port = port
        self._proposals = proposals
        self._execution = execution
        self._on_change = on_change
        self._clock = clock
        self._sleep = sleep
        self._tasks = BackgroundTasks()

    async def run(self) -> None:
        """Take up what is open, for ever; what is followed already is left alone."""
        while True:
            try:
                for proposal in await self._proposals.open():
                    self.start(proposal)
                await self._proposals.purge(self._clock())
            except Exception:
                log.exception("open proposals cannot be read")
            await self._sleep(SWEEP_SECONDS)

    def start(self, proposal: Proposal) -> None:
        """Follow a proposal, unless it is followed already."""
        if proposal.state in OPEN and proposal.proposal_id not in self._tasks:
            self._tasks.start(self._follow(proposal), proposal.proposal_id)

    async def close(self) -> None:
        """Leave what is open to the next start."""
        await self._tasks.close()

    async def step(self, proposal: Proposal) -> Proposal:
        """Look at it once; the proposal as it is after that."""
        if proposal.state is not ProposalState.RUNNING:
            return await self._execution.settle(proposal)
        try:
            run = await self._port.get_run(proposal.target.factory, proposal.run_id)
        except NotFound:
            return await self._lost(proposal)
        except AdfError as error:
            log.info("run %s cannot be read yet: %s", proposal.run_id, error)
            return proposal
        state = proposal.state if run.status in ACTIVE else ProposalState.DONE
        if str(run.status) == proposal.status and state is proposal.state:
            return proposal if not self._is_too_old(proposal) else await self._lost(proposal)
        return await self._moved(proposal, state, str(run.status))

    async def _follow(self, proposal: Proposal) -> None:
        while proposal.state in OPEN:
            after = await self.step(proposal)
            if after.revision != proposal.revision:
                self._on_change()
            proposal = after
            if proposal.state in OPEN:
                await self._sleep(POLL_SECONDS)

    async def _lost(self, proposal: Proposal) -> Proposal:
        """A run that is not there, or goes on for days: not for ever."""
        if self._is_too_old(proposal):
            return await self._moved(proposal, ProposalState.DONE, proposal.status)
        return proposal

    async def _moved(self, proposal: Proposal, state: ProposalState, status: str) -> Proposal:
        done = await self._proposals.change(
            proposal.proposal_id,
            lambda one: (
                one.moved(state, status=status) if one.state is ProposalState.RUNNING else None
            ),
        )
        return done.proposal or proposal

    def _is_too_old(self, proposal: Proposal) -> bool:
        since = proposal.decided.at if proposal.decided else proposal.requested.at
        return self._clock() - since > LONGEST
