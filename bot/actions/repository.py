"""Proposals in the store, each beside the recipe of the message that shows it.

All lie in one partition, so that one batch decides a proposal and has its message edited. Every
change is made from the version that was read: of several who press, one wins.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.actions.proposal import IN_FLIGHT, OPEN, Proposal
from bot.messages import Address, Person
from bot.outbox.entry import EntryStage, OutboxEntry
from bot.state.store import (
    Insert,
    Moment,
    Operation,
    Replace,
    RowCodec,
    Rows,
    Store,
    drop,
    everything,
    retry_on_conflict,
)
from cards.records import ProposalState

PARTITION = "proposals"
KIND = "proposal"
PREFIX = "proposal-"
RETENTION = timedelta(days=7)

T = TypeVar("T")
Change = Callable[[Proposal], Proposal | None]
_CODEC = RowCodec(Proposal, sparse=True)
_TAKEN_BACK = frozenset({ProposalState.WITHDRAWN, ProposalState.EXPIRED, ProposalState.REPLACED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingSlot:
    """That a proposal of one act is being decided on and sent, and until when at most."""

    proposal: str
    until: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalChange:
    """A proposal as it is now, and whether it was this change that made it so."""

    proposal: Proposal | None
    made: bool


_SLOTS = RowCodec(SendingSlot)


class ProposalRepository:
    """Reads and writes proposals."""

    def __init__(self, store: Store) -> None:
        """Borrow the store."""
        self._store = store
        self._rows = Rows(store, PARTITION, _CODEC)

    async def add(self, proposal: Proposal) -> None:
        """Put a new proposal in the store."""
        await self._rows.insert(_key(proposal.proposal_id), proposal)

    async def find(self, proposal_id: str) -> Proposal | None:
        """A proposal by its id; None for one that is not known."""
        return await self._rows.get(_key(proposal_id))

    async def change(
        self, proposal_id: str, change: Change, message: tuple[Address, str] | None = None
    ) -> ProposalChange:
        """Put what `change` makes of a proposal in its place; None from it leaves it as it is.

        With the address and id of a `message`, that message shows the proposal from now on.
        """
        return await retry_on_conflict(lambda: self._change(proposal_id, change, message))

    async def reserve(self, proposal: Proposal, now: datetime) -> bool:
        """Keep two proposals of one act from being sent at once; False while another one is."""
        rows = Rows(self._store, PARTITION, _SLOTS)
        mine = SendingSlot(proposal=proposal.proposal_id, until=now + IN_FLIGHT)
        taken = await rows.update(
            _slot_key(proposal),
            lambda other: mine if other is None or other.until <= now else None,
        )
        return taken is not None

    async def release(self, proposal: Proposal) -> None:
        """Let the next proposal of the same act be decided on."""
        await self._rows.delete(_slot_key(proposal))

    async def count_of(self, person: Person, factory: str, since: datetime) -> int:
        """How many acts a person asked for in a factory since then, without what they withdrew."""
        rows = await self._rows.list_all(PREFIX, f"{PREFIX}~")
        return sum(
            one.requested.is_by(person)
            and one.target.factory == factory
            and one.requested.at >= since
            and one.state not in _TAKEN_BACK
            for one in (row.item for row in rows)
        )

    async def open(self) -> Sequence[Proposal]:
        """Those that were sent and have not come to their end."""
        rows = await self._rows.list_all(PREFIX, f"{PREFIX}~")
        return [row.item for row in rows if row.item.state in OPEN]

    async def waiting(self, factories: Collection[str], now: datetime) -> Sequence[Proposal]:
        """Those of some factories that somebody may still approve, oldest first."""
        rows = await self._rows.list_all(PREFIX, f"{PREFIX}~")
        found = [
            row.item
            for row in rows
            if row.item.is_waiting(now) and row.item.target.factory in factories
        ]
        return sorted(found, key=lambda one: one.requested.at)

    async def purge(self, now: datetime) -> None:
        """Forget those that ended days ago, and where they were shown; the audit stays."""
        rows = await self._rows.list_all(PREFIX, f"{PREFIX}~")
        old = {
            row.key: row.item.proposal_id
            for row in rows
            if row.item.state not in OPEN and now - row.item.requested.at > RETENTION
        }
        messages = [
            entry.key
            for prefix in ("post-", "shown-")
            for entry in await everything(self._store, PARTITION, prefix)
            if any(f"-{proposal_id}-" in entry.key for proposal_id in old.values())
        ]
        await drop(self._store, PARTITION, [*old, *messages])

    async def _change(
        self, proposal_id: str, change: Change, message: tuple[Address, str] | None
    ) -> ProposalChange:
        key = _key(proposal_id)
        entry = await self._store.get(PARTITION, key)
        if entry is None:
            return ProposalChange(proposal=None, made=False)
        before = _CODEC.from_json(entry.value)
        after = change(before)
        if after is None:
            return ProposalChange(proposal=before, made=False)
        if message and message[1]:
            after = replace(after, message_id=message[1])
        writes: list[Operation] = [
            Replace(key=key, value=_CODEC.to_json(after), version=entry.version)
        ]
        writes += await self._recipe(after, message)
        await self._store.batch(PARTITION, writes)
        return ProposalChange(proposal=after, made=True)

    async def _recipe(
        self, proposal: Proposal, message: tuple[Address, str] | None
    ) -> list[Operation]:
        """The recipe of the message, where there is none yet."""
        if message is None or not message[1]:
            return []
        recipe = OutboxEntry(
            kind=KIND,
            source=proposal.proposal_id,
            address=message[0],
            stage=EntryStage.POSTED,
            message_id=message[1],
        )
        if await self._store.get(PARTITION, recipe.key) is not None:
            return []
        return [Insert(key=recipe.key, value=recipe.to_json())]


def _slot_key(proposal: Proposal) -> str:
    """The same for all proposals of one kind of act on one thing."""
    target = proposal.target
    thing = "|".join((target.factory, target.kind, target.subject, target.run_id or ""))
    return f"sending-{hashlib.sha256(thing.encode()).hexdigest()[:32]}"


def _key(proposal_id: str) -> str:
    return f"{PREFIX}{proposal_id}"
