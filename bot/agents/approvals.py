"""Calls to other servers that wait for a person: what a card can show of them, and until when.

Nobody can allow what they cannot see, so a call that cannot be shown whole is refused. What is
pending waits ten minutes for the person who asked; a new message from them withdraws it. An
approval counts once.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Protocol

from pydantic import Field

from adf.redaction import HIDDEN, redact_json
from bot.agents.interface import Approval
from bot.agents.untrusted import plain
from bot.messages import DeferredReply, Message, Person, StoredIncoming
from bot.state.store import Moment, RowCodec, Rows, Store
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


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredApproval:
    """Calls that wait, with the message they were asked in; `conversation` is hashed."""

    message: StoredIncoming
    conversation: Annotated[str, Field(alias="talk")]
    ids: tuple[str, ...]
    calls: tuple[ProposedCall, ...]
    left_out: tuple[ProposedCall, ...] = ()
    since: Moment


class PendingApprovals:
    """Calls that wait for the person who asked, in the store."""

    def __init__(
        self, *, store: Store, clock: Callable[[], datetime], make_id: Callable[[], str]
    ) -> None:
        """Borrow the store; `make_id` makes ids that nobody can guess."""
        self._rows = Rows(store, PARTITION, RowCodec(StoredApproval))
        self._clock = clock
        self._make_id = make_id

    async def ask(self, message: Message, approvals: Sequence[Approval]) -> CallApproval:
        """Store the calls with the message; returns the record of their card."""
        key, now, shown = self._make_id(), self._clock(), _displayable(approvals)
        left_out = [one for one in approvals if one not in shown]
        stored = StoredApproval(
            message=message,
            conversation=_conversation_key(message),
            ids=tuple(one.approval_id for one in shown),
            calls=tuple(_call(one) for one in shown),
            left_out=tuple(_call(replace(one, arguments={})) for one in left_out),
            since=now,
        )
        await self._rows.insert(key, stored)
        return _record(key, stored, message)

    async def withdraw(self, message: Message) -> None:
        """Drop what waited in the conversation of a new message, and what is too old."""
        for row in await self._rows.list_all():
            if row.item.conversation == _conversation_key(message) or self._is_old(row.item):
                await self._rows.delete(row.key)

    async def waiting(self, key: str) -> tuple[CallApproval, Person] | None:
        """What is pending under an id, and for whom; None when nothing is any more."""
        stored = await self._rows.get(key)
        if stored is None or self._is_old(stored) or not isinstance(stored.message, Message):
            return None
        return _record(key, stored, stored.message), stored.message.speaker

    async def decide(self, key: str, state: CallState, claims: Claims) -> DeferredReply | None:
        """Continue the conversation with a decision; None when it was decided in between."""
        stored = await self._rows.get(key)
        if stored is None or not isinstance(stored.message, Message):
            return None
        decided = dict.fromkeys(stored.ids, state is CallState.ALLOWED)
        message = replace(stored.message, decided=decided, decision=key, at=self._clock())
        later = DeferredReply(key=f"approval-{key}", message=message)
        is_first = await claims.claim(later.key, message)
        await self._rows.delete(key)
        return later if is_first else None

    def _is_old(self, stored: StoredApproval) -> bool:
        return self._clock() - stored.since >= VALID


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


def _record(key: str, stored: StoredApproval, message: Message) -> CallApproval:
    return CallApproval(
        approval_id=key,
        calls=stored.calls,
        left_out=stored.left_out,
        question=message.text,
        asked_by=message.speaker.name or "the person who asked",
        expires_at=stored.since + VALID,
    )


USED_PARTITION = "used"
# Much longer than a claim is taken up again.
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedApproval:
    """When an approval was used."""

    at: Moment


class UsedApprovals:
    """The calls that each decision was used for; after a crash none is made a second time."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        """Borrow the store."""
        self._rows = Rows(store, USED_PARTITION, RowCodec(UsedApproval))
        self._clock = clock

    async def use(self, decision: str, approval_id: str) -> bool:
        """Use an approval for a call; False when it was used before."""
        key = hashlib.sha256(f"{decision}|{approval_id}".encode()).hexdigest()
        await self._drop_expired()
        return await self._rows.insert(key, UsedApproval(at=self._clock()))

    async def _drop_expired(self) -> None:
        oldest = self._clock() - KEPT
        async for page in self._rows.pages():
            await self._rows.delete_unchanged([row for row in page if row.item.at < oldest])
