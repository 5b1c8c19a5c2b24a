"""Above the rate a room gets one digest in the place of a message for each new incident."""

import re
from datetime import timedelta

from bot.alerts.digests import MOST_NEW, DigestedIncidents, IncidentDigests
from bot.outbox import Outbox
from bot.state.store import Store
from tests.bot.alerts.test_service import night_with, text_of
from tests.bot.builders.nights import (
    MAYA,
    Night,
    channel,
    chat,
    deliver,
    draw,
    failure,
    good,
    in_berlin,
)

ROOM = channel()
MANY = [f"Load{number:02}" for number in range(MOST_NEW + 5)]


def digested(night: Night) -> Night:
    """The same night with digests."""
    digests = IncidentDigests(
        store=night.store,
        incidents=night.incidents,
        draw=draw,
        zone_of=in_berlin,
        may_hear=night.may_hear,
        clock=night.clock,
    )
    night.posted = Outbox(
        store=night.store,
        sender=night.teams,
        sources={"incident": DigestedIncidents(night.cards, digests), "digest": digests},
        gone=night.listeners.gone,
        clock=night.clock,
        sleep=night.clock.sleep,
    )
    return night


async def broken(store: Store) -> Night:
    night = digested(night_with(store, *(failure(f"r-{name}", name) for name in MANY)))
    await night.announcer.look("prod")
    for _ in range(3):
        await deliver(night.posted)
    return night


async def test_the_rest_above_the_rate_is_one_message_that_lists_it(store: Store) -> None:
    night = await broken(store)
    cards = night.teams.in_room(ROOM)
    assert len(cards) == MOST_NEW + 1
    digest = cards[-1]
    assert "5 more incidents, 5 open" in digest.summary
    texts = [text_of(card) for card in cards]
    assert all(sum(f"{name}" in text for text in texts) == 1 for name in MANY)


async def test_the_digest_follows_its_incidents_until_all_are_over(store: Store) -> None:
    night = await broken(store)
    listed = re.findall(r"INC-\d+", text_of(night.teams.in_room(ROOM)[-1]).replace("\\", ""))
    await night.incidents.acknowledge(listed[0], MAYA, night.clock())
    await deliver(night.posted)
    assert "Acknowledged" in text_of(night.teams.in_room(ROOM)[-1])
    signals = [good(f"g-{name}", name, end=30) for name in MANY]
    night.watches["prod"].signals += signals
    await night.announcer.look("prod")
    await deliver(night.posted)
    assert "5 more incidents, all recovered" in night.teams.in_room(ROOM)[-1].summary
    assert len(night.teams.in_room(ROOM)) == MOST_NEW + 1


async def test_each_room_has_a_rate_of_its_own_and_later_there_are_messages_again(
    store: Store,
) -> None:
    night = await broken(store)
    night.clock.now += timedelta(minutes=20)
    night.listeners.addresses.append(chat("maya"))
    night.watches["prod"].signals.append(failure("late", "Late"))
    await night.announcer.look("prod")
    await deliver(night.posted)
    assert "Late failed" in night.teams.posts[-1][1].summary
    assert len(night.teams.posts) == MOST_NEW + 3


async def test_a_room_that_is_told_of_another_factory_now_gets_no_digest(store: Store) -> None:
    night = digested(night_with(store, *(failure(f"r-{name}", name) for name in MANY)))
    night.rebound.add(ROOM.room)
    await night.announcer.look("prod")
    for _ in range(3):
        await deliver(night.posted)
    assert night.teams.posts == []
