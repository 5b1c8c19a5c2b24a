"""Calls to servers of others that wait for a yes: kept until whoever asked has decided.

A card carries an id and nothing that is believed. Only the asker decides, once, within ten minutes;
who writes on instead has said no. A press decides on what the card shows whole and on nothing else.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.agents.approval_limits import lack_of
from bot.agents.interface import Approval
from bot.agents.untrusted import plain
from bot.messages import (
    Address,
    CardClick,
    DeferredReply,
    Message,
    Person,
    PressResult,
    Renderer,
    incoming_from_json,
    incoming_to_json,
)
from bot.state.store import AlreadyExists, Entry, Store
from cards.records import CallApproval, CallState, ProposedCall

PARTITION = "approvals"
VALID = timedelta(minutes=10)
LONGEST_NAME = 80
GONE = "That no longer waits for a yes. Ask me again, and I will ask you again."
NOT_YOURS = "Only {} can decide that: it was asked in their name."
_VERBS: Mapping[str, CallState] = {
    "allow_call": CallState.ALLOWED,
    "refuse_call": CallState.REFUSED,
}


class Claims(Protocol):
    """Whoever writes down what is to be answered, once."""

    async def claim(self, key: str, incoming: Message) -> bool:
        """Write it down; False when it is there already."""
        ...


class ActionHandler(Protocol):
    """Whoever does what a button of a card stands for."""

    async def press(self, click: CardClick) -> PressResult | None:
        """Do it, if the person may; None for a button that is not known."""
        ...


ZoneOf = Callable[[Address], Awaitable[ZoneInfo]]


class Approvals:
    """What waits for whom."""

    def __init__(
        self, *, store: Store, clock: Callable[[], datetime], make_id: Callable[[], str]
    ) -> None:
        """Borrow the store; `make_id` makes ids that nobody can guess."""
        self._store = store
        self._clock = clock
        self._make_id = make_id

    async def ask(self, message: Message, approvals: Sequence[Approval]) -> CallApproval:
        """Keep the calls with what was asked; returns what the asker is to be shown."""
        key, now, shown = self._make_id(), self._clock(), _shown_whole(approvals)
        left_out = [one for one in approvals if one not in shown]
        value = {
            "message": incoming_to_json(message),
            "talk": _talk(message),
            "ids": [one.approval_id for one in shown],
            "calls": [asdict(_call(one)) for one in shown],
            "left_out": [asdict(_call(replace(one, arguments={}))) for one in left_out],
            "since": now.isoformat(),
        }
        await self._store.insert(PARTITION, key, value)
        return _record(key, value)

    async def withdraw(self, message: Message) -> None:
        """Whoever writes on has said no to what waited in this talk; what is too old goes too."""
        for entry in await self._store.range(PARTITION):
            if entry.value["talk"] == _talk(message) or self._is_old(entry):
                await self._store.delete(PARTITION, entry.key)

    async def waiting(self, key: str) -> tuple[CallApproval, Person] | None:
        """What waits under an id, and for whom; None when nothing does any more."""
        entry = await self._store.get(PARTITION, key) if key else None
        if entry is None or self._is_old(entry):
            return None
        speaker = incoming_from_json(entry.value["message"]).speaker
        return _record(key, entry.value), speaker

    async def decide(self, key: str, state: CallState, claims: Claims) -> DeferredReply | None:
        """Have the talk go on with a decision; None when somebody decided in between."""
        entry = await self._store.get(PARTITION, key)
        message = incoming_from_json(entry.value["message"]) if entry else None
        if entry is None or not isinstance(message, Message):
            return None
        decided = dict.fromkeys(entry.value["ids"], state is CallState.ALLOWED)
        message = replace(message, decided=decided, decision=key, at=self._clock())
        later = DeferredReply(key=f"approval-{key}", message=message)
        is_first = await claims.claim(later.key, message)
        await self._store.delete(PARTITION, key)
        return later if is_first else None

    def _is_old(self, entry: Entry) -> bool:
        return self._clock() - datetime.fromisoformat(entry.value["since"]) >= VALID


class ApprovalPresses:
    """Decides for the asker; presses of other buttons go on to `others`."""

    def __init__(
        self,
        *,
        approvals: Approvals,
        claims: Claims,
        draw: Renderer,
        zone_of: ZoneOf,
        others: ActionHandler,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._approvals = approvals
        self._claims = claims
        self._draw = draw
        self._zone_of = zone_of
        self._others = others
        self._clock = clock

    async def press(self, click: CardClick) -> PressResult | None:
        """Decide, if it was asked in the name of whoever presses; the answer comes later."""
        state = _VERBS.get(click.verb)
        if state is None:
            return await self._others.press(click)
        key = str(click.data.get("approval", ""))
        found = await self._approvals.waiting(key)
        if found is None:
            return PressResult(words=GONE)
        record, speaker = found
        if not _is_same(click.speaker, speaker):
            return PressResult(words=NOT_YOURS.format(record.asked_by))
        later = await self._approvals.decide(key, state, self._claims)
        if later is None:
            return PressResult(words=GONE)
        now, zone = self._clock(), await self._zone_of(click.address)
        decided = replace(record, state=state, decided_at=now)
        return PressResult(card=self._draw(decided, now, zone, None), later=later)


def _is_same(one: Person, other: Person) -> bool:
    return (one.tenant, one.person_id) == (other.tenant, other.person_id)


def _talk(message: Message) -> str:
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


def _read(stored: Sequence[Mapping[str, Any]]) -> tuple[ProposedCall, ...]:
    return tuple(
        ProposedCall(
            server=one["server"],
            tool=one["tool"],
            arguments=tuple((name, said) for name, said in one["arguments"]),
        )
        for one in stored
    )


def _record(key: str, value: Mapping[str, Any]) -> CallApproval:
    return CallApproval(
        approval_id=key,
        calls=_read(value["calls"]),
        left_out=_read(value.get("left_out", ())),
        question=value["message"]["text"],
        asked_by=value["message"]["speaker"]["name"] or "whoever asked",
        expires_at=datetime.fromisoformat(value["since"]) + VALID,
    )


USED_PARTITION = "used"
# Much longer than a claim is taken up again.
KEPT = timedelta(days=1)


class UsedApprovals:
    """What each decision was used for; a crash later, nothing is done for it a second time."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock

    async def use(self, decision: str, approval_id: str) -> bool:
        """Use the yes of a decision to a call; False when it was used before."""
        key = hashlib.sha256(f"{decision}|{approval_id}".encode()).hexdigest()
        await self._forget_old()
        try:
            await self._store.insert(USED_PARTITION, key, {"at": self._clock().isoformat()})
        except AlreadyExists:
            return False
        return True

    async def _forget_old(self) -> None:
        oldest = self._clock() - KEPT
        for entry in await self._store.range(USED_PARTITION):
            if datetime.fromisoformat(entry.value["at"]) < oldest:
                await self._store.delete(USED_PARTITION, entry.key)
