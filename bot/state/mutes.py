"""What nobody is alerted of for a while: who asked for that, why, and when it ends by itself.

A mute of a pipeline holds back every alert of it; one of an incident is a known issue: it holds
back that error alone, so that another error of the same pipeline is posted, and the next good run
lifts it.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.state.store import RowCodec, Rows, Store

PARTITION = "mutes"
EVERYTHING_TARGET = "everything"


class MuteScope(StrEnum):
    """How much a mute holds back."""

    PIPELINE = "pipeline"
    CAUSE = "cause"
    EVERYTHING = "everything"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMute:
    """A mute of one target in a factory: a pipeline, an incident with its cause, or everything.

    `by` is the Entra object id of the person, `name` what they are called.
    """

    factory: str
    target: str
    scope: MuteScope
    until: datetime
    at: datetime
    by: str
    name: str
    reason: str = ""
    signature: str = ""
    pipelines: tuple[str, ...] = ()

    def covers(self, pipeline: str, signature: str) -> bool:
        """Whether an alert of a pipeline with that error is held back."""
        if self.scope is MuteScope.EVERYTHING:
            return True
        if self.scope is MuteScope.PIPELINE:
            return self.target == pipeline
        return pipeline in self.pipelines and bool(signature) and signature == self.signature


class Mutes:
    """Mutes in the store; one that is past its end is none any more."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store; the clock ends mutes."""
        self._rows = Rows(store, PARTITION, RowCodec(StoredMute, sparse=True))
        self._clock = clock

    async def add(self, mute: StoredMute) -> None:
        """Mute a target, in the place of an earlier mute of it."""
        await self._rows.update(_key(mute.factory, mute.target), lambda _: mute)

    async def remove(self, factory: str, target: str) -> StoredMute | None:
        """End a mute; what it was, None where there was none."""
        key = _key(factory, target)
        found = await self._rows.get(key)
        await self._rows.delete(key)
        return found if found and found.until > self._clock() else None

    async def active(self, factories: Collection[str]) -> Sequence[StoredMute]:
        """The mutes of some factories that have not ended, the first to end first."""
        now = self._clock()
        rows = [row.item for row in await self._rows.list_all()]
        found = (one for one in rows if one.factory in factories and one.until > now)
        return sorted(found, key=lambda one: (one.until, one.target))

    async def covering(self, factory: str, pipeline: str, signature: str) -> StoredMute | None:
        """The mute that holds back an alert, the one that lasts longest."""
        fitting = [one for one in await self.active([factory]) if one.covers(pipeline, signature)]
        return fitting[-1] if fitting else None

    async def mutes_pipeline(self, factory: str, pipeline: str) -> bool:
        """Whether every alert of a pipeline is held back now, whatever it is about."""
        return await self.covering(factory, pipeline, "") is not None

    async def lift(self, factory: str, pipeline: str, ended: datetime) -> None:
        """A good run ended: what was known of its pipeline is muted no longer."""
        for one in await self.active([factory]):
            if one.scope is MuteScope.CAUSE and pipeline in one.pipelines and one.at <= ended:
                await self._without(one, pipeline)

    async def forget_ended(self) -> None:
        """Drop the mutes that are over."""
        now = self._clock()
        rows = [row for row in await self._rows.list_all() if row.item.until <= now]
        await self._rows.delete_unchanged(rows)

    async def _without(self, mute: StoredMute, pipeline: str) -> None:
        key, left = _key(mute.factory, mute.target), tuple(set(mute.pipelines) - {pipeline})
        if left:
            await self._rows.update(key, lambda now: replace(now or mute, pipelines=left))
        else:
            await self._rows.delete(key)


def _key(factory: str, target: str) -> str:
    return hashlib.sha256(f"{factory}|{target}".encode()).hexdigest()[:32]
