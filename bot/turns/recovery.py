"""Resumes what a crash or a failed delivery left open, and forgets claims that are long done."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.messages import Arrival, CardClick, Reply, Unreachable
from bot.outbox import MessageSender
from bot.turns.handler import TurnHandler
from bot.turns.inbox import Claim, Inbox

log = logging.getLogger("adfops.turn")

LATE = timedelta(minutes=10)
MOST_ATTEMPTS = 2
# A claim that old is stuck: its answer could not be sent.
STUCK_AFTER = timedelta(seconds=60)
KEPT_CLAIMS = timedelta(days=1)
SWEEP_SECONDS = 30.0
TOO_LATE = "I was not there to answer when you last asked here. Ask me again, please."
INTERRUPTED = "I was interrupted while answering you. If no answer stands above, ask me again."


class ClaimRecovery:
    """Answers open claims after all; gives up on one, and says so, rather than answer twice."""

    def __init__(
        self,
        *,
        turns: TurnHandler,
        inbox: Inbox,
        sender: MessageSender,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Borrow everything."""
        self._turns = turns
        self._inbox = inbox
        self._sender = sender
        self._clock = clock
        self._sleep = sleep

    async def run(self, left: Sequence[Claim]) -> None:
        """Answer what was `left` before the endpoint opened; then, now and then, what is stuck."""
        await self.resume_all(left)
        while True:
            try:
                await self._inbox.purge(self._clock() - KEPT_CLAIMS)
                await self.sweep()
            except Exception:
                log.exception("what is claimed cannot be read")
            await self._sleep(SWEEP_SECONDS)

    async def sweep(self) -> None:
        """Resume the claims that are stuck."""
        youngest = self._clock() - STUCK_AFTER
        claims = await self._inbox.unfinished()
        await self.resume_all([one for one in claims if one.since < youngest])

    async def resume_all(self, claims: Sequence[Claim]) -> None:
        """Resume claims that nobody is answering; one that breaks does not hold up the others."""
        for claim in claims:
            try:
                if not self._turns.is_answering(claim.key):
                    await self.resume(claim)
            except Exception:
                log.exception("could not take up claim %s", claim.key[:12])

    async def resume(self, claim: Claim) -> None:
        """Answer a claim; after two attempts or ten minutes the person is asked to ask again.

        A reply that may have arrived is never sent again: one line is sent instead.
        """
        if not await self._inbox.try_again(claim):
            return
        if isinstance(claim.incoming, Arrival) or self._can_be_answered(claim):
            await self._turns.answer_claim(claim.key, claim.incoming, claim.replies)
            return
        text = INTERRUPTED if "" in claim.replies else TOO_LATE
        with contextlib.suppress(Unreachable):
            await self._sender.send(Reply(address=claim.incoming.address, text=text))
        if isinstance(claim.incoming, CardClick):
            await self._inbox.forget(claim.key)
        else:
            await self._inbox.done(claim.key)

    def _can_be_answered(self, claim: Claim) -> bool:
        is_late = self._clock() - claim.since > LATE or claim.attempts >= MOST_ATTEMPTS
        return not is_late and "" not in claim.replies
