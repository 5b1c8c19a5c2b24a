"""The durable inbox: what came in is stored before it is answered, and once.

All claims lie in one partition, under the key the endpoint made of what does not change between two
deliveries. The text of a question is kept until it is answered, then only the key and the times.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.messages import CardClick, Incoming, incoming_from_json, incoming_to_json
from bot.state.store import AlreadyExists, Entry, Missing, Store, VersionConflict

PARTITION = "inbox"
SAME_CLICK = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Something that came in and is not answered yet, and how often that was attempted.

    `replies` are the ids of replies that went out before a crash; a blank one may have arrived, or
    not. None of them is ever sent again.
    """

    key: str
    incoming: Incoming
    since: datetime
    attempts: int = 1
    replies: tuple[str, ...] = ()


class Inbox:
    """Claims in the store; the same thing delivered twice is claimed once."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock
        self._sent: dict[str, dict[int, str]] = {}

    async def claim(self, key: str, incoming: Incoming) -> bool:
        """Store what came in; False when it is there already.

        A card click pressed again after a minute is a new one: people press twice on purpose.
        """
        now = self._clock()
        value = {"since": now.isoformat(), "incoming": incoming_to_json(incoming), "attempts": 1}
        try:
            await self._store.insert(PARTITION, key, value)
        except AlreadyExists:
            return isinstance(incoming, CardClick) and await self._claim_again(key, value, now)
        return True

    async def try_again(self, claim: Claim) -> bool:
        """Count one more attempt before it is made; False when another process has resumed it."""
        entry = await self._store.get(PARTITION, claim.key)
        if entry is None or entry.value.get("attempts") != claim.attempts:
            return False
        value = {**entry.value, "attempts": claim.attempts + 1}
        try:
            await self._store.replace(PARTITION, claim.key, value, entry.version)
        except (VersionConflict, Missing):
            return False
        return True

    async def sending(self, key: str, index: int) -> None:
        """Record that a reply goes out now, before it does: it may arrive from here on."""
        entry = await self._store.get(PARTITION, key)
        if entry is None or "incoming" not in entry.value:
            return
        sent = self._sent.get(key, {})
        before = list(entry.value.get("replies", ()))
        known = [*before, *([""] * (index + 1 - len(before)))]
        replies = [sent.get(at, reply) for at, reply in enumerate(known)]
        value = {**entry.value, "replies": replies}
        await self._store.replace(PARTITION, key, value, entry.version)

    def sent(self, key: str, index: int, message_id: str) -> None:
        """A reply is out; recorded with what follows, since the next write is near."""
        self._sent.setdefault(key, {})[index] = message_id

    async def unsent(self, key: str, index: int) -> None:
        """The reply that was going out surely did not arrive, so it may be sent again."""
        entry = await self._store.get(PARTITION, key)
        if entry is not None and "incoming" in entry.value:
            replies = list(entry.value.get("replies", ()))[:index]
            value = {**entry.value, "replies": replies}
            await self._store.replace(PARTITION, key, value, entry.version)

    async def done(self, key: str) -> None:
        """The answer is out: delete what was asked, keep that it was."""
        self._sent.pop(key, None)
        entry = await self._store.get(PARTITION, key)
        if entry is None:
            return
        done = {"since": entry.value["since"], "done": self._clock().isoformat()}
        try:
            await self._store.replace(PARTITION, key, done, entry.version)
        except (VersionConflict, Missing):
            return

    async def forget(self, key: str) -> None:
        """Delete a press that had no effect: pressed again, it is a new one at once."""
        self._sent.pop(key, None)
        await self._store.delete(PARTITION, key)

    async def unfinished(self) -> Sequence[Claim]:
        """What was claimed and not answered, oldest first."""
        entries = await self._store.range(PARTITION, limit=10_000)
        claims = (_claim(entry) for entry in entries if "incoming" in entry.value)
        return sorted(claims, key=lambda claim: claim.since)

    async def purge(self, before: datetime) -> int:
        """Delete claims that were answered before that moment; returns how many."""
        entries = await self._store.range(PARTITION, limit=10_000)
        old = [one for one in entries if "done" in one.value and _done(one) < before]
        for entry in old:
            await self._store.delete(PARTITION, entry.key)
        return len(old)

    async def _claim_again(self, key: str, value: Mapping[str, Any], now: datetime) -> bool:
        entry = await self._store.get(PARTITION, key)
        if entry is None or now - datetime.fromisoformat(entry.value["since"]) < SAME_CLICK:
            return False
        try:
            await self._store.replace(PARTITION, key, value, entry.version)
        except (VersionConflict, Missing):
            return False
        return True


def _claim(entry: Entry) -> Claim:
    since = datetime.fromisoformat(entry.value["since"])
    incoming = incoming_from_json(entry.value["incoming"])
    attempts = int(entry.value.get("attempts", 1))
    replies = tuple(entry.value.get("replies", ()))
    return Claim(key=entry.key, incoming=incoming, since=since, attempts=attempts, replies=replies)


def _done(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.value["done"])
