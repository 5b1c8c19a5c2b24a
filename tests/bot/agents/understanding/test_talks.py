"""What a short turn is about after another one: what was shown beside it, waved away, corrected."""

import random
from datetime import UTC, datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adf.records import Pipeline
from bot.agents.understanding.conversation import Subject, subject_of
from bot.agents.understanding.intents import ACTS, CHANGES, Intent
from bot.agents.understanding.interpreter import KnownNames, interpret

NOW = datetime(2031, 8, 20, 6, 30, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Helsinki")
NAMES = (
    *("Harbor_Dues", "PL_Ferry_Manifest", "crane_moves", "Berth.Plan.Agg", "gl_cargo_daily"),
    *("gl_cargo_monthly", "Pilot Rota"),
)
KNOWN = KnownNames(pipelines=NAMES, factories=("adf-harbor-live", "adf-harbor-test"))
INVENTORY = [Pipeline(factory="adf-harbor-live", name=one) for one in NAMES]
ABOUT, OTHER, THIRD = "Harbor_Dues", "crane_moves", "Pilot Rota"


def meant(text: str, memory: dict[str, Any]) -> Subject:
    """What a turn is about after what is remembered."""
    frame = interpret(text, KNOWN, NOW, ZONE)
    return subject_of(frame, memory, "adf-harbor-live", INVENTORY)


def talked(intent: Intent, **more: object) -> dict[str, Any]:
    """The memory after a question about one pipeline."""
    known = {"pipeline": ABOUT, "run_id": "r-1", "intent": str(intent), "asked": str(intent)}
    return {**known, "listed": [], **more}


ASKS = (
    *("did {} finish too?", "how is {} doing", "why did {} fail", "who owns {}"),
    *("how long does {} usually take", "when did {} last run"),
)


@pytest.mark.parametrize("asks", ASKS)
@pytest.mark.parametrize("related", [OTHER, THIRD])
def test_that_one_is_the_only_pipeline_that_was_shown_beside_it(asks: str, related: str) -> None:
    memory = talked(Intent.IMPACT, related=[related], listed=[related])
    for pointer in ("that one", "that feed", "that pipeline"):
        assert meant(asks.format(pointer), memory).pipeline == related, pointer
    of_it = meant(asks.format("it"), memory)
    assert (of_it.pipeline, of_it.run_id) == (ABOUT, "r-1")
    assert meant(asks.format("that one"), talked(Intent.WHY)).pipeline == ABOUT


def test_no_run_of_one_pipeline_is_taken_for_that_of_another() -> None:
    memory = talked(Intent.IMPACT, related=[OTHER], listed=[OTHER])
    assert meant("show me the error of that one", memory).run_id is None


@pytest.mark.parametrize("order", ["rerun that one", "cancel that one", "kill that one"])
def test_no_order_goes_to_what_was_only_shown_beside_it(order: str) -> None:
    memory = talked(Intent.IMPACT, related=[OTHER], listed=[OTHER])
    assert meant(order, memory).pipeline == ABOUT


@pytest.mark.parametrize("asks", ["did they finish", "did those finish", "why did they fail"])
def test_they_are_all_that_were_shown_beside_it(asks: str) -> None:
    memory = talked(Intent.IMPACT, related=[OTHER, THIRD], listed=[OTHER, THIRD])
    assert meant(asks, memory).unclear == (OTHER, THIRD)


WAVED = ("leave it. {}", "never mind, {}", "leave that. {}", "forget about it. {}")
OF_ALL = (
    *("which triggers are stopped", "is any schedule switched off", "what failed"),
    *("what is running right now", "are the runtimes up"),
)


@pytest.mark.parametrize(("waved", "asks"), list(product(WAVED, OF_ALL)))
def test_what_is_asked_once_something_was_waved_away_is_not_about_it(waved: str, asks: str) -> None:
    subject = meant(waved.format(asks), talked(Intent.WHY))
    assert subject.pipeline is None
    assert subject.intent is meant(asks, {}).intent


@pytest.mark.parametrize("waved", WAVED)
@pytest.mark.parametrize("name", ["the ferry manifest", "crane moves", "berth plan"])
def test_only_a_name_behind_it_asks_how_that_stands(waved: str, name: str) -> None:
    before = talked(Intent.TRIGGER_LIST)
    assert meant(waved.format(f"{name} how"), before).intent is Intent.STATUS_ONE


@pytest.mark.parametrize("no", ["no", "nope", "no sorry", "nah"])
def test_a_correction_waves_nothing_away(no: str) -> None:
    assert meant(f"{no}, why did it fail", talked(Intent.STATUS_ONE)).pipeline == ABOUT
    corrected = meant(f"{no}, {OTHER}", talked(Intent.WHY))
    assert (corrected.intent, corrected.pipeline) == (Intent.WHY, OTHER)


@pytest.mark.parametrize("before", [Intent.CANCEL, Intent.RERUN])
@pytest.mark.parametrize(
    "text", ["no, {} instead", "no i meant {}", "wait wrong one, i meant {}", "actually {}"]
)
def test_a_corrected_order_is_proposed_for_what_was_meant(before: Intent, text: str) -> None:
    subject = meant(text.format(OTHER), talked(before))
    assert (subject.intent, subject.pipeline) == (before, OTHER)


@pytest.mark.parametrize("before", sorted(ACTS | CHANGES))
@pytest.mark.parametrize("text", ["and {}?", "what about {}?", "{}?"])
def test_a_question_about_another_name_repeats_no_order(before: Intent, text: str) -> None:
    subject = meant(text.format(OTHER), talked(before))
    assert subject.intent not in ACTS | CHANGES
    assert subject.pipeline == OTHER


OF_NOW = (
    *(Intent.SLA_ETA, Intent.OWNER, Intent.IMPACT, Intent.HISTORY_OF_ERROR, Intent.TRIGGER_LIST),
    *(Intent.DESCRIBE, Intent.QUEUE_WHY, Intent.RUNNING_NOW),
)


@pytest.mark.parametrize("before", OF_NOW)
@pytest.mark.parametrize("when", ["yesterday", "last night", "on sunday", "on monday"])
def test_of_a_time_that_is_over_it_is_asked_how_it_went_then(before: Intent, when: str) -> None:
    subject = meant(f"and {when}?", talked(before))
    assert (subject.intent, subject.pipeline) == (Intent.STATUS_ONE, ABOUT)
    of_all = meant(f"and {when}?", {"intent": str(before)})
    assert of_all.intent in {Intent.OVERVIEW, Intent.RUNNING_NOW, Intent.STATUS_ONE}


@pytest.mark.parametrize("before", [Intent.WHY, Intent.ROWS, Intent.FAILURES_LIST, Intent.TREND])
def test_what_can_be_asked_of_any_time_is_asked_again(before: Intent) -> None:
    assert meant("and yesterday?", talked(before)).intent is before


@pytest.mark.parametrize("word", ["daily", "monthly"])
@pytest.mark.parametrize("text", ["just the {} one", "the {} one", "only the {} one please"])
def test_a_word_of_its_name_tells_one_of_a_list_from_the_others(text: str, word: str) -> None:
    listed = ["gl_cargo_daily", "gl_cargo_monthly"]
    memory = {"intent": str(Intent.STATUS_ONE), "listed": listed}
    assert meant(text.format(word), memory).pipeline == f"gl_cargo_{word}"


TIMES = ("yesterday's", "last night's", "tonight's", "today's")
RUNS = ("how long did {} run take", "when did {} run end", "how many rows did {} load copy")


@pytest.mark.parametrize(("asks", "when"), list(product(RUNS, TIMES)))
def test_the_run_of_a_time_is_one_of_what_is_talked_about(asks: str, when: str) -> None:
    assert meant(asks.format(when), talked(Intent.STATUS_ONE)).pipeline == ABOUT


@pytest.mark.parametrize("when", TIMES)
def test_an_order_for_that_of_a_time_is_about_it_too(when: str) -> None:
    assert meant(f"please run {when} again", talked(Intent.ROWS)).pipeline == ABOUT


BACK = ("turn it back on", "switch it on again", "no, turn that back on")


@pytest.mark.parametrize("text", BACK)
def test_a_mute_is_taken_back_and_no_trigger_started(text: str) -> None:
    assert meant(text, talked(Intent.MUTE)).intent is not Intent.TRIGGER_START
    assert meant(text, talked(Intent.TRIGGER_STOP)).intent is Intent.TRIGGER_START


@pytest.mark.parametrize(
    "text", ["set those two against each other", "compare both", "compare them"]
)
def test_both_are_runs_of_what_is_talked_about(text: str) -> None:
    subject = meant(text, talked(Intent.STATUS_ONE, other_run="r-0"))
    assert (subject.intent, subject.pipeline) == (Intent.COMPARE, ABOUT)


@pytest.mark.parametrize(
    "whose", ["whose doing was it", "whose fault is that", "whose idea was it"]
)
def test_whose_act_it_was_is_no_question_for_an_owner(whose: str) -> None:
    assert meant(whose, talked(Intent.STATUS_ONE)).intent is not Intent.OWNER


def test_nobody_is_a_step_of_a_run() -> None:
    draw = random.Random(3)
    for _ in range(60):
        who = draw.choice(("who", "whos", "who is", "who's", "whose"))
        rest = draw.choice(("the culprit", "slowest", "to blame", "behind it", "the slow one"))
        intent = meant(f"{who} {rest}", talked(Intent.TRIGGER_DID_RUN)).intent
        assert intent not in {Intent.SLOWEST_STEP, Intent.DETAILS, Intent.ROWS}, (who, rest)


CLEAR_HALVES = (
    *("what failed last night", "how is crane moves", "why did crane moves fail"),
    *("are the runtimes up", "who owns crane moves", "what is running right now"),
)


@pytest.mark.parametrize("clear", CLEAR_HALVES[1:3])
@pytest.mark.parametrize("order", ["rerun it from the failed step", "cancel it", "rerun it"])
def test_an_order_behind_a_question_is_heard_with_it(clear: str, order: str) -> None:
    frame = interpret(f"{clear} and {order}", KNOWN, NOW, ZONE)
    assert frame.second is not None
    assert frame.second.intent in ACTS
    assert frame.intent is interpret(clear, KNOWN, NOW, ZONE).intent


@pytest.mark.parametrize(("one", "other"), list(product(CLEAR_HALVES, CLEAR_HALVES)))
def test_of_two_clear_questions_neither_goes_unsaid(one: str, other: str) -> None:
    alone = {interpret(half, KNOWN, NOW, ZONE).intent for half in (one, other)}
    if len(alone) < 2:
        return
    frame = interpret(f"{one} and {other}?", KNOWN, NOW, ZONE)
    said = {part.intent for part in (frame, frame.second) if part}
    assert said == alone or not frame.sure or frame.unanswered or Intent.WHY in said, said


@pytest.mark.parametrize("take", ["book {} on me", "{} is mine", "I take {}", "put {} on me"])
@pytest.mark.parametrize("hush", ["keep it quiet for two hours", "mute it 2h", "hush it till 9"])
def test_of_two_orders_about_an_incident_both_are_about_it(take: str, hush: str) -> None:
    frame = interpret(f"{take.format('INC-12')} and {hush}", KNOWN, NOW, ZONE)
    parts = [part for part in (frame, frame.second) if part]
    both = {part.intent for part in parts} == {Intent.ACK, Intent.MUTE}
    assert all(part.slots.incidents == ("INC-12",) for part in parts) if both else not frame.sure
