"""What a model names in its choice of a tool must have been said: held over every name and slip."""

import json
import random
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.agents.interface import Question
from bot.agents.model.arguments import name_words
from bot.agents.model.borne_out import is_borne_out, is_led_to
from tests.bot.agents.answers.test_agent import HERE, MAYA, NOW
from tests.evals.rows import WORLD

NAMES = tuple(json.loads(WORLD.read_text(encoding="utf-8"))["pipelines"])
RUNS = "adf_pipeline_runs"
LEADS = ("whats up with {}", "{} hmm", "is {} ok", "und {} so", "qué tal {}")


def asking(text: str, **memory: object) -> Question:
    return Question(
        text=text, speaker=MAYA, address=HERE, now=NOW, zone=ZoneInfo("UTC"), memory=memory
    )


def slip(name: str, chance: random.Random) -> str:
    """A name with two neighboring letters swapped."""
    at = chance.randrange(1, len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_was_said_may_be_chosen_however_it_is_spelled(name: str) -> None:
    chance = random.Random(name)
    for lead in LEADS:
        for said in (name, name.lower(), name.replace("_", " "), slip(name, chance)):
            assert is_borne_out(asking(lead.format(said)), NAMES, RUNS, {"pipeline": name}), said


@pytest.mark.parametrize("name", NAMES)
def test_no_name_may_be_chosen_that_shares_no_word_with_the_question(name: str) -> None:
    for other in NAMES:
        if name_words(name) & name_words(other) or name.lower() in other.lower():
            continue
        for lead in LEADS:
            given = {"pipeline": other}
            said = asking(lead.format(name))
            assert not is_borne_out(said, NAMES, RUNS, given), (name, other)


def test_what_was_talked_about_may_be_chosen() -> None:
    question = asking("and that one?", pipeline="PaymentsRecon")
    assert is_borne_out(question, NAMES, RUNS, {"pipeline": "PaymentsRecon"})


def test_a_lookup_that_names_nothing_needs_a_reading_of_the_question() -> None:
    question = asking("is pizza better than pasta")
    assert not is_borne_out(question, NAMES, RUNS, {"status": ["Failed"]})
    assert is_borne_out(replace(question, candidates=("what failed",)), NAMES, RUNS, {})
    assert is_borne_out(question, NAMES, "bot_help", {})


def test_a_run_must_have_been_named_by_its_id() -> None:
    run = "0f8fad5b-d9cb-469f-a165-70867728950e"
    given = {"run_id": run}
    assert is_borne_out(asking("hmm 0f8fad5b?"), NAMES, RUNS, given)
    assert not is_borne_out(asking("hmm the last run?"), NAMES, RUNS, given)


@pytest.mark.parametrize("name", NAMES)
def test_a_later_lookup_may_name_what_an_earlier_one_found_and_nothing_else(name: str) -> None:
    question, given = asking("what is it?"), {"pipeline": name}
    assert not is_led_to(question, NAMES, given)
    assert is_led_to(question, NAMES, given, [f'{{"runs": [{{"pipeline": "{name}"}}]}}'])


def test_a_lookup_by_the_id_of_a_run_or_of_everything_is_led_to() -> None:
    assert is_led_to(
        asking("and inside?"), NAMES, {"run_id": "0d9c1f5e-0000-4000-8000-000000000001"}
    )
    assert is_led_to(asking("what failed?"), NAMES, {"status": ["Failed"]})


@pytest.mark.parametrize("name", NAMES)
def test_of_a_named_pipeline_no_lookup_of_everything_is_an_answer(name: str) -> None:
    for lead in LEADS:
        question = replace(asking(lead.format(name)), candidates=("what changed",))
        assert not is_borne_out(question, NAMES, "adf_change_log", {"hours": 1}), lead
        assert is_borne_out(question, NAMES, "bot_help", {})
