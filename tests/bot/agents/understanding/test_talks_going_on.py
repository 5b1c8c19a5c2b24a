"""A talk that goes on: where something stands, one of a list, a family, a denial, a person."""

import random
from itertools import product

import pytest

from adf.records import Pipeline
from bot.agents.understanding.conversation import subject_of
from bot.agents.understanding.entities.run_steps import Way
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import KnownNames, interpret
from tests.bot.agents.understanding.test_talks import (
    ABOUT,
    INVENTORY,
    KNOWN,
    NAMES,
    NOW,
    OTHER,
    THIRD,
    ZONE,
    meant,
    talked,
)

PEOPLE = ("Ilse", "Tomasz", "Bo Lindqvist")
OWN = KnownNames(pipelines=(*NAMES, "sandbox_tomasz"), factories=KNOWN.factories, people=PEOPLE)


def read(text: str) -> Frame:
    """What the words say where some people are known, and a pipeline is called like one."""
    return interpret(text, OWN, NOW, ZONE)


FROM = ("from there", "from that step", "from where it died", "from that point", "from here")
ORDERS = ("rerun it {}", "k set it going again {}", "run it again {}", "ok restart it {}")


@pytest.mark.parametrize(("order", "place"), list(product(ORDERS, FROM)))
def test_from_there_is_from_the_activity_that_failed(order: str, place: str) -> None:
    text = order.format(place)
    assert meant(text, talked(Intent.WHY, broken=True)).intent is Intent.RERUN_FROM_FAILED
    assert meant(text, talked(Intent.WHY, broken=True)).pipeline == ABOUT


TURNED = ("who switched it off", "who turned that off?", "and who disabled it", "who put it off")


@pytest.mark.parametrize("text", TURNED)
def test_of_a_pipeline_only_its_trigger_can_be_turned_off(text: str) -> None:
    for before in (Intent.STATUS_ONE, Intent.WHY, Intent.LAST_TIME):
        assert meant(text, talked(before)).intent is Intent.CHANGE_LOG, before
    if interpret(text, KNOWN, NOW, ZONE).intent is Intent.AUDIT:
        assert meant(text, talked(Intent.MUTE)).intent is Intent.AUDIT


STARTS = ("then start it again for me", "ok start it again", "so start that again please")


@pytest.mark.parametrize("text", STARTS)
def test_what_was_turned_off_is_started_and_what_failed_is_run_again(text: str) -> None:
    off = talked(Intent.CHANGE_LOG, is_off=True)
    assert meant(text, off).intent is Intent.TRIGGER_START
    assert meant(text, talked(Intent.WHY, broken=True)).intent is not Intent.TRIGGER_START
    for runs in ("run it again now", "rerun it", "then start a rerun of it"):
        assert meant(runs, off).intent is not Intent.TRIGGER_START, runs


@pytest.mark.parametrize("before", [Intent.ACK, Intent.ASSIGN, Intent.MUTE, Intent.SUBSCRIBE])
@pytest.mark.parametrize("when", ["yesterday", "last night", "on sunday", "on 18 august"])
def test_a_time_behind_an_order_asks_how_it_went_then(before: Intent, when: str) -> None:
    for text in (f"and {when}?", f"n {when}", f"what about {when}?"):
        subject = meant(text, talked(before))
        assert (subject.intent, subject.pipeline) == (Intent.STATUS_ONE, ABOUT), text


PLACES = {"first": ABOUT, "second": OTHER, "third": THIRD}
STATES = ("is the {} of those running", "has the {} of them failed?", "is the {} one broken?")


@pytest.mark.parametrize(("place", "text"), list(product(PLACES, STATES)))
def test_of_one_of_a_list_it_is_asked_how_it_stands(place: str, text: str) -> None:
    listed = [ABOUT, OTHER, THIRD]
    memory = {"intent": str(Intent.IMPACT), "listed": listed, "pipeline": "gl_cargo_daily"}
    subject = meant(text.format(place), memory)
    assert subject.pipeline == PLACES[place]
    # Each of these answers says how its newest run stands.
    assert subject.intent in {Intent.STATUS_ONE, Intent.WHY, Intent.HISTORY_OF_ERROR}


@pytest.mark.parametrize("asks", ["the {} one since when", "since when has the {} one been on"])
def test_what_one_of_a_list_is_called_names_it(asks: str) -> None:
    memory = {"intent": str(Intent.RUNNING_NOW), "listed": ["Harbor_Dues", "Berth.Plan.Agg"]}
    for word, name in (("berth", "Berth.Plan.Agg"), ("dues", "Harbor_Dues")):
        assert meant(asks.format(word), memory).pipeline == name, word


THINGS = ("parcels", "tariffs", "vessels", "invoices", "quays", "pilots")
TAILS = ("", " exactly", " precisely", " please", " then")


