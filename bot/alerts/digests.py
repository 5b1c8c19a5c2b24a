"""A room that would get too many messages about new incidents gets one that lists them all.

Above the rate an incident has no message of its own there: it is a line of the digest, which is
edited as long as any of them stands. The rate is remembered in memory, the digest in the store.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

from cachetools import LRUCache

from bot.alerts.incident_message import MayHear, ZoneOf
from bot.alerts.incidents import Incident
from bot.messages import Address, Renderer
from bot.outbox import MessageSource, RenderedMessage
from bot.outbox.entry import OutboxEntry, mark_of
from bot.state.store import Insert, Operation, Replace, RowCodec, Store, retry_on_conflict
from cards.records import DigestLine, IncidentDigest, IncidentState

KIND = "digest"
PARTITION = "digests"
MOST_NEW = 10
WITHIN = timedelta(minutes=10)
MOST_LISTED = 200
MOST_ROOMS = 1_000


class IncidentReader(Protocol):
    """Reads incidents by their ids."""

    async def find(self, incident_id: str) -> Incident | None:
        """An incident, over or not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDigest:
    """The incidents that a room is told of in one message, by their ids."""

    digest_id: str
    factory: str
    since: datetime
    last_at: datetime
    incidents: tuple[str, ...]
    revision: int = 1


_CODEC = RowCodec(StoredDigest)


class IncidentDigests:
    """The source of digests, and the one who says when a room has had enough messages."""

    def __init__(
        self,
        *,
        store: Store,
        incidents: IncidentReader,
        draw: Renderer,
        zone_of: ZoneOf,
        may_hear: MayHear,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything; `may_hear` tells whether a room is told of a factory today."""
        self._may_hear = may_hear
        self._store = store
        self._incidents = incidents
        self._draw = draw
        self._zone_of = zone_of
        self._clock = clock
        self._posted: LRUCache[str, dict[str, datetime]] = LRUCache(MOST_ROOMS)

    async def takes(self, incident_id: str, address: Address) -> bool:
        """Whether a new incident is told in the digest of a room; its message is counted if not."""
        recent = self._recent(address)
        if incident_id in recent or len(recent) < MOST_NEW:
            recent[incident_id] = self._clock()
            return False
        incident = await self._incidents.find(incident_id)
        if incident is not None:
            await retry_on_conflict(lambda: self._add(incident, address))
        return True

    def partitions(self) -> Sequence[str]:
        """One for all."""
        return (PARTITION,)

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """A digest is as new as it and all of its incidents are."""
        found: dict[str, int] = {}
        for name in names:
            stored = await self._read(name)
            if stored is not None:
                found[name] = stored.revision + sum(
                    one.revision for one in await self._listed(stored)
                )
        return found

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of a digest; the last one once all of it is over and nothing is added."""
        stored = await self._read(name)
        if stored is None or not await self._may_hear(address, stored.factory):
            return None
        listed = await self._listed(stored)
        record = IncidentDigest(
            factory=stored.factory,
            since=stored.since,
            lines=tuple(_line(one) for one in listed),
        )
        zone: ZoneInfo = await self._zone_of(address)
        is_over = all(one.state is IncidentState.RESOLVED for one in listed)
        return RenderedMessage(
            card=self._draw(record, self._clock(), zone, None, None),
            revision=stored.revision + sum(one.revision for one in listed),
            is_final=is_over and self._clock() - stored.last_at > WITHIN,
        )

    def _recent(self, address: Address) -> dict[str, datetime]:
        """The incidents that a room got a message of within the last minutes."""
        now, room = self._clock(), mark_of(replace(address, conversation=address.room))
        known = self._posted.get(room, {})
        self._posted[room] = {name: at for name, at in known.items() if abs(now - at) <= WITHIN}
        return self._posted[room]

    async def _listed(self, stored: StoredDigest) -> list[Incident]:
        found = [await self._incidents.find(one) for one in stored.incidents]
        return [one for one in found if one is not None]

    async def _read(self, name: str) -> StoredDigest | None:
        entry = await self._store.get(PARTITION, f"digest-{name}")
        return _CODEC.from_json(entry.value) if entry else None

    async def _add(self, incident: Incident, address: Address) -> None:
        """One more line of the digest that is under way in the room, or of a new one."""
        now, pointer = self._clock(), f"last-{quote(incident.factory, safe='')}-{mark_of(address)}"
        last = await self._store.get(PARTITION, pointer)
        name = str(last.value["digest"]) if last else ""
        entry = await self._store.get(PARTITION, f"digest-{name}") if name else None
        stored = _CODEC.from_json(entry.value) if entry else None
        if stored and entry and now - stored.last_at <= WITHIN:
            if incident.incident_id in stored.incidents:
                return
            listed = (*stored.incidents, incident.incident_id)[-MOST_LISTED:]
            after = replace(stored, incidents=listed, last_at=now, revision=stored.revision + 1)
            await self._store.batch(
                PARTITION,
                [Replace(key=entry.key, value=_CODEC.to_json(after), version=entry.version)],
            )
            return
        digest = StoredDigest(
            digest_id=f"{now:%Y%m%dT%H%M%S}-{mark_of(address)}-{quote(incident.factory, safe='')}",
            factory=incident.factory,
            since=now,
            last_at=now,
            incidents=(incident.incident_id,),
        )
        post = OutboxEntry(kind=KIND, source=digest.digest_id, address=address)
        value = {"digest": digest.digest_id}
        operations: list[Operation] = [
            Insert(key=f"digest-{digest.digest_id}", value=_CODEC.to_json(digest)),
            Insert(key=post.key, value=post.to_json()),
            Replace(key=pointer, value=value, version=last.version)
            if last
            else Insert(key=pointer, value=value),
        ]
        await self._store.batch(PARTITION, operations)


class DigestedIncidents:
    """The source of incident messages, whose new ones a digest takes above the rate."""

    def __init__(self, messages: MessageSource, digests: IncidentDigests) -> None:
        """Borrow both."""
        self._messages = messages
        self._digests = digests

    def partitions(self) -> Sequence[str]:
        """Those of the incidents."""
        return self._messages.partitions()

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """Those of the incidents."""
        return await self._messages.revisions(partition, names)

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of an incident; None where the digest of the room tells of it instead."""
        if is_new and await self._digests.takes(name, address):
            return None
        return await self._messages.draw(name, address, is_new=is_new)


def _line(incident: Incident) -> DigestLine:
    return DigestLine(
        incident_id=incident.incident_id,
        pipelines=tuple(one.pipeline for one in incident.standing),
        state=incident.state,
        since=incident.since,
        count=incident.count,
    )
