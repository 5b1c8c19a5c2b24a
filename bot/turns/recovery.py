"""Resumes what a crash or a failed delivery left open, and forgets claims that are long done."""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from bot.messages import Arrival, CardClick, Reply, Unreachable
from bot.outbox import MessageSender, NotDelivered
from bot.turns.handler import TurnHandler
from bot.turns.inbox import Claim, Inbox

log = logging.getLogger("adfops.turn")

LATE = timedelta(minutes=10)
MOST_ATTEMPTS = 2
# Answers and lines together; with the pauses between them the last one comes after an hour.
MOST_TRIES = 8
FIRST_PAUSE = 60.0
LONGEST_PAUSE = 900.0
AT_ONCE = 8
PURGE_EVERY = timedelta(hours=1)
# A claim that old is stuck: its answer could not be sent.
STUCK_AFTER = timedelta(seconds=60)
KEPT_CLAIMS = timedelta(days=1)
SWEEP_SECONDS = 30.0
TOO_LATE = "I was offline when you last asked here. Please ask again."
INTERRUPTED = (
    "I was interrupted while answering you. If there is no answer above, please ask again."
)


async def _nothing_more(now: datetime) -> None:
    del now


class ClaimRecovery:
    """Answers open claims after all; gives up on one, and says so, rather than answer twice."""

    def __init__(
        self,
        *,
        turns: TurnHandler,
        inbox: Inbox,
        sender: MessageSender,
        clock: Callable[[], datetime],
        purge_more: Callable[[datetime], Awaitable[None]] = _nothing_more,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Borrow everything; `purge_more` is called as often as old claims are deleted."""
        self._turns = turns
        self._inbox = inbox
        self._sender = sender
        self._clock = clock
        self._purge_more = purge_more
        self._sleep = sleep

    async def run(self, left: Sequence[Claim]) -> None:
        """Answer what was `left` before the endpoint opened; then, now and then, what is stuck."""
        await self.resume_all(left)
        purged: datetime | None = None
        while True:
            try:
                now = self._clock()
                if purged is None or now - purged >= PURGE_EVERY:
                    await self._inbox.purge(now - KEPT_CLAIMS)
                    await self._purge_more(now)
                    purged = now
                await self.sweep()
            except Exception:
                log.exception("what is claimed cannot be read")
            await self._sleep(SWEEP_SECONDS)

    async def sweep(self) -> None:
        """Resume the claims that are stuck; at once where their replica is gone, as at a start."""
        now = self._clock()

        def is_due(claim: Claim) -> bool:
            is_stuck = claim.since < now - STUCK_AFTER
            return claim.is_orphan or (is_stuck and (claim.next_at or now) <= now)

        await self.resume_all([one for one in await self._inbox.unfinished() if is_due(one)])

    async def resume_all(self, claims: Sequence[Claim]) -> None:
        """Resume claims that nobody is answering; one that is slow does not hold up the others."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def resume(claim: Claim) -> None:
            async with slots:
                await self._resume_safely(claim)

        await asyncio.gather(*(resume(claim) for claim in claims))

    async def _resume_safely(self, claim: Claim) -> None:
        try:
            if not self._turns.is_answering(claim.key):
                await self.resume(claim)
        except Exception:
            log.exception("could not take up claim %s", claim.key[:12])

    async def resume(self, claim: Claim) -> None:
        """Answer a claim; after two attempts or ten minutes the person is asked to ask again.

        A reply that may have arrived is never sent again: one line is sent instead. After the last
        try the claim is closed, so that neither it nor its text stays for ever.
        """
        if claim.attempts >= MOST_TRIES:
            log.warning("gave up on claim %s after %d tries", claim.key[:12], claim.attempts)
            await self._close(claim)
            return
        if not await self._inbox.try_again(claim, self._clock() + _pause(claim)):
            return
        if self._can_be_answered(claim):
            await self._turns.answer_claim(claim.key, claim.incoming, claim.replies)
        elif isinstance(claim.incoming, Arrival) or await self._say_unanswered(claim):
            await self._close(claim)

    async def _say_unanswered(self, claim: Claim) -> bool:
        """Ask the person to ask again; False when that may go through later."""
        address = claim.incoming.address
        try:
            # The sign does no harm when it comes twice, and shows whether Teams answers again.
            await self._sender.typing(address)
            await self._sender.send(Reply(address=address, text=_unanswered(claim)))
        except Unreachable:
            return True
        except NotDelivered as error:
            log.warning("claim %s: the person could not be told: %s", claim.key[:12], error)
            return not error.may_help_later
        return True

    async def _close(self, claim: Claim) -> None:
        if isinstance(claim.incoming, CardClick):
            await self._inbox.forget(claim.key)
        else:
            await self._inbox.done(claim.key)

    def _can_be_answered(self, claim: Claim) -> bool:
        is_late = self._clock() - claim.since > LATE or claim.attempts >= MOST_ATTEMPTS
        if isinstance(claim.incoming, Arrival):
            return "" not in claim.replies
        return not is_late and "" not in claim.replies


def _unanswered(claim: Claim) -> str:
    return INTERRUPTED if "" in claim.replies else TOO_LATE


def _pause(claim: Claim) -> timedelta:
    """How long until the next try: twice as long each time, and not the same for each claim."""
    seconds = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (claim.attempts - 1))
    spread = zlib.crc32(f"{claim.key} {claim.attempts}".encode()) / 2**32
    return timedelta(seconds=seconds * (0.75 + spread / 2))
