"""The order of a conversation across replicas: a row holds the line of its turns.

A turn joins the line before its message is taken for good (202), so who sends a second message
after the first one was taken is answered in that order, whichever replicas took them. A turn
begins once it is first in the line, and leaves it at its end. What only one may do at a time, such
as go on with a conversation with the language model, is held by a line of its own.

One turn of each replica asks the store how far a line is: the ones behind it wait for it to leave.
"""

import asyncio
import hashlib
import logging
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace

from bot.state.store import Entry, RowCodec, Store, StoreError, readable_one, retry_on_conflict

log = logging.getLogger("adfops.replicas")

PARTITION = "order"
FIRST_WAIT, LONGEST_WAIT = 0.05, 0.5
# Whoever is first and gone has so long to be taken up before the next one goes on without it.
PATIENCE_WITH_THE_GONE = 10.0
# A line that does not move is not waited for: an answer out of order is better than none.
LONGEST_LINE_SECONDS = 60.0
# As many turns join one line at once as people type; each makes way at once.
_TRIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTicket:
    """A turn in the line: what was claimed, and by which replica."""

    claim: str
    replica: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLine:
    """The turns of one conversation, the one that is being answered first."""

    tickets: tuple[TurnTicket, ...] = ()


_CODEC = RowCodec(TurnLine)


class ConversationOrder:
    """The lines of all conversations, as one replica uses them."""

    def __init__(
        self,
        store: Store,
        replica: str,
        is_gone: Callable[[str], bool],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Borrow the store; `is_gone` tells of a replica whether it has ended."""
        self._store = store
        self._replica = replica
        self._is_gone = is_gone
        self._sleep = sleep
        # What waits or is answered here, each with what is set once it is not any more.
        self._here: dict[str, asyncio.Event] = {}

    async def join(self, conversation: str, claim: str) -> None:
        """Take a place at the end of the line, unless the claim has one."""
        ticket = TurnTicket(claim=claim, replica=self._replica)

        def change(tickets: tuple[TurnTicket, ...]) -> tuple[TurnTicket, ...]:
            return tickets if _place(tickets, claim) is not None else (*tickets, ticket)

        await self._change(_key(conversation), change)

    @asynccontextmanager
    async def turn(self, conversation: str, claim: str) -> AsyncGenerator[None]:
        """Wait until the claim is first in the line; leaves it at the end.

        One that is cancelled keeps its place, for the replica that takes the claim up.
        """
        key = _key(conversation)
        with self._staying(claim):
            try:
                await self._until_first(key, claim, LONGEST_LINE_SECONDS)
                yield
            except asyncio.CancelledError:
                raise
            except BaseException:
                await self._leave(key, claim)
                raise
            await self._leave(key, claim)

    @asynccontextmanager
    async def alone(self, what: str, longest: float) -> AsyncGenerator[None]:
        """Do something that only one of all replicas may do at a time.

        Who is cancelled leaves the line, and who holds it for `longest` seconds is passed over.
        """
        key, claim = _key(what), uuid.uuid4().hex
        with self._staying(claim):
            try:
                await self.join(what, claim)
                await self._until_first(key, claim, longest)
                yield
            finally:
                await self._leave(key, claim)

    @contextmanager
    def _staying(self, claim: str) -> Generator[None]:
        """Have those behind a claim wait for it as long as it is here."""
        left = self._here[claim] = asyncio.Event()
        try:
            yield
        finally:
            self._here.pop(claim, None)
            left.set()

    async def _until_first(self, key: str, claim: str, longest: float) -> None:
        """Wait, at most `longest` seconds for one that stays the first."""
        first, wait, waited, waited_for_gone = "", FIRST_WAIT, 0.0, 0.0
        while True:
            tickets = await self._read(key)
            place = _place(tickets, claim)
            # One that is in no line was taken up after a crash that came before it joined.
            if not place:
                return
            if tickets[0].claim != first:
                first, waited = tickets[0].claim, 0.0
            elif waited >= longest:
                break
            if ahead := self._nearest_here(tickets[:place]):
                waited += await self._until_left(ahead, longest - waited)
                continue
            if self._is_gone(tickets[0].replica):
                if waited_for_gone >= PATIENCE_WITH_THE_GONE:
                    await self._leave(key, tickets[0].claim)
                    continue
                waited_for_gone += wait
            await self._sleep(wait)
            waited += wait
            wait = min(LONGEST_WAIT, wait * 1.5)
        log.warning("claim %s waited too long for the one before it", claim[:12])

    def _nearest_here(self, ahead: Sequence[TurnTicket]) -> asyncio.Event | None:
        """What tells that the last one of those before a turn, among those here, has left."""
        return next((self._here[one.claim] for one in ahead[::-1] if one.claim in self._here), None)

    async def _until_left(self, left: asyncio.Event, longest: float) -> float:
        """Wait for one of this replica, at most `longest` seconds; returns how long that took."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        with suppress(TimeoutError):
            async with asyncio.timeout(longest):
                await left.wait()
        return loop.time() - begun

    async def _leave(self, key: str, claim: str) -> None:
        """Leave the line; where that cannot be written, the next one waits in vain for a while."""

        def change(tickets: tuple[TurnTicket, ...]) -> tuple[TurnTicket, ...]:
            return tuple(one for one in tickets if one.claim != claim)

        try:
            await self._change(key, change)
        except StoreError as error:
            log.warning("claim %s could not leave its line: %s", claim[:12], error)

    async def _read(self, key: str) -> tuple[TurnTicket, ...]:
        entry = await self._store.get(PARTITION, key)
        line = await readable_one(self._store, PARTITION, entry, _decode)
        return line.tickets if line else ()

    async def _change(
        self, key: str, change: Callable[[tuple[TurnTicket, ...]], tuple[TurnTicket, ...]]
    ) -> None:
        """Write what `change` makes of a line; an empty one is deleted."""

        async def once() -> None:
            entry = await self._store.get(PARTITION, key)
            line = _decode(entry) if entry else TurnLine()
            after = change(line.tickets)
            value = _CODEC.to_json(replace(line, tickets=after))
            if after == line.tickets:
                return
            if entry is None:
                await self._store.insert(PARTITION, key, value)
            elif after:
                await self._store.replace(PARTITION, key, value, entry.version)
            else:
                await self._store.delete(PARTITION, key, entry.version)

        await retry_on_conflict(once, _TRIES)


def _decode(entry: Entry) -> TurnLine:
    return _CODEC.from_json(entry.value)


def _key(conversation: str) -> str:
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]


def _place(tickets: tuple[TurnTicket, ...], claim: str) -> int | None:
    return next((at for at, one in enumerate(tickets) if one.claim == claim), None)
