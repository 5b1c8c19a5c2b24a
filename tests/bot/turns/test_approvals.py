"""Calls that wait for a yes are kept for ten minutes, decided once, by nobody but the asker."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.agents.approvals import (
    LONGEST,
    MOST_ARGUMENTS,
    MOST_CALLS,
    PARTITION,
    VALID,
    PendingApprovals,
)
from bot.agents.interface import Approval
from bot.messages import Address, CardClick, Message, Person, PressResult, Scope
from bot.state.rooms import Rooms, RoomZones
from bot.state.store import MemoryStore
from bot.turns.approvals import GONE, ApprovalActions
from bot.turns.inbox import Inbox
from cards.card import Card
from cards.card_for import card_for
from cards.components.layout import MOST_BYTES, size_of
from cards.records import CallApproval, CallState, Explanation, ProposedCall
from cards.text import md
from tests.cards.judges import walk

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
MAYA = Person(person_id="maya", name="Maya", tenant="t")
ROOM = Address(
    scope=Scope.CHANNEL,
    tenant="t",
    service_url="https://x/",
    conversation="19:c;messageid=1",
    bot_id="28:b",
    bot_name="ADF Ops",
)
ASKED = Message(message_id="1", text="tell them", speaker=MAYA, address=ROOM, at=NOW)
CALL = Approval(approval_id="yes-1", server="wiki", tool="write", arguments={"page": "runbook"})
OTHER = replace(CALL, approval_id="yes-2", tool="delete")


class Room:
    """Approvals and their buttons, with fakes around them."""

    def __init__(self) -> None:
        self.now = NOW
        self.store = MemoryStore()
        self.numbers = iter(range(100))
        self.approvals = PendingApprovals(
            store=self.store, clock=lambda: self.now, make_id=lambda: f"id-{next(self.numbers)}"
        )
        self.inbox = Inbox(self.store, lambda: self.now)
        self.actions = ApprovalActions(
            approvals=self.approvals,
            inbox=self.inbox,
            render=draw,
            zones=RoomZones(Rooms(self.store, lambda: self.now), "UTC"),
            clock=lambda: self.now,
        )

    async def claimed(self) -> dict[str, object]:
        return {one.key: one.incoming for one in await self.inbox.unfinished()}

    async def pressed(
        self, verb: str, data: Mapping[str, object], person: Person = MAYA
    ) -> PressResult:
        click = CardClick(
            click_id="c", verb=verb, speaker=person, address=ROOM, at=self.now, data=data
        )
        handler = {"allow_call": self.actions.allow, "refuse_call": self.actions.refuse}[verb]
        return await handler(click)


def draw(
    record: object,
    now: datetime,
    zone: ZoneInfo,
    note: str | None,
    explanation: Explanation | None = None,
    explains: str = "",
) -> Card:
    assert isinstance(record, CallApproval)
    return Card(kind=record.state, content={}, summary="")


@pytest.fixture
def room() -> Room:
    return Room()


async def test_what_is_shown_is_all_that_would_be_sent(room: Room) -> None:
    said = {"page": "x" * 2000, "n": 7}
    asks = await room.approvals.ask(ASKED, [replace(CALL, arguments=said)])
    assert asks.calls[0].arguments == (("page", "x" * 2000), ("n", "7"))
    assert (asks.state, asks.expires_at) == (CallState.WAITING, NOW + VALID)


@pytest.mark.parametrize(
    "hidden", ["x" * 5000, "a\u202eb", "AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYg=="]
)
async def test_what_cannot_be_shown_whole_is_named_and_not_allowed(hidden: str, room: Room) -> None:
    asks = await room.approvals.ask(ASKED, [replace(OTHER, arguments={"page": hidden}), CALL])
    assert [one.tool for one in asks.calls] == ["write"]
    assert asks.left_out == (ProposedCall(server="wiki", tool="delete"),)
    assert hidden not in str(await room.store.range(PARTITION))
    pressed = await room.pressed("allow_call", {"approval": asks.approval_id})
    assert pressed.later is not None
    assert pressed.later.message.decided == {"yes-1": True}


async def test_a_press_allows_no_more_calls_than_the_card_shows(room: Room) -> None:
    many = [replace(CALL, approval_id=f"yes-{at}") for at in range(5)]
    asks = await room.approvals.ask(ASKED, many)
    pressed = await room.pressed("allow_call", {"approval": asks.approval_id})
    assert pressed.later is not None
    assert pressed.later.message.decided == dict.fromkeys(("yes-0", "yes-1", "yes-2"), True)


@pytest.mark.parametrize("sign", ["x", "漢", "\\", "*", "😀", "@a"])
async def test_all_that_may_be_asked_for_at_once_stands_on_the_card_with_its_button(
    sign: str, room: Room
) -> None:
    """However much its signs grow on the way to the client."""
    names = [f"argument {at}" for at in range(MOST_ARGUMENTS // MOST_CALLS)]
    long = LONGEST // MOST_ARGUMENTS - len(names[0])
    value = (sign * long)[:long]
    one = replace(CALL, arguments=dict.fromkeys(names, value))
    asks = await room.approvals.ask(replace(ASKED, text=sign * 4000), [one] * MOST_CALLS)
    assert asks.left_out == ()
    card = card_for(asks, now=NOW, zone=ZoneInfo("UTC"))
    assert size_of(card) <= MOST_BYTES
    assert [one["verb"] for one in card.content["actions"]] == ["allow_call", "refuse_call"]
    shown = [one.get("text") for _, one in walk(card.content)]
    assert shown.count(md(value, LONGEST)) == MOST_ARGUMENTS


@pytest.mark.parametrize(("verb", "yes"), [("allow_call", True), ("refuse_call", False)])
async def test_a_decision_goes_on_with_the_talk_and_leaves_nothing(
    verb: str, yes: bool, room: Room
) -> None:
    asks = await room.approvals.ask(ASKED, [CALL, OTHER])
    pressed = await room.pressed(verb, {"approval": asks.approval_id})
    assert pressed.card is not None
    assert pressed.card.kind == ("allowed" if yes else "refused")
    assert pressed.later is not None
    assert pressed.later.message == replace(
        ASKED, decided={"yes-1": yes, "yes-2": yes}, decision="id-0"
    )
    assert await room.claimed() == {pressed.later.key: pressed.later.message}
    assert await room.store.range(PARTITION) == []
    assert (await room.pressed(verb, {"approval": asks.approval_id})).words == GONE


async def test_a_decision_that_somebody_made_in_between_is_not_made_again(room: Room) -> None:
    asks = await room.approvals.ask(ASKED, [CALL])
    await room.inbox.claim(f"approval-{asks.approval_id}", ASKED)
    pressed = await room.pressed("allow_call", {"approval": asks.approval_id})
    assert (pressed.words, pressed.later) == (GONE, None)
    assert await room.approvals.decide("gone", CallState.ALLOWED, room.inbox) is None


@pytest.mark.parametrize(
    "person", [replace(MAYA, person_id="lee"), replace(MAYA, tenant="elsewhere")]
)
async def test_others_are_told_who_decides(person: Person, room: Room) -> None:
    asks = await room.approvals.ask(ASKED, [CALL])
    pressed = await room.pressed("allow_call", {"approval": asks.approval_id}, person)
    assert "Only Maya" in (pressed.words or "")
    assert await room.claimed() == {}
    assert await room.approvals.waiting(asks.approval_id) is not None


async def test_what_is_too_old_waits_no_more_and_is_swept_away(room: Room) -> None:
    asks = await room.approvals.ask(ASKED, [CALL])
    room.now += VALID - timedelta(seconds=1)
    assert await room.approvals.waiting(asks.approval_id) is not None
    room.now += timedelta(seconds=1)
    assert (await room.pressed("allow_call", {"approval": asks.approval_id})).words == GONE
    elsewhere = replace(ASKED, speaker=replace(MAYA, person_id="lee"))
    await room.approvals.withdraw(elsewhere)
    assert await room.store.range(PARTITION) == []


async def test_who_writes_on_takes_back_what_waits_in_that_talk_alone(room: Room) -> None:
    here = await room.approvals.ask(ASKED, [CALL])
    there = await room.approvals.ask(
        replace(ASKED, address=replace(ROOM, conversation="19:other")), [CALL]
    )
    await room.approvals.withdraw(ASKED)
    assert await room.approvals.waiting(here.approval_id) is None
    assert await room.approvals.waiting(there.approval_id) is not None
