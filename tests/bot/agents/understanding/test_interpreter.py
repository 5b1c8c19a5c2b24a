"""Questions as frames: names are checked against what there is, and nothing is dropped silently."""

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.exact import QUESTIONS
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, OF_OTHER_THINGS, Intent
from bot.agents.understanding.interpreter import KnownNames, interpret

NOW = datetime(2031, 8, 20, 6, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
PIPELINES = (
    "CustomerDataETL",
    "Invoices_Load",
    "PL_Master_Nightly",
    "DevSandbox_Test",
    "StockSync",
)
INVENTORY = KnownNames(pipelines=PIPELINES, factories=("adf-prod", "adf-uat"))
# Names that no pipeline has, in the ways names are written.
WHAT = ("Zebra", "Quartz", "Meridian", "Payslip", "Harbour", "Orchid")
HOW = ("Loader", "Import", "Mirror", "Rollup")


def read(text: str, inventory: KnownNames = INVENTORY) -> Frame:
    return interpret(text, inventory, NOW, BERLIN)


def strange_names(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    forms = ("{}{}", "{}_{}", "pl_{}_{}", "{}-{}")
    return [draw.choice(forms).format(draw.choice(WHAT), draw.choice(HOW)) for _ in range(count)]


def test_a_name_that_does_not_exist_is_never_read_as_another() -> None:
    asked = [one for many in QUESTIONS.values() for one in many if "{}" in one]
    names = strange_names(500, seed=7)
    for place, name in enumerate(names):
        frame = read(asked[place % len(asked)].format(name))
        assert frame.slots.pipelines == (), (frame.text, frame.slots.pipelines)
        assert frame.slots.unknown, frame.text
        # Triggers and runtimes have names of their own, which their tools know.
        assert not frame.sure or frame.intent in OF_OTHER_THINGS


@pytest.mark.parametrize("name", PIPELINES)
def test_every_question_of_a_button_is_read_for_sure(name: str) -> None:
    for intent, asked in QUESTIONS.items():
        for question in asked:
            frame = read(question.format(name))
            assert frame.intent is intent, question
            assert frame.sure, question
            is_named = "{}" in question and question != "status of trigger {}"
            assert frame.slots.pipelines == ((name,) if is_named else ()), question


@pytest.mark.parametrize("name", ["Status", "Help", "Yesterday", "Failed"])
def test_a_pipeline_may_be_called_like_a_word_of_the_bot(name: str) -> None:
    inventory = KnownNames(pipelines=(*PIPELINES, name), factories=("adf-prod",))
    assert read(f"why did {name} fail", inventory).slots.pipelines == (name,)


def test_a_pipeline_called_help_does_not_hide_the_help() -> None:
    inventory = KnownNames(pipelines=(*PIPELINES, "Help"), factories=("adf-prod",))
    assert read("help", inventory).intent is Intent.HELP


@pytest.mark.parametrize(
    "text",
    ["what failed except DevSandbox_Test", "everything but devsandbox: what failed"],
)
def test_what_is_to_be_left_out_is_left_out(text: str) -> None:
    frame = read(text)
    assert frame.slots.excluded == ("DevSandbox_Test",)
    assert frame.slots.pipelines == ()


def test_limits_are_read_with_their_unit() -> None:
    limit = read("which runs took more than 30 minutes today").slots.limit
    assert limit is not None
    assert limit.over
    assert limit.length is not None
    assert limit.length.total_seconds() == 1800


def test_two_questions_in_one_message_are_both_read() -> None:
    frame = read("status of StockSync and why did Invoices_Load fail")
    assert frame.intent is Intent.STATUS_ONE
    assert frame.second is not None
    assert frame.second.intent is Intent.WHY
    assert frame.second.slots.pipelines == ("Invoices_Load",)


def test_an_order_needs_more_certainty_than_a_question() -> None:
    assert read("rerun StockSync").sure
    guessed = read("stocksync maybe again sometime?")
    assert not (guessed.sure and guessed.intent in ACTS)


@pytest.mark.parametrize(
    "text", ["good morning all. what failed", "hi there, what failed", "what failed? thanks a lot"]
)
def test_a_greeting_around_a_question_is_not_the_question(text: str) -> None:
    assert read(text).intent is Intent.FAILURES_LIST


def test_a_short_run_id_is_one() -> None:
    assert read("why did run 91090919 fail").slots.short_run == "91090919"
    assert read("why did run 9109a919 fail").slots.short_run == "9109a919"


def test_a_pasted_error_asks_what_it_means() -> None:
    frame = read("Operation on target Copy failed: ErrorCode=SqlFailedToConnect,'Type=Microsoft.x")
    assert frame.intent is Intent.DOCS_ERROR
    assert frame.sure
