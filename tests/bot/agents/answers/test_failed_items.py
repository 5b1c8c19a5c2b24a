"""After a failure in a ForEach, a question about its items is answered by those that failed."""

from itertools import product
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.conversation import Subject, subject_of
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import KnownNames, interpret
from tests.bot.agents.answers.test_agent import NOW

BERLIN = ZoneInfo("Europe/Berlin")
LOOPS = {
    "ForEach_Zone": "zones",
    "ForEach_DeclType": "declaration types",
    "for_each_region": "regions",
    "LoopOverCountries": "countries",
    "ForEach Store": "stores",
    "Iterate_Entity": "entities",
    "ForEachFile": "files",
}
QUESTIONS = (
    "which {} failed",
    "name the {} that did not make it",
    "which {} were hit?",
    "what {} broke",
    "show me the bad {}",
)
ORDERS = ("rerun the {}", "cancel the {}")


def subject_after(text: str, loop: str | None) -> Subject:
    frame = interpret(text, KnownNames(pipelines=("Nightly", "Other")), NOW, BERLIN)
    memory = {
        "pipeline": "Nightly",
        "run_id": "11111111-0000-4000-8000-000000000001",
        "cause_run_id": "11111111-0000-4000-8000-000000000002",
        "broken": True,
        "intent": "why",
        "loop": loop,
    }
    return subject_of(frame, memory, "lab", ())


def intent_after(text: str, loop: str | None) -> Intent:
    return subject_after(text, loop).intent


@pytest.mark.parametrize(("loop", "question"), list(product(LOOPS, QUESTIONS)))
def test_the_items_are_known_by_the_name_of_the_loop(loop: str, question: str) -> None:
    text = question.format(LOOPS[loop])
    assert intent_after(text, loop) is Intent.FAILED_ACTIVITIES


@pytest.mark.parametrize(("loop", "order"), list(product(LOOPS, ORDERS)))
def test_an_order_about_them_stays_one(loop: str, order: str) -> None:
    assert intent_after(order.format(LOOPS[loop]), loop) is not Intent.FAILED_ACTIVITIES


@pytest.mark.parametrize("loop", LOOPS)
def test_a_question_about_another_pipeline_is_about_that(loop: str) -> None:
    text = f"which {LOOPS[loop]} failed in Other"
    assert subject_after(text, loop).pipeline == "Other"


@pytest.mark.parametrize("text", ["what failed tonight", "is anything late", "what is running"])
@pytest.mark.parametrize("loop", LOOPS)
def test_a_question_about_all_stays_one(text: str, loop: str) -> None:
    assert intent_after(text, loop) is intent_after(text, None)
