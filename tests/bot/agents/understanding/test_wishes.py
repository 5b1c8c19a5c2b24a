"""What somebody wants to be told, read from the words: event, limit, hours, place, or why not."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.entities.patterns import pattern_in, with_anything
from bot.agents.understanding.entities.reservations import Reservation
from bot.agents.understanding.entities.subscriptions import (
    SubscriptionRequest,
    WishText,
    wish_in,
)
from bot.state.notification_terms import terms_in

NIGHT = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DAY = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)


def read(text: str, *, now: datetime = NIGHT, is_past: bool = False) -> SubscriptionRequest:
    """A wish about the pipeline xpipe."""
    names = ["Harvest"] if "xpipe" in text else []
    wish = WishText(text=text, masked=text, now=now, zone=BERLIN, is_past=is_past)
    return wish_in(wish, names)


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("tell me when xpipe fails", "failures"),
        ("watch xpipe", "failures"),
        ("let me know if xpipe breaks again", "failures"),
        ("ping me when xpipe finishes", "finish"),
        ("ping me when xpipe is through or dies", "finish"),
        ("Sag mir Bescheid wenn xpipe fertig ist", "finish"),
        ("let me know as soon as xpipe is refreshed", "finish"),
        ("avertis-moi quand xpipe est vert", "finish"),
        ("alert me if xpipe exceeds ninety minutes", "overlong 90 min"),
        ("se xpipe va oltre un'ora mandami un messaggio", "overlong 60 min"),
        ("vado a cena, se xpipe fallisce scrivimi", "failures"),
        ("keep me posted on xpipe", "failures"),
        ("let me know if xpipe happens again", "failures"),
        ("avísame cuando acabe xpipe", "finish"),
        ("tell me when xpipe runs longer than 2 hours", "overlong 120 min"),
        ("I'd like a message whenever xpipe takes more than an hour", "overlong 60 min"),
        ("warn us should xpipe take longer than 45 minutes, would you", "overlong 45 min"),
        ("alert me if xpipe runs over 2h", "overlong 120 min"),
        ("inform me if xpipe crosses 90 minutes", "overlong 90 min"),
        ("Meld dich, falls xpipe länger als eine Stunde braucht", "overlong 60 min"),
        ("quero receber alerta se o xpipe passar de 2 horas", "overlong 120 min"),
        ("tell us if xpipe isn't done within 2 hours", "overlong 120 min"),
        ("tell us when xpipe takes longer than usual", "overlong"),
        ("shout if xpipe hangs", "overlong"),
        ("tell us if xpipe isn't done by 6", "deadline 06:00"),
        ("tell us if xpipe isn't done by 6 pm", "deadline 18:00"),
        ("alert the channel if xpipe has not finished by 07:30", "deadline 07:30"),
        ("can you shout when xpipe isn't there by seven", "deadline 07:00"),
        ("préviens l'équipe si xpipe n'est pas fini à 7h", "deadline 07:00"),
        ("ich will wissen wenn xpipe bis 6 uhr nicht da ist", "deadline 06:00"),
        ("tell us if xpipe is not complete by noon", "deadline 12:00"),
        ("wake me if xpipe is late", "deadline"),
        ("Could you send me a message if xpipe is late?", "deadline"),
        ("let us know when xpipe doesn't start", "missed"),
        ("tell us if xpipe misses its slot", "missed"),
        ("alert us when xpipe loads 0 rows", "zero_rows"),
        ("tell us if xpipe succeeds with no rows", "zero_rows"),
        ("ping us if xpipe comes out empty", "zero_rows"),
        ("tell us when runs of xpipe are stuck in the queue", "queue"),
        ("tell us when the runtime goes offline", "runtime"),
        ("tell us if anything goes wrong", "problems"),
        ("tell us when xpipe has a problem", "problems"),
        ("tell us when xpipe fails, only if it stays red for 20 minutes", "failures; wait 20 min"),
        (
            "tell us about xpipe failures if it's still red after half an hour",
            "failures; wait 30 min",
        ),
        ("tell me when xpipe fails, wait 15 minutes first", "failures; wait 15 min"),
        ("tell us when xpipe fails unless it recovers within 10 min", "failures; wait 10 min"),
        (
            "tell us when xpipe fails, but not between 22:00 and 06:00",
            "failures; quiet 22:00-06:00",
        ),
        ("tell us when anything fails, but not at night", "failures; quiet 22:00-06:00"),
        ("tell us when xpipe fails, only from 8 to 18", "failures; quiet 18:00-08:00"),
        ("tell us when xpipe fails between 8 and 18 only", "failures; quiet 18:00-08:00"),
        ("let me know as soon as xpipe goes through", "finish"),
        ("tell us when xpipe fails, only during business hours", "failures; quiet 18:00-08:00"),
    ],
)
def test_one_event_is_read_with_its_limit_and_its_conditions(text: str, events: str) -> None:
    found = read(text)
    assert found.events == (events,)
    assert found.reservation is None
    assert str(terms_in(found.events[0], "Europe/Berlin")).startswith(events)


def test_two_events_are_both_set() -> None:
    both = ("overlong 120 min", "failures")
    assert read("tell me when xpipe fails or runs longer than 2 hours").events == both


def test_an_hour_of_either_half_of_the_day_is_the_next_of_both() -> None:
    text = "tell us if xpipe isn't done by 6"
    assert read(text).events == ("deadline 06:00",)
    assert read(text, now=DAY).events == ("deadline 18:00",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("email me when xpipe fails", Reservation.EMAIL),
        ("send an e-mail to me if xpipe breaks", Reservation.EMAIL),
        ("text me when xpipe fails", Reservation.TEXT_MESSAGE),
        ("sms me if xpipe dies", Reservation.TEXT_MESSAGE),
        ("call me if xpipe fails", Reservation.CALL),
        ("give me a ring when xpipe is done", Reservation.CALL),
        ("tell me on slack when xpipe fails", Reservation.OTHER_CHAT),
        ("tell lee when xpipe fails", Reservation.OTHER_PERSON),
        ("ping Maya if xpipe isn't done by 6", Reservation.OTHER_PERSON),
        ("alert me and tom when xpipe fails", Reservation.OTHER_PERSON),
        ("tell us when xpipe fails, but not on weekends", Reservation.DAYS),
        ("tell me again in 20 minutes", Reservation.SET_TIME),
        ("tell me about xpipe only if it fails twice", Reservation.TIMES),
        ("tell me when xpipe frobnicates", Reservation.UNCLEAR),
        ("avvertimi appena xpipe cambia", Reservation.UNCLEAR),
        ("I'd love to know if xpipe worked", Reservation.QUESTION),
        ("let me know if xpipe has finished", Reservation.QUESTION),
        ("tell me whether xpipe ran", Reservation.QUESTION),
        ("tell us if xpipe did not run", Reservation.QUESTION),
        ("tell me if xpipe is running", Reservation.QUESTION),
        ("I want to know why xpipe failed", Reservation.QUESTION),
        ("don't tell me about xpipe", Reservation.DENIAL),
        ("never ping us about xpipe", Reservation.DENIAL),
        ("I don't want to hear about xpipe", Reservation.DENIAL),
    ],
)
def test_what_cannot_be_set_or_was_not_asked_for_is_said_by_name(
    text: str, why: Reservation
) -> None:
    assert read(text).reservation is why


def test_a_wish_about_a_time_that_was_is_a_question() -> None:
    assert read("tell me if xpipe failed last night", is_past=True).reservation is not None
    assert read("tell me when xpipe fails", is_past=True).reservation is None


@pytest.mark.parametrize(
    "text",
    [
        "don't let me miss it: tell me when xpipe fails",
        "tell me when xpipe doesn't run",
        "please ping me when xpipe fails",
        "Kindly notify me once xpipe gets completed",
        "notify on fail xpipe",
        "tell the team when xpipe fails",
        "let us know when xpipe fails",
        "page me if xpipe runs over 2h",
        "okay I'm going to sleep but if xpipe breaks I want to hear about it",
    ],
)
def test_a_clear_wish_is_not_held_back(text: str) -> None:
    assert read(text).reservation is None


@pytest.mark.parametrize(
    ("text", "glob"),
    [
        ("tell us when anything starting with PL_ fails", "PL_*"),
        ("tell me when all pipelines that begin with Load fail", "Load*"),
        ("subscribe to failures of PL_*", "PL_*"),
        ("tell us when everything ending in _Nightly fails", "*_Nightly"),
        ("tell us when any pipeline containing Finance fails", "*Finance*"),
    ],
)
def test_a_part_of_names_is_a_pattern(text: str, glob: str) -> None:
    found = pattern_in(text)
    assert found is not None
    assert found.glob == glob
    assert read(text).target == glob
    assert "anything" in (with_anything(text) or "")


def test_no_pattern_is_seen_where_there_is_none() -> None:
    for text in ("tell us when xpipe fails", "start with xpipe", "2 * 3", "**bold**"):
        assert pattern_in(text) is None or text == "start with xpipe"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("tell me when xpipe fails", "me"),
        ("tell us when xpipe fails", "here"),
        ("post in this channel if xpipe fails", "here"),
        ("dm me here if xpipe fails", "me"),
        ("notify on fail xpipe", "here"),
        ("avísame si xpipe falla", "me"),
        ("préviens-moi si xpipe plante", "me"),
        ("préviens l'équipe si xpipe plante", "here"),
    ],
)
def test_it_is_told_where_it_was_said(text: str, where: str) -> None:
    assert read(text).where == where


TO_ONE = (
    *("tell me {}", "tell ME {}", "ping me {}", "gimme a shout {}", "give me a heads up {}"),
    *("let me know {}", "lemme know {}", "wake me {}", "I want to know {}", "dm me here {}"),
    *("i'd like a message {}", "holler at me {}", "only me, not the room: tell me {}"),
    *("just me please, alert {}", "send me a message {}, but not to the channel"),
    *("tell me {}, not us", "write to me and not in here {}", "tell me alone {}"),
    *("send it to my own chat {}", "{} ping me", "could you poke me {}", "tell me privately {}"),
)
TO_THE_ROOM = (
    *("tell us {}", "let us know {}", "ping us {}", "give us a heads up {}", "tell the room {}"),
    *("post here {}", "tell me here {}", "shout in this channel {}", "notify the team {}"),
    *("our channel should know {}", "my team wants to know {}", "tell everyone here {}"),
    *("let the whole team know {}", "alert {}", "{} tell us", "tell us {}, not just me"),
    *("I want the room to hear {}", "tell me in this channel {}", "notify this group {}"),
)
HAPPENS = (
    *("when xpipe fails", "if xpipe breaks again", "once xpipe is done", "whenever xpipe fails"),
    *("when our nightly xpipe fails", "if the team's xpipe is late", "when we miss xpipe"),
)


@pytest.mark.parametrize("happens", HAPPENS)
@pytest.mark.parametrize("where", ["me", "here"])
def test_who_is_told_follows_the_words_for_the_person_or_the_room(where: str, happens: str) -> None:
    forms = TO_ONE if where == "me" else TO_THE_ROOM
    texts = [one.format(happens) for one in forms]
    assert {one: found for one in texts if (found := read(one).where) != where} == {}


def test_of_what_is_everything_the_critical_ones_or_nothing_yet() -> None:
    assert read("tell us when anything fails").target == "everything"
    assert read("tell us when a critical one fails").target == "critical"
    assert read("tell us when it fails").target is None
