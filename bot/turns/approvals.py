"""Calls to remote tools that wait for an approval: kept until the asker has decided.

A card carries an id and nothing that is trusted. Only the asker decides, once, within ten minutes;
an asker who writes on instead has denied it. A press decides on what the card shows whole and on
nothing else.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from bot.agents.approval_limits import lack_of
from bot.agents.interface import Approval
from bot.agents.untrusted import plain
from bot.messages import (
    CardClick,
    DeferredReply,
    Message,
    Person,
    PressResult,
    Renderer,
)
from bot.state.rooms import RoomZones
from bot.state.store import Moment, RowCodec, Rows, Store
from bot.turns.inbox import Inbox, StoredIncoming
from cards.records import CallApproval, CallState, ProposedCall

PARTITION = "approvals"
VALID = timedelta(minutes=10)
USED_PARTITION = "used"
# Much longer than a claim is resumed.
KEPT = timedelta(days=1)
LONGEST_NAME = 80
GONE = "That no longer waits for a yes. Ask me again, and I will ask you again."
NOT_YOURS = "Only {} can decide that: it was asked in their name."


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredApproval:
    """Calls that wait, with the message they were asked in; `conversation` is hashed."""

    message: StoredIncoming
    conversation: Annotated[str, Field(alias="talk")]
    ids: tuple[str, ...]
    calls: tuple[ProposedCall, ...]
    left_out: tuple[ProposedCall, ...] = ()
    since: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedApproval:
    """When an approval was used."""

    at: Moment


class Approvals:
    """The calls that wait, each with the message it was asked in."""

    def __init__(
        self, *, store: Store, clock: Callable[[], datetime], make_id: Callable[[], str]
    ) -> None:
        """Borrow the store; `make_id` makes ids that nobody can guess."""
        self._rows = Rows(store, PARTITION, RowCodec(StoredApproval))
        self._clock = clock
        self._make_id = make_id

    async def ask(self, message: Message, approvals: Sequence[Approval]) -> CallApproval:
        """Keep the calls with what was asked; returns the record of the card for the asker."""
        key, now, shown = self._make_id(), self._clock(), _shown_whole(approvals)
        left_out = [one for one in approvals if one not in shown]
        stored = StoredApproval(
            message=message,
            conversation=_conversation(message),
            ids=tuple(one.approval_id for one in shown),
            calls=tuple(_call(one) for one in shown),
            left_out=tuple(_call(replace(one, arguments={})) for one in left_out),
            since=now,
        )
        await self._rows.insert(key, stored)
        return _record(key, stored, message)

    async def withdraw(self, message: Message) -> None:
        """Deny what waits in this conversation: its asker writes on. What is too old goes too."""
        for row in await self._rows.list_all():
            if row.item.conversation == _conversation(message) or self._is_old(row.item):
                await self._rows.delete(row.key)

    async def waiting(self, key: str) -> tuple[CallApproval, Person] | None:
        """What waits under an id, and for whom; None when nothing does any more."""
        stored = await self._rows.get(key)
        if stored is None or self._is_old(stored) or not isinstance(stored.message, Message):
            return None
        return _record(key, stored, stored.message), stored.message.speaker

    async def decide(self, key: str, state: CallState, inbox: Inbox) -> DeferredReply | None:
        """Have the conversation go on with a decision; None when it was made in between."""
        stored = await self._rows.get(key)
        if stored is None or not isinstance(stored.message, Message):
            return None
        decided = dict.fromkeys(stored.ids, state is CallState.ALLOWED)
        message = replace(stored.message, decided=decided, decision=key, at=self._clock())
        later = DeferredReply(key=f"approval-{key}", message=message)
        is_first = await inbox.claim(later.key, message)
        await self._rows.delete(key)
        return later if is_first else None

    def _is_old(self, stored: StoredApproval) -> bool:
        return self._clock() - stored.since >= VALID


class ApprovalActions:
    """The buttons that allow or refuse a call, for the asker alone."""

    def __init__(
        self,
        *,
        approvals: Approvals,
        inbox: Inbox,
        render: Renderer,
        zones: RoomZones,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._approvals = approvals
        self._inbox = inbox
        self._render = render
        self._zones = zones
        self._clock = clock

    async def allow(self, click: CardClick) -> PressResult:
        """Have the calls made that the card shows."""
        return await self._decide(click, CallState.ALLOWED)

    async def refuse(self, click: CardClick) -> PressResult:
        """Have the answer go on without them."""
        return await self._decide(click, CallState.REFUSED)

    async def _decide(self, click: CardClick, state: CallState) -> PressResult:
        """Decide, if it was asked in the name of the person who presses; the answer comes later."""
        key = str(click.data.get("approval", ""))
        waiting = await self._approvals.waiting(key)
        if waiting is None:
            return PressResult(words=GONE)
        record, asker = waiting
        if not _is_same(click.speaker, asker):
            return PressResult(words=NOT_YOURS.format(record.asked_by))
        later = await self._approvals.decide(key, state, self._inbox)
        if later is None:
            return PressResult(words=GONE)
        now, zone = self._clock(), await self._zones.of(click.address)
        decided = replace(record, state=state, decided_at=now)
        return PressResult(card=self._render(decided, now, zone, None), later=later)


def _is_same(one: Person, other: Person) -> bool:
    return (one.tenant, one.person_id) == (other.tenant, other.person_id)


def _conversation(message: Message) -> str:
    speaker = message.speaker
    parts = (message.address.conversation, speaker.tenant, speaker.person_id)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def _shown_whole(approvals: Sequence[Approval]) -> list[Approval]:
    shown: list[Approval] = []
    for one in approvals:
        if not lack_of(one, shown):
            shown.append(one)
    return shown


def _call(approval: Approval) -> ProposedCall:
    """A call as a person is shown it."""
    return ProposedCall(
        server=plain(approval.server, LONGEST_NAME),
        tool=plain(approval.tool, LONGEST_NAME),
        arguments=tuple((plain(name), plain(one)) for name, one in approval.arguments.items()),
    )


def _record(key: str, stored: StoredApproval, message: Message) -> CallApproval:
    return CallApproval(
        approval_id=key,
        calls=stored.calls,
        left_out=stored.left_out,
        question=message.text,
        asked_by=message.speaker.name or "the person who asked",
        expires_at=stored.since + VALID,
    )


class UsedApprovals:
    """What each approval was used for, so that a crash never makes a call a second time."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._rows = Rows(store, USED_PARTITION, RowCodec(UsedApproval))
        self._clock = clock

    async def use(self, decision: str, approval_id: str) -> bool:
        """Use a decision for a call; False when it was used before."""
        key = hashlib.sha256(f"{decision}|{approval_id}".encode()).hexdigest()
        await self._drop_expired()
        return await self._rows.insert(key, UsedApproval(at=self._clock()))

    async def _drop_expired(self) -> None:
        oldest = self._clock() - KEPT
        async for page in self._rows.pages():
            await self._rows.delete_unchanged([row for row in page if row.item.at < oldest])