@pytest.mark.parametrize(("thing", "tail"), list(product(THINGS, TAILS)))
def test_which_of_them_failed_is_asked_of_the_failed_run(thing: str, tail: str) -> None:
    memory = talked(Intent.WHY, broken=True, loop="ForEach_Row")
    subject = meant(f"which {thing}{tail}?", memory)
    assert (subject.intent, subject.pipeline) == (Intent.FAILED_ACTIVITIES, ABOUT)
    assert subject.settled


SECOND = ("that second run", "the second attempt", "its second try", "the rerun", "that rerun")


@pytest.mark.parametrize("run", SECOND)
@pytest.mark.parametrize("asks", ["how many rows did {} load?", "how long did {} take"])
def test_the_second_run_is_the_one_after_the_one_that_failed(run: str, asks: str) -> None:
    step = meant(asks.format(run), talked(Intent.ERROR_TEXT, broken=True)).step
    assert step is not None
    assert step.way is Way.ON


SCOPES = ("just the {} side pls", "only the {} ones", "for the {} jobs", "the {} stuff only")


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("pause", [" - ", ", ", ": "])
def test_a_list_is_narrowed_to_those_that_share_a_word(scope: str, pause: str) -> None:
    frame = read(f"{scope.format('cargo')}{pause}what broke last night?")
    assert frame.intent in {Intent.FAILURES_LIST, Intent.WHY}
    assert set(frame.slots.pipelines) == {"gl_cargo_daily", "gl_cargo_monthly"}
    assert not frame.unanswered


WAVES = ("ok forget. ", "forget it. ", "skip that. ", "ignore. ")


@pytest.mark.parametrize("waved", WAVES)
@pytest.mark.parametrize("name", ["crane moves", "Harbor_Dues", "pilot rota"])
def test_no_sentence_leaves_out_what_the_next_one_asks_about(waved: str, name: str) -> None:
    frame = read(f"{waved}how is {name} now?")
    assert frame.slots.excluded == ()
    assert len(frame.slots.pipelines) == 1


NOS = ("nah", "no", "nope", "sorry", "no no")
CONTRASTS = ("{} not daily the other cargo", "{} not the daily, the other cargo one")


@pytest.mark.parametrize(("no", "text"), list(product(NOS, CONTRASTS)))
def test_by_contrast_the_other_one_with_the_same_word_is_meant(no: str, text: str) -> None:
    memory = talked(Intent.STATUS_ONE) | {"pipeline": "gl_cargo_daily"}
    subject = meant(text.format(no), memory)
    assert subject.pipeline == "gl_cargo_monthly" or "gl_cargo_daily" not in subject.unclear
    assert subject.pipeline != "gl_cargo_daily"


THERE = ("what broke there", "what failed there?", "so what went wrong there")


@pytest.mark.parametrize("text", THERE)
def test_there_is_the_place_that_was_talked_about(text: str) -> None:
    here = talked(Intent.STATUS_ONE, factory="adf-harbor-live")
    assert meant(text, here).pipeline == ABOUT
    test = Pipeline(factory="adf-harbor-test", name="Quay_Map")
    memory: dict[str, object] = {"intent": str(Intent.OVERVIEW), "factory": test.factory}
    frame = interpret(text, KNOWN, NOW, ZONE)
    found = subject_of(frame, memory, "adf-harbor-live", [*INVENTORY, test])
    assert found.factory == test.factory


GIVES = ("give {} to {}", "hand {} to {}", "assign {} to {} please", "pass {} over to {}")


@pytest.mark.parametrize("person", ["ilse", "tomasz", "Bo Lindqvist"])
def test_whom_something_is_given_to_is_no_name_that_nothing_has(person: str) -> None:
    for gives, what in product(GIVES, ("that incident", "INC-12", "the crane moves one")):
        frame = read(gives.format(what, person))
        assert frame.intent is Intent.ASSIGN, (gives, what)
        assert frame.slots.unknown == (), (gives, what)
        assert "sandbox_tomasz" not in frame.slots.pipelines, (gives, what)
    assert read("status of sandbox tomasz").slots.pipelines == ("sandbox_tomasz",)


def test_what_is_only_said_behind_two_orders_costs_neither() -> None:
    draw = random.Random(12)
    tails = ("will look after coffee", "back in ten", "thx", "need to drive first", "cheers")
    for _ in range(30):
        number, minutes = draw.randint(1, 9999), draw.choice((20, 45, 90))
        joint, tail = draw.choice(("n", "and", "then")), draw.choice(tails)
        frame = read(f"ack INC-{number} {joint} mute it {minutes} min, {tail}")
        second = frame.second
        assert second is not None, tail
        assert (frame.intent, second.intent) == (Intent.ACK, Intent.MUTE), tail
        assert frame.sure, tail
