"""Many ways to ask one thing mean the same; the names are invented, of no one factory."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.agents.understanding.intents import Intent
from bot.agents.understanding.interpreter import Interpretation
from bot.agents.understanding.interpreter import understand as understand_at

MILL = (
    "GrainIntake_Hourly",
    "GrainIntake_Hourly_Replay",
    "FlourMixing",
    "pl-oven-telemetry",
    "PL_Bakery_Overnight",
    "Delivery_Routes_Sync",
    "Delivery_Costs",
    "Failed_Batches_Retry",
    "extract",
    "Sensor48Merge",
)
FACTORIES = ("adf-mill-live", "adf-mill-trial")
NOW = datetime(2026, 5, 7, 6, 0, tzinfo=UTC)  # Thursday 08:00 in Berlin


def understand(text: str) -> Interpretation:
    return understand_at(text, MILL, NOW, ZoneInfo("Europe/Berlin"), FACTORIES)


SAID: dict[Intent, tuple[str, ...]] = {
    Intent.STATUS: (
        "What's the status of FlourMixing?",
        "is flour mixing through yet",
        "flourmixing ok??",
        "FLOURMIXING",
        "flour mixing pls",
        "did flour mixing run today",
        "has the flour mixing pipeline finished yet?",
        "how is flour mixing doing right now",
        "how long did flour mixing take",
        "when did flour mixing last succeed",
        "what time did flour mixing fail",
        "is flour mixing running longer than usual",
        "can you check if flour mixing succeeded",
        "tell me if flour mixing failed",
        "flour mixing: green or red?",
        "is flour mixing done???",
        "läuft flour mixing noch",
        "ist flour mixing durch",
        "status von flour mixing bitte",
        "wie lange hat flour mixing gedauert",
    ),
    Intent.WHY: (
        "Why did FlourMixing fail?",
        "y did flour mixing die",
        "flour mixing failed, why",
        "flour mixing is broken, what happened",
        "what went wrong with flour mixing",
        "root cause for flour mixing please",
        "flourmixing failed again",
        "any idea why flour mixing crashed",
        "where did flour mixing break",
        "in which step did flour mixing fail",
        "what is behind the flour mixing failure?",
        "exact error message of flour mixing",
        "what does flour mixing say",
        "warum ist flour mixing fehlgeschlagen",
        "was ist mit flour mixing schief gelaufen",
        "fehlermeldung von flour mixing",
    ),
    Intent.DETAILS: (
        "activity breakdown of FlourMixing",
        "break down flour mixing",
        "show me the steps of flour mixing",
        "details of flour mixing",
        "did flour mixing load any data?",
        "how many rows did flour mixing copy",
        "all the failed copies in flour mixing, every one",
        "zeig mir die schritte von flour mixing",
    ),
    Intent.TREND: (
        "trend for flour mixing last 7 days",
        "is flour mixing getting slower",
        "failure rate this week",
        "flakiest pipelines of the last 2 days",
        "how often does flour mixing fail",
        "how long does flour mixing usually take",
        "p95 of flour mixing over the last 30 days",
        "which pipelines fail the most",
        "slowest pipelines",
        "how has flour mixing been doing since monday",
        "wie oft ist flour mixing diese woche fehlgeschlagen",
    ),
    Intent.COMPARE: (
        "compare flour mixing with yesterday",
        "what is different from the last good run of flour mixing",
        "compare the last two runs of flour mixing",
        "vergleiche flour mixing mit gestern",
        "flour mixing works in trial, whats different",
    ),
    Intent.HISTORY: (
        "has flour mixing failed like this before",
        "same error again on flour mixing?",
        "is that a new error on flour mixing",
        "has the error of flour mixing occurred before",
        "hat flour mixing diesen fehler schon mal gehabt",
    ),
    Intent.STEPS: (
        "next steps for flour mixing",
        "flour mixing failed, what should i do now",
        "how do i fix flour mixing",
        "what are the recommended next steps?",
        "tell me more about that error",
    ),
    Intent.FAILURES: (
        "which pipelines failed last night",
        "what broke overnight",
        "any errors today?",
        "show errors from last night",
        "how many runs failed since midnight",
        "list everything that broke between 1am and 3am",
        "failed runs of flour mixing since yesterday",
        "how many times did flour mixing fail this week",
        "welche pipelines sind heute nacht fehlgeschlagen",
        "gab es seit gestern fehler?",
    ),
    Intent.RUNNING: (
        "what is running",
        "is anything running?",
        "anything stuck?",
        "what's in the queue",
        "show me all running pipelines",
        "anything running in trial?",
        "was läuft gerade",
    ),
    Intent.RUNS: (
        "show runs of flour mixing since yesterday",
        "last 5 runs of flour mixing",
    ),
    Intent.SUCCEEDED: (
        "which pipelines succeeded yesterday",
        "show me the successful runs since midnight",
    ),
    Intent.OVERVIEW: (
        "status",
        "is everything green",
        "how did the night go",
        "what's the overall status?",
        "any problems?",
        "are all critical pipelines ok",
        "alles grün heute nacht?",
    ),
    Intent.LIST: ("list all pipelines", "which pipelines are there"),
    Intent.HELP: ("help", "what can you do?", "how do i use you", "was kannst du"),
    Intent.USAGE: ("how many tokens have we used today", "what did you cost us this month"),
    Intent.RESET: ("clear that, start over", "forget everything", "reset", "von vorne bitte"),
    Intent.SUBSCRIBE: (
        "ping me when flour mixing finishes",
        "tell this channel about everything that fails",
        "post failures of flour mixing here",
        "let me know when flour mixing is done",
        "send me a message when flour mixing breaks",
        "sag mir bescheid wenn flour mixing fertig ist",
    ),
    Intent.UNSUBSCRIBE: (
        "stop dm'ing me about flour mixing",
        "unsubscribe",
        "no more alerts for flour mixing please",
    ),
    Intent.SUBSCRIPTIONS: ("what am i subscribed to", "list my subscriptions"),
    Intent.BIND: (
        "this room is for adf-mill-live",
        "bind this channel to trial",
        "make adf-mill-trial the default here",
    ),
}


@pytest.mark.parametrize(
    ("intent", "text"), [(intent, text) for intent, texts in SAID.items() for text in texts]
)
def test_what_is_asked_is_understood_and_sure(intent: Intent, text: str) -> None:
    meant = understand(text)
    assert (meant.intent, meant.sure) == (intent, True)


@pytest.mark.parametrize(
    "text",
    [
        "rerun flour mixing",
        "re-run flourmixing please",
        "kill it",
        "can you restart flour mixing",
        "so, flour mixing killen bitte",
        "get flour mixing going",
        "hmm run flour mixing again",
        "wirf flour mixing nochmal an",
        "its hung, cancel flour mixing",
        "run flour mixing now",
        "lass flour mixing nochmal laufen",
    ],
)
def test_an_order_is_understood_as_one_and_never_sure(text: str) -> None:
    meant = understand(text)
    assert (meant.intent, meant.sure) == (Intent.ACT, False)


@pytest.mark.parametrize("text", ["did the rerun of flour mixing work?", "was the restart ok?"])
def test_a_question_about_an_act_is_no_order(text: str) -> None:
    assert understand(text).intent is not Intent.ACT


@pytest.mark.parametrize(
    "text",
    [
        "who owns flour mixing",
        "is the self-hosted integration runtime online?",
        "when does flour mixing run next",
        "what's downstream of flour mixing",
        "did anyone deploy?",
        "what triggered flour mixing",
        "how do i rerun a pipeline from a failed activity",
        "should i rerun flour mixing",
        "what time is it",
        "wann soll flour mixing fertig sein",
        "whats the weather",
        "my laptop died",
        "the build is red",
        "thanks!",
        "yes",
        "flour mixing again pls",
        "give flour mixing to petra",
        "wofür ist flour mixing gut",
    ],
)
def test_what_cannot_be_told_yet_is_never_sure(text: str) -> None:
    assert not understand(text).sure


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("status flour mxiing", "FlourMixing"),
        ("why did the oven telemtery fail", "pl-oven-telemetry"),
        ("is the bakery ovrenight done", "PL_Bakery_Overnight"),
        ("status of flour mix", "FlourMixing"),
        ("status of grain intake", "GrainIntake_Hourly"),
        ("grain intake hourly replya ok?", "GrainIntake_Hourly_Replay"),
        ("status of failed_batches_retry", "Failed_Batches_Retry"),
    ],
)
def test_a_name_is_found_though_it_is_not_spelled_out(text: str, name: str) -> None:
    assert understand(text).found.one == name


@pytest.mark.parametrize(
    "text",
    [
        "status of Sensor72Merge",
        "why did FlourMixXYZ fail",
        "why did GrainIntakeABC fail",
        "status of load_flour_mixing",
        "why did the yeast report fail",
        "did the extract thing break",
    ],
)
def test_another_name_than_the_known_ones_is_never_sure(text: str) -> None:
    assert not understand(text).sure


def test_several_names_said_on_purpose_are_all_meant() -> None:
    found = understand("status of FlourMixing and the ovn telemetry").found
    assert (set(found.names), found.each) == ({"FlourMixing", "pl-oven-telemetry"}, True)


@pytest.mark.parametrize(
    "text",
    [
        "not FlourMixing, Delivery_Costs: status",
        "FlourMixing? no, Delivery_Costs. is it ok?",
        "i don't care about FlourMixing, how is Delivery_Costs doing",
    ],
)
def test_a_name_that_was_ruled_out_is_not_meant(text: str) -> None:
    assert understand(text).found.one == "Delivery_Costs"


def test_a_word_that_two_names_share_stays_open_and_unsure() -> None:
    meant = understand("is delivery ok")
    assert set(meant.found.names) == {"Delivery_Routes_Sync", "Delivery_Costs"}
    assert not meant.sure


def test_slips_in_the_words_of_the_question_are_forgiven() -> None:
    assert understand("wyh did flour mixing fial").intent is Intent.WHY
    assert understand("actvity brekdown of flour mixing").intent is Intent.DETAILS
    assert understand("what is runing").intent is Intent.RUNNING


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("what failed in trial", "adf-mill-trial"),
        ("status of flour mixing in adf-mill-live", "adf-mill-live"),
        ("why did flour mixing fail", None),
    ],
)
def test_a_factory_is_known_by_its_alias_or_what_tells_it_apart(
    text: str, alias: str | None
) -> None:
    assert understand(text).where.alias == alias


def test_stages_are_called_differently_in_every_company() -> None:
    names = ("Stock",)
    where = understand_at(
        "what failed in production", names, NOW, ZoneInfo("UTC"), ("shop-prod", "shop-dev")
    ).where
    assert where.alias == "shop-prod"


def test_a_stage_nobody_reads_here_is_named_and_unsure() -> None:
    meant = understand("what failed in uat")
    assert (meant.where.unknown, meant.sure) == ("uat", False)


def test_the_same_question_of_something_else_is_known_as_such() -> None:
    assert understand("and the oven telemetry?").again
    assert understand("and yesterday?").again
    assert understand("and in trial?").again
    assert not understand("status of the oven telemetry").again


def test_a_question_without_a_name_may_be_about_the_one_talked_of() -> None:
    assert understand("still red?").refers_back
    assert understand("trend?").brief
    assert not understand("which pipelines failed").brief


@pytest.mark.parametrize(
    "text",
    ["is that normal", "which pipelines are there", "compare it", "give me the list of runs"],
)
def test_short_questions_never_end_in_an_error(text: str) -> None:
    assert understand(text).intent in Intent
