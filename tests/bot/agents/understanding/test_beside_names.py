"""What stands beside or in the place of a name: people, pronouns, strange words, times, zones."""

import random
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.conversation import subject_of
from bot.agents.understanding.entities.time_ranges import read_time
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS, CHANGES, OF_ALL, Intent
from bot.agents.understanding.interpreter import KnownNames, interpret

NOW = datetime(2031, 8, 20, 6, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
PEOPLE = ("Farida", "Tomek Nowak", "Yuki", "Omar")
PIPELINES = ("Tariff_Import", "zz_sandbox_farida", "Yuki_Scratch", "dock.manifest.load", "Meters")
NAMES = KnownNames(pipelines=PIPELINES, factories=("adf-prod",), people=PEOPLE)
# Letters that make a word no corpus has.
LETTERS = "bdfgkmprtvz"


def read(text: str) -> Frame:
    return interpret(text, NAMES, NOW, BERLIN)


def strange_words(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choice(LETTERS) for _ in range(draw.randint(5, 8))) for _ in range(count)]


@pytest.mark.parametrize("person", ["farida", "Yuki", "omar", "tomek"])
@pytest.mark.parametrize(
    "text", ["{} can do it", "give it to {}", "{} has it", "ask {}", "did {} do that", "assign {}"]
)
def test_a_person_is_no_pipeline_that_has_their_name(text: str, person: str) -> None:
    assert read(text.format(person)).slots.pipelines == ()


def test_a_pipeline_that_has_a_persons_name_is_one_with_another_word_of_it() -> None:
    assert read("why does farida sandbox fail").slots.pipelines == ("zz_sandbox_farida",)


@pytest.mark.parametrize("pronoun", ["that one", "it", "this one"])
@pytest.mark.parametrize("order", ["mute {} till 9", "rerun {}", "cancel {}"])
@pytest.mark.parametrize("reason", ["i ask the dock", "the manifest people know", "dock is late"])
def test_no_order_about_a_pronoun_is_about_a_word_of_its_reason(
    order: str, pronoun: str, reason: str
) -> None:
    frame = read(f"{order.format(pronoun)}, {reason}")
    is_done = frame.sure and frame.intent in ACTS | CHANGES
    assert not (is_done and frame.slots.pipelines)


def test_a_strange_word_is_no_name_only_where_all_is_question() -> None:
    for word in strange_words(300, seed=11):
        frame = read(f"{word} what failed last night")
        assert frame.slots.unknown == (word,) or frame.intent in OF_ALL
        assert read(f"why did {word} fail").slots.unknown == (word,)
        assert not read(f"status of {word}").sure


def test_a_word_that_was_passed_over_is_kept_to_be_said() -> None:
    frame = read("anything zvordk failed tonight, was anything missed")
    assert frame.slots.passed_over + frame.slots.unknown == ("zvordk",)


@pytest.mark.parametrize(
    "text", ["error details of run {}", "details of the errors in run {}", "Fehlerdetails Lauf {}"]
)
def test_details_of_an_error_are_its_text(text: str) -> None:
    frame = read(text.format("6af5d85c-08b4-46fc-9bc9-618aa4c43b6c"))
    assert frame.intent in {Intent.ERROR_TEXT, Intent.WHY}


@pytest.mark.parametrize("did", ["stopped", "cancelled", "reran", "muted", "closed", "started"])
@pytest.mark.parametrize("what", ["Meters", "the tariff import", "it", "INC-3"])
def test_who_asks_by_whom_it_was_done_orders_nothing(did: str, what: str) -> None:
    assert read(f"who {did} {what}").intent not in ACTS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("how did Meters do last night", "time"),
        ("how is Meters doing this month", "wide"),
        ("how was Meters in the last 30 days", "wide"),
        ("will Meters be done by 6", "deadline"),
        ("every morning at 8 tell us how things stand", "recurring"),
        ("at what utc time did Meters stop", "zone"),
    ],
)
def test_a_time_is_told_apart_by_its_kind(text: str, kind: str) -> None:
    assert read_time(text, NOW, BERLIN).kind(NOW) == kind


@pytest.mark.parametrize("text", ["no sorry i meant Meters, what is with that", "i meant Meters??"])
@pytest.mark.parametrize("before", ["rerun", "cancel", "mute"])
def test_another_name_said_with_a_question_repeats_no_order(text: str, before: str) -> None:
    memory = {"intent": before, "pipeline": "Tariff_Import"}
    subject = subject_of(read(text), memory, "adf-prod", ())
    assert subject.intent not in ACTS or text.endswith("??")


def test_a_zone_alone_asks_when_it_was_in_that_zone() -> None:
    memory = {"intent": "duration", "pipeline": "Meters"}
    for text in ("and in utc", "and in UTC?"):
        assert subject_of(read(text), memory, "adf-prod", ()).intent is Intent.LAST_TIME


@pytest.mark.parametrize("what", ["new data", "rows", "errors", "runs today", "owner"])
def test_a_pipeline_that_has_no_something_is_the_one_meant(what: str) -> None:
    assert read(f"tariff import has no {what}").slots.pipelines == ("Tariff_Import",)


def test_a_pipeline_that_is_denied_is_not_the_one_meant() -> None:
    assert read("tariff import no, meters").slots.pipelines == ("Meters",)
