"""Calls to other servers that wait for a person: what a card can show of them, and until when.

Nobody can allow what they cannot see, so a call that cannot be shown whole is refused. What is
pending waits ten minutes for the person who asked; a new message from them withdraws it. An
approval counts once.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from adf.redaction import HIDDEN, redact_json
from bot.agents.interface import Approval
from bot.agents.untrusted import plain
from bot.messages import (
    DeferredReply,
    Message,
    Person,
    incoming_from_json,
    incoming_to_json,
)
from bot.state.store import AlreadyExists, Entry, Store
from cards.records import CallApproval, CallState, ProposedCall

# Whatever these hold, a card of such calls stays below what Teams takes.
MOST_CALLS = 3
MOST_ARGUMENTS = 24
LONGEST = 3000
LONGEST_NAME = 60
# Signs stacked on one letter are cut where they are shown.
_STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]{4}")
HOLDS_KEY = "it holds what looks like a secret: leave that out"
UNSEEN = "it holds signs that nobody can see: leave them out"
TOO_LONG = (
    f"it is too long to be shown whole: at most {LONGEST} characters in {MOST_ARGUMENTS} arguments"
)
TOO_MANY = "other calls wait already: ask again for this one alone, once those are decided"


def display_problem(approval: Approval, beside: Sequence[Approval] = ()) -> str:
    """Why a call cannot be shown whole `beside` others; nothing when it can."""
    names = [approval.server, approval.tool, *approval.arguments]
    if any(_is_secret(name, one) for name, one in approval.arguments.items()):
        return HOLDS_KEY
    if not all(map(_is_seen, [*names, *map(str, approval.arguments.values())])):
        return UNSEEN
    if any(len(one) > LONGEST_NAME for one in names) or not _has_room([approval]):
        return TOO_LONG
    all_of_them = [*beside, approval]
    return "" if len(all_of_them) <= MOST_CALLS and _has_room(all_of_them) else TOO_MANY


def _has_room(calls: Sequence[Approval]) -> bool:
    pairs = [pair for one in calls for pair in one.arguments.items()]
    long = sum(len(name) + len(str(one)) for name, one in pairs)
    return len(pairs) <= MOST_ARGUMENTS and long <= LONGEST


def _is_secret(name: str, value: object) -> bool:
    hidden = str(redact_json({name: value})[name])
    return hidden.count(HIDDEN) > str(value).count(HIDDEN)


def _is_seen(text: str) -> bool:
    """Whether a reader sees all of it; how it is broken into lines says nothing."""
    return plain(text).split() == text.split() and not _STACKED.search(text)


PARTITION = "approvals"
VALID = timedelta(minutes=10)
LONGEST_SHOWN_NAME = 80


class Claims(Protocol):
    """Records that a message is to be answered, once."""

    async def claim(self, key: str, incoming: Message) -> bool:
        """Record it; False when it is there already."""
        ...


class PendingApprovals:
    """Calls that wait for the person who asked, in the store."""

    def __init__(
        self, *, store: Store, clock: Callable[[], datetime], make_id: Callable[[], str]
    ) -> None:
        """Borrow the store; `make_id` makes ids that nobody can guess."""
        self._store = store
        self._clock = clock
        self._make_id = make_id

    async def ask(self, message: Message, approvals: Sequence[Approval]) -> CallApproval:
        """Store the calls with the message; returns the record of their card."""
        key, now, shown = self._make_id(), self._clock(), _displayable(approvals)
        left_out = [one for one in approvals if one not in shown]
        value = {
            "message": incoming_to_json(message),
            "talk": _conversation_key(message),
            "ids": [one.approval_id for one in shown],
            "calls": [asdict(_call(one)) for one in shown],
            "left_out": [asdict(_call(replace(one, arguments={}))) for one in left_out],
            "since": now.isoformat(),
        }
        await self._store.insert(PARTITION, key, value)
        return _record(key, value)

    async def withdraw(self, message: Message) -> None:
        """Drop what waited in the conversation of a new message, and what is too old."""
        for entry in await self._store.range(PARTITION):
            if entry.value["talk"] == _conversation_key(message) or self._is_old(entry):
                await self._store.delete(PARTITION, entry.key)

    async def waiting(self, key: str) -> tuple[CallApproval, Person] | None:
        """What is pending under an id, and for whom; None when nothing is any more."""
        entry = await self._store.get(PARTITION, key) if key else None
        if entry is None or self._is_old(entry):
            return None
        speaker = incoming_from_json(entry.value["message"]).speaker
        return _record(key, entry.value), speaker

    async def decide(self, key: str, state: CallState, claims: Claims) -> DeferredReply | None:
        """Continue the conversation with a decision; None when it was decided in between."""
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


def _conversation_key(message: Message) -> str:
    speaker = message.speaker
    parts = (message.address.conversation, speaker.tenant, speaker.person_id)
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]


def _displayable(approvals: Sequence[Approval]) -> list[Approval]:
    shown: list[Approval] = []
    for one in approvals:
        if not display_problem(one, shown):
            shown.append(one)
    return shown


def _call(approval: Approval) -> ProposedCall:
    """A call as a person is shown it."""
    return ProposedCall(
        server=plain(approval.server, LONGEST_SHOWN_NAME),
        tool=plain(approval.tool, LONGEST_SHOWN_NAME),
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
        asked_by=value["message"]["speaker"]["name"] or "the person who asked",
        expires_at=datetime.fromisoformat(value["since"]) + VALID,
    )


USED_PARTITION = "used"
# Much longer than a claim is taken up again.
KEPT = timedelta(days=1)


class UsedApprovals:
    """The calls that each decision was used for; after a crash none is made a second time."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._store = store
        self._clock = clock

    async def use(self, decision: str, approval_id: str) -> bool:
        """Use an approval for a call; False when it was used before."""
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
