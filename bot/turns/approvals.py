"""Calls to remote tools that wait for an approval: kept until the asker has decided.

A card carries an id and nothing that is trusted. Only the asker decides, once, within ten minutes;
an asker who writes on instead has denied it. A press decides on what the card shows whole and on
nothing else.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

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
    incoming_from_json,
    incoming_to_json,
)
from bot.state.rooms import RoomZones
from bot.state.store import AlreadyExists, Entry, Store
from bot.turns.inbox import Inbox
from cards.records import CallApproval, CallState, ProposedCall

PARTITION = "approvals"
VALID = timedelta(minutes=10)
USED_PARTITION = "used"
# Much longer than a claim is resumed.
KEPT = timedelta(days=1)
LONGEST_NAME = 80
GONE = "That no longer waits for a yes. Ask me again, and I will ask you again."
NOT_YOURS = "Only {} can decide that: it was asked in their name."


class Approvals:
    """The calls that wait, each with the message it was asked in."""

    def __init__(
        self, *, store: Store, clock: Callable[[], datetime], make_id: Callable[[], str]
    ) -> None:
        """Borrow the store; `make_id` makes ids that nobody can guess."""
        self._store = store
        self._clock = clock
        self._make_id = make_id

    async def ask(self, message: Message, approvals: Sequence[Approval]) -> CallApproval:
        """Keep the calls with what was asked; returns the record of the card for the asker."""
        key, now, shown = self._make_id(), self._clock(), _shown_whole(approvals)
        left_out = [one for one in approvals if one not in shown]
        value = {
            "message": incoming_to_json(message),
            "talk": _conversation(message),
            "ids": [one.approval_id for one in shown],
            "calls": [asdict(_call(one)) for one in shown],
            "left_out": [asdict(_call(replace(one, arguments={}))) for one in left_out],
            "since": now.isoformat(),
        }
        await self._store.insert(PARTITION, key, value)
        return _record(key, value)

    async def withdraw(self, message: Message) -> None:
        """Deny what waits in this conversation: its asker writes on. What is too old goes too."""
        for entry in await self._store.range(PARTITION):
            if entry.value["talk"] == _conversation(message) or self._is_old(entry):
                await self._store.delete(PARTITION, entry.key)

    async def waiting(self, key: str) -> tuple[CallApproval, Person] | None:
        """What waits under an id, and for whom; None when nothing does any more."""
        entry = await self._store.get(PARTITION, key) if key else None
        if entry is None or self._is_old(entry):
            return None
        speaker = incoming_from_json(entry.value["message"]).speaker
        return _record(key, entry.value), speaker

    async def decide(self, key: str, state: CallState, inbox: Inbox) -> DeferredReply | None:
        """Have the conversation go on with a decision; None when it was made in between."""
        entry = await self._store.get(PARTITION, key)
        message = incoming_from_json(entry.value["message"]) if entry else None
        if entry is None or not isinstance(message, Message):
            return None
        decided = dict.fromkeys(entry.value["ids"], state is CallState.ALLOWED)
        message = replace(message, decided=decided, decision=key, at=self._clock())
        later = DeferredReply(key=f"approval-{key}", message=message)
        is_first = await inbox.claim(later.key, message)
        await self._store.delete(PARTITION, key)
        return later if is_first else None

    def _is_old(self, entry: Entry) -> bool:
        return self._clock() - datetime.fromisoformat(entry.value["since"]) >= VALID


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


def _calls(stored: Sequence[Mapping[str, Any]]) -> tuple[ProposedCall, ...]:
    return tuple(
        ProposedCall(
            server=one["server"],
            tool=one["tool"],
            arguments=tuple((name, value) for name, value in one["arguments"]),
        )
        for one in stored
    )


def _record(key: str, value: Mapping[str, Any]) -> CallApproval:
    return CallApproval(
        approval_id=key,
        calls=_calls(value["calls"]),
        left_out=_calls(value.get("left_out", ())),
        question=value["message"]["text"],
        asked_by=value["message"]["speaker"]["name"] or "the person who asked",
        expires_at=datetime.fromisoformat(value["since"]) + VALID,
    )


class UsedApprovals:
    """What each approval was used for, so that a crash never makes a call a second time."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock

    async def use(self, decision: str, approval_id: str) -> bool:
        """Use a decision for a call; False when it was used before."""
        key = hashlib.sha256(f"{decision}|{approval_id}".encode()).hexdigest()
        await self._drop_expired()
        try:
            await self._store.insert(USED_PARTITION, key, {"at": self._clock().isoformat()})
        except AlreadyExists:
            return False
        return True

    async def _drop_expired(self) -> None:
        oldest = self._clock() - KEPT
        for entry in await self._store.range(USED_PARTITION):
            if datetime.fromisoformat(entry.value["at"]) < oldest:
                await self._store.delete(USED_PARTITION, entry.key)
