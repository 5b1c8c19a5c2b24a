"""What stands beside or in the place of a name: people, pronouns, strange words, times, zones."""

import random
from datetime import UTC, datetime, timedelta
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


@pytest.mark.parametrize("mark", ["dot", "underscore", "dash", "punkt"])
@pytest.mark.parametrize("text", ["what is {} doing", "why did {} die", "rerun {} please"])
def test_a_mark_that_is_spoken_inside_a_name_is_part_of_it(text: str, mark: str) -> None:
    for name, said in (
        ("Tariff_Import", f"tariff {mark} import"),
        ("dock.manifest.load", f"dock {mark} manifest {mark} load"),
    ):
        slots = read(text.format(said)).slots
        assert (slots.pipelines, slots.exact, slots.ignored) == ((name,), True, ())


@pytest.mark.parametrize(
    "text", ["why is there a dash in {}", "{} dot com is down", "minus {} what"]
)
def test_a_mark_beside_a_name_is_a_word(text: str) -> None:
    assert mark_words(read(text.format("tariff import")).text) == mark_words(text)


def mark_words(text: str) -> list[str]:
    return [word for word in ("dash", "dot", "minus") if word in text.split()]


# Words that questions use, each of which is also a word of some pipeline's name.
@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("post", "post here whenever a critical pipeline goes down"),
        ("page", "page us here whenever any critical job fails"),
        ("post", "post it here as soon as any critical job dies"),
        ("exec", "I have the exec meeting, how does every business-critical pipeline stand"),
        ("week", "I have the week meeting, how does every business-critical pipeline stand"),
        ("post", "has any load failed? post it here"),
        ("note", "note all critical jobs that failed tonight"),
    ],
)
def test_a_usual_word_beside_any_pipeline_names_none(word: str, text: str) -> None:
    names = KnownNames(pipelines=(f"GL2Oracle_{word.title()}", "Meters_Daily", "Dock_Load"))
    assert interpret(text, names, NOW, BERLIN).slots.pipelines == ()


@pytest.mark.parametrize("name", ["tariff", "manifest", "dock"])
@pytest.mark.parametrize("text", ["did {} block every pipeline", "{} died, which jobs wait for it"])
def test_a_strange_word_beside_any_pipeline_is_still_a_name(text: str, name: str) -> None:
    mine = f"{name.title()}_Import"
    names = KnownNames(pipelines=(mine, "Meters_Daily"))
    assert interpret(text.format(name), names, NOW, BERLIN).slots.pipelines == (mine,)


HOURS = ("8", "eight", "10:30", "9am")


@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("event", ["call", "stand-up", "board meeting", "quarterly review"])
@pytest.mark.parametrize(
    "text", ["I have the {} at {}, what failed", "before my {} at {} tell me what broke"]
)
def test_the_time_of_an_engagement_is_no_range(text: str, event: str, hour: str) -> None:
    time = read_time(text.format(event, hour), NOW, BERLIN)
    assert (time.start, time.deadline) == (None, None)


@pytest.mark.parametrize("said", ["not live", "not the live one", "forget live", "instead of live"])
@pytest.mark.parametrize("text", ["nah {}, i meant preprod", "preprod, {}", "{} preprod please"])
def test_a_factory_that_is_denied_beside_another_is_not_meant(text: str, said: str) -> None:
    names = KnownNames(pipelines=PIPELINES, factories=("df-quay-live", "df-quay-preprod"))
    where = interpret(text.format(said), names, NOW, BERLIN).slots.factory
    assert (where.alias, where.others) == ("df-quay-preprod", ())


def test_what_is_said_not_to_be_in_a_factory_is_asked_of_it() -> None:
    names = KnownNames(pipelines=PIPELINES, factories=("df-quay-live", "df-quay-preprod"))
    said = "why is meters not in live but fine in preprod"
    assert interpret(said, names, NOW, BERLIN).slots.factory.alias == "df-quay-live"


TRIGGERS = ("the finance trigger", "that trigger", "our nightly stock trigger", "its trigger")


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("verb", ["start", "restart", "switch on", "kick off", "enable"])
@pytest.mark.parametrize("again", ["{} {} again", "please {} {}", "can you {} {}"])
def test_an_order_for_a_trigger_reruns_nothing(again: str, verb: str, trigger: str) -> None:
    frame = read(again.format(verb, trigger))
    assert frame.intent not in {Intent.RERUN, Intent.RERUN_FROM_FAILED}


@pytest.mark.parametrize("clock", ["this time", "this hour", "the same time", "this moment"])
@pytest.mark.parametrize(("day", "back"), [("yesterday", 1), ("monday", 2), ("on sunday", 3)])
def test_the_same_time_of_another_day_is_that_moment(clock: str, day: str, back: int) -> None:
    time = read_time(f"what failed since {clock} {day}", NOW, BERLIN)
    assert (time.start, time.end) == (NOW - timedelta(days=back), None)


@pytest.mark.parametrize("name", PIPELINES[:2])
@pytest.mark.parametrize(
    "text",
    [
        "take {} from the failed activity onward and run it anew",
        "rerun {} from where it failed and start it again",
        "rerun {} and go on from the failed step",
    ],
)
def test_a_rerun_in_two_halves_is_one_order(text: str, name: str) -> None:
    frame = read(text.format(name))
    assert (frame.intent, frame.second) == (Intent.RERUN_FROM_FAILED, None)


@pytest.mark.parametrize("which", ["which", "welche", "what"])
@pytest.mark.parametrize("items", ["docks", "tariffs", "sandboxes"])
def test_things_of_a_list_are_no_pipeline(which: str, items: str) -> None:
    assert read(f"{which} {items}").slots.pipelines == ()
