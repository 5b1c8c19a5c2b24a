"""The durable inbox: what came in is stored before it is answered, and once.

All claims lie in one partition, under the key the endpoint made of what does not change between two
deliveries. The text of a question is kept until it is answered, then only the key and the times.
What is open is listed in a small partition of its own, so that a sweep never reads through the
thousands that are answered; an entry there is written before its claim and removed after its end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.messages import CardClick, Incoming, StoredIncoming
from bot.state.store import Moment, NotOwner, RowCodec, Rows, Store

PARTITION = "inbox"
OPEN_PARTITION = "inbox-open"
INBOX_PARTITIONS = (PARTITION, OPEN_PARTITION)
SAME_CLICK = timedelta(seconds=60)
# Between an entry and its claim lies one write.
SETTLED = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClaim:
    """A claim as it lies in the store: open while it has what came in, else done at a time."""

    since: Moment
    incoming: StoredIncoming | None = None
    attempts: int | None = None
    replies: tuple[str, ...] = ()
    next_at: Moment | None = None
    done: Moment | None = None
    replica: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenEntry:
    """That a claim is open, and since when."""

    since: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something that came in and is not answered yet, and how often that was attempted.

    `replies` are the ids of replies that went out before a crash; a blank one may have arrived, or
    not. None of them is ever sent again. `next_at` is when the next attempt is due. An orphan was
    in the hands of a replica that is gone, so nobody is answering it.
    """

    key: str
    incoming: Incoming
    since: datetime
    attempts: int = 1
    replies: tuple[str, ...] = ()
    next_at: datetime | None = None
    is_orphan: bool = False


class Inbox:
    """Claims in the store; the same thing delivered twice is claimed once."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        replica: str = "",
        is_gone: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Borrow the store; `is_gone` tells of the replica of a claim whether it has ended.

        A process that has the store for itself has no name as a replica.
        """
        self._replica = replica
        self._is_gone = is_gone
        self._claims = Rows(store, PARTITION, RowCodec(StoredClaim, sparse=True))
        self._open = Rows(store, OPEN_PARTITION, RowCodec(OpenEntry))
        self._clock = clock

    async def claim(self, key: str, incoming: Incoming) -> bool:
        """Store what came in; False when it is there already.

        A card click pressed again after a minute is a new one: people press twice on purpose.
        """
        now = self._clock()
        claim = StoredClaim(since=now, incoming=incoming, attempts=1, replica=self._replica)
        if await self._claims.get(key) is None:
            await self._open.insert(key, OpenEntry(since=now))
            if await self._claims.insert(key, claim):
                return True
        return isinstance(incoming, CardClick) and await self._claim_again(key, claim)

    async def try_again(self, claim: Claim, next_at: datetime | None = None) -> bool:
        """Count one more attempt before it is made; False when another process has resumed it."""

        def change(known: StoredClaim | None) -> StoredClaim | None:
            if known is None or known.incoming is None or known.attempts != claim.attempts:
                return None
            return replace(
                known, attempts=claim.attempts + 1, next_at=next_at, replica=self._replica
            )

        return await self._claims.update(claim.key, change) is not None

    async def sending(self, key: str, index: int) -> None:
        """Record that a reply goes out now, before it does: it may arrive from here on."""
        await self._mark(key, lambda sent: (*sent, *([""] * (index + 1 - len(sent)))))

    async def sent(self, key: str, index: int, message_id: str) -> None:
        """Record that a reply is out, at once: only a crash before this leaves it in doubt."""
        await self._mark(key, lambda sent: (*sent[:index], message_id, *sent[index + 1 :]))

    async def unsent(self, key: str, index: int) -> None:
        """The reply that was going out surely did not arrive, so it may be sent again."""
        await self._mark(key, lambda sent: sent[:index])

    async def done(self, key: str) -> None:
        """The answer is out: delete what was asked, keep that it was."""
        done = self._clock()
        await self._claims.update(
            key, lambda known: StoredClaim(since=known.since, done=done) if known else None
        )
        await self._open.delete(key)

    async def forget(self, key: str) -> None:
        """Delete a press that had no effect: pressed again, it is a new one at once."""
        await self._claims.delete(key)
        await self._open.delete(key)

    async def unfinished(self) -> Sequence[Claim]:
        """What was claimed and not answered, oldest first; not what another replica answers."""
        found: list[Claim] = []
        for row in await self._open.list_all():
            claim = await self._claims.get(row.key)
            if claim is not None and claim.incoming is not None:
                if not self._is_another(claim.replica):
                    found.append(_claim(row.key, claim, claim.incoming, self._is_gone))
            elif row.item.since is None or self._clock() - row.item.since > SETTLED:
                # A crash came between an entry and its claim, or between an end and its entry.
                await self._open.delete(row.key)
        return sorted(found, key=lambda claim: claim.since)

    async def oldest(self) -> datetime | None:
        """Since when the oldest open claim waits for its answer; None while none does."""
        return min(
            (row.item.since for row in await self._open.list_all() if row.item.since), default=None
        )

    async def recover(self) -> Sequence[Claim]:
        """At a start: list what versions before left open, which wrote no entries; what is open."""
        listed = {row.key for row in await self._open.list_all()}
        async for page in self._claims.pages():
            for row in page:
                if row.item.incoming is not None and row.key not in listed:
                    await self._open.insert(row.key, OpenEntry(since=row.item.since))
        return await self.unfinished()

    async def purge(self, before: datetime) -> int:
        """Delete claims that were answered before that moment; returns how many."""
        count = 0
        async for page in self._claims.pages():
            old = [row for row in page if row.item.done is not None and row.item.done < before]
            # One that was pressed anew meanwhile is open again.
            await self._claims.delete_unchanged(old)
            count += len(old)
        return count

    async def _claim_again(self, key: str, claim: StoredClaim) -> bool:
        def change(known: StoredClaim | None) -> StoredClaim | None:
            return None if known is None or claim.since - known.since < SAME_CLICK else claim

        await self._open.insert(key, OpenEntry(since=claim.since))
        return await self._claims.update(key, change) is not None

    async def _mark(self, key: str, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        """Change what is known of the replies of an open claim.

        NotOwner where another replica has taken it up, as this one was silent for too long.
        """

        def marked(known: StoredClaim | None) -> StoredClaim | None:
            if known is None or known.incoming is None:
                return None
            if known.replica != self._replica:
                raise NotOwner("another replica answers it by now", key[:12])
            return replace(known, replies=change(known.replies))

        await self._claims.update(key, marked)

    def _is_another(self, replica: str) -> bool:
        """Whether a claim is in the hands of another replica that is alive."""
        return replica not in {"", self._replica} and not self._is_gone(replica)


def _claim(
    key: str, stored: StoredClaim, incoming: Incoming, is_gone: Callable[[str], bool]
) -> Claim:
    return Claim(
        key=key,
        incoming=incoming,
        since=stored.since,
        attempts=stored.attempts or 1,
        replies=stored.replies,
        next_at=stored.next_at,
        is_orphan=bool(stored.replica) and is_gone(stored.replica),
    )
