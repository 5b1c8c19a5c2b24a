"""Every retry ends: what is refused for good is done with, what may pass is tried less and less."""

import logging
from datetime import timedelta

import pytest

from bot.agents.interface import Answer
from bot.messages import Address, Arrival, CardClick, Message, Reply
from bot.state.store import read_all
from bot.teams.errors import AddressGone, NotSent
from bot.turns.handler import REFUSED
from bot.turns.inbox import Inbox
from bot.turns.recovery import MOST_TRIES, SWEEP_SECONDS, TOO_LATE, ClaimRecovery
from cards.records import Help
from tests.bot.turns.test_handler import MAYA, NOW, THREAD, Moved, Room

DAY = timedelta(days=1)


def not_sent(status: int) -> NotSent:
    """What the sender raises when the connector answers that to a post."""
    failure = NotSent(status, "")
    failure.may_have_arrived = status >= 500
    return failure


class Refusing:
    """A connector that answers everything alike; it counts what it was asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.posts: list[str] = []
        self.signs = 0

    async def send(self, reply: Reply) -> str:
        self.posts.append(reply.text or "card")
        raise self.error

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        raise self.error

    async def typing(self, address: Address) -> None:
        self.signs += 1
        raise self.error


class NoCards(Refusing):
    """A connector that takes plain text and no card."""

    def __init__(self) -> None:
        super().__init__(not_sent(413))
        self.texts: list[str] = []

    async def send(self, reply: Reply) -> str:
        if reply.card is not None:
            raise self.error
        self.texts.append(reply.text or "")
        return "m"


async def a_day_of(error: NotSent, caplog: pytest.LogCaptureFixture) -> tuple[Room, Refusing]:
    """A question, a press and an arrival, and a day of sweeps, while every call fails so."""
    caplog.set_level(logging.INFO)
    clock = Moved()
    connector = Refusing(error)
    room = Room(clock, patience=60, sender=connector)
    click = CardClick(
        click_id="c", verb="ask", data={"question": "why"}, speaker=MAYA, address=THREAD, at=NOW
    )
    message = Message(message_id="m", text="secret words", speaker=MAYA, address=THREAD, at=NOW)
    for key, incoming in (
        ("q", message),
        ("p", click),
        ("a", Arrival(speaker=MAYA, address=THREAD, at=NOW)),
    ):
        assert await room.inbox.claim(key, incoming)
        await room.turns.handle(key, incoming)
    until = clock.now + DAY
    while clock.now < until:
        clock.now += timedelta(seconds=SWEEP_SECONDS)
        await room.recovery.sweep()
    return room, connector


@pytest.mark.parametrize(
    ("error", "posts", "signs"),
    [
        (not_sent(400), 4, 0),
        (not_sent(403), 4, 0),
        (not_sent(404), 4, 0),
        (not_sent(410), 4, 0),
        (AddressGone(404, "ConversationNotFound"), 2, 0),
        (not_sent(500), 2, 2 * (MOST_TRIES - 1)),
        (not_sent(429), 2 * 2, 2 * (MOST_TRIES - 2)),
    ],
    ids=["400", "403", "404", "410", "gone", "500", "429"],
)
async def test_a_connector_that_fails_for_a_day_is_asked_a_few_times_and_no_text_is_left(
    error: NotSent, posts: int, signs: int, caplog: pytest.LogCaptureFixture
) -> None:
    room, connector = await a_day_of(error, caplog)
    print(f"{error}: {len(connector.posts)} posts and {connector.signs} signs in a day")
    assert (len(connector.posts), connector.signs) == (posts, signs)
    assert list(await room.inbox.unfinished()) == []
    assert "secret words" not in str(await read_all(room.store, "inbox"))
    assert not any(record.exc_info for record in caplog.records)
    lines = [one for one in caplog.records if one.name == "adfops.turn"]
    assert len(lines) <= posts + signs + 3


async def test_a_person_whose_card_was_refused_is_told_in_plain_text() -> None:
    sender = NoCards()
    room = Room(sender=sender)
    room.agent.answers = [Answer(records=(Help(bot_name="ADF Ops", examples=()),))]
    await room.say("why")
    assert sender.texts == [REFUSED]


async def test_the_pauses_between_tries_grow_and_differ_from_claim_to_claim() -> None:
    clock = Moved()
    room = Room(clock, patience=60, sender=Refusing(not_sent(429)))
    for number in range(20):
        await room.inbox.claim(
            f"k{number}", Message(message_id="m", text="why", speaker=MAYA, address=THREAD, at=NOW)
        )
    pauses: list[set[timedelta]] = []
    for _ in range(4):
        claims = await room.inbox.unfinished()
        for claim in claims:
            await room.recovery.resume(claim)
        after = await room.inbox.unfinished()
        pauses.append({one.next_at - clock.now for one in after if one.next_at})
        clock.now += timedelta(hours=1)
    assert all(len(some) > 10 for some in pauses)
    assert [max(some) for some in pauses] == sorted(max(some) for some in pauses)
    assert max(pauses[-1]) <= timedelta(minutes=19)


async def test_what_a_gone_replica_had_in_hand_is_told_at_once_and_not_after_its_pause() -> None:
    clock = Moved()
    room = Room(clock)
    gone = Inbox(room.store, clock, "gone")
    message = Message(message_id="m", text="why", speaker=MAYA, address=THREAD, at=NOW)
    assert await gone.claim("q", message)
    (claim,) = await gone.unfinished()
    assert await gone.try_again(claim, clock() + timedelta(minutes=1))
    inbox = Inbox(room.store, clock, "here", lambda replica: replica == "gone")
    recovery = ClaimRecovery(turns=room.turns, inbox=inbox, sender=room.outbox, clock=clock)
    await recovery.sweep()
    assert [one.text for one in room.outbox.replies] == [TOO_LATE]
    assert await inbox.unfinished() == []
