"""A wish in full words is read back as what it was made of: event, limit, hours, target, place."""

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.entities.subscriptions import WishText, wish_in
from bot.agents.understanding.entities.wish_forms import other_words
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import KnownNames, interpret
from bot.agents.understanding.wish_words import as_offer, wish_words

NIGHT = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
NAMES = KnownNames(pipelines=("Harvest_Load", "PL_Payroll", "PL_Orders"), factories=("prod",))
TARGETS = ("Harvest_Load", "everything", "critical", "PL_*", "*_Load")
EVENTS = (
    *("failures", "finish", "missed", "overlong", "overlong 40 min", "overlong 125 min"),
    *("deadline 06:00", "deadline 17:30", "zero_rows", "queue", "problems"),
)
CONDITIONS = ("", "; wait 15 min", "; quiet 22:00-06:00", "; wait 90 min; quiet 23:30-07:00")
SEED = 17

Wish = tuple[str, str, str]
EVERY: Sequence[Wish] = [
    (target, f"{event}{condition}", where)
    for target, event, condition, where in itertools.product(
        TARGETS, EVENTS, CONDITIONS, ("me", "here")
    )
    if not (event.startswith("deadline ") and target in {"everything", "critical"})
]


def read(words: str) -> Frame:
    frame = interpret(words, NAMES, NIGHT, BERLIN)
    for plain in other_words(words, names_pipeline=bool(frame.slots.pipelines)):
        wish = interpret(plain, NAMES, NIGHT, BERLIN)
        if wish.sure and wish.intent is Intent.SUBSCRIBE:
            return wish
    return frame


def read_back(wish: Wish) -> object:
    """What is read of its words; the wish itself where that is the same."""
    target, events, where = wish
    words = wish_words(target, events, where)
    frame = read(words)
    time = frame.slots.time
    found = wish_in(
        WishText(
            text=words,
            masked=frame.masked,
            now=NIGHT,
            zone=BERLIN,
            deadline=time.deadline,
            is_past=time.given and not time.recurring,
        ),
        frame.slots.pipelines,
    )
    if not frame.sure or frame.intent is not Intent.SUBSCRIBE or found.reservation:
        return words, frame.intent, frame.confidence, found.reservation
    return found.target, *found.events, found.where


def wrong_among(wishes: Sequence[Wish]) -> dict[Wish, object]:
    return {one: found for one in wishes if (found := read_back(one)) != one}


def test_what_is_offered_is_read_back_the_same() -> None:
    assert wrong_among(random.Random(SEED).sample(EVERY, 60)) == {}


@pytest.mark.prove
def test_whatever_is_offered_is_read_back_the_same() -> None:
    assert wrong_among(EVERY) == {}


def test_an_offer_is_the_same_sentence_as_a_question() -> None:
    assert as_offer("tell me when X fails") == "Tell you when X fails?"
    assert as_offer("stop telling us about X") == "Stop telling this room about X?"
