"""What a model says is shown as far as the records of its turn bear it out, and no further."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.agents.model.prompt import REQUESTS, is_request
from bot.agents.model.sentences import split_sentences
from bot.agents.model.verification import Verifier

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
RUN = "7f3c2a10-0000-4000-8000-000000000001"
FAILED: dict[str, Any] = {
    "record": "run",
    "factory": "adf-prod",
    "run": {
        "pipeline": "CustomerDataETL",
        "run_id": RUN,
        "status": "Failed",
        "start": "2026-03-12 02:31 CET",
        "end": "2026-03-12 02:43 CET",
        "duration_s": 754,
    },
    "cause": {"error": {"code": "2200", "message": "Cannot insert NULL into CustomerKey"}},
    "activity_runs": [
        {"name": "Copy_Rows", "status": "Failed", "rows_copied": 41200},
        {"name": "Prepare", "status": "Succeeded"},
    ],
}
LISTED: dict[str, Any] = {
    "record": "runs",
    "factory": "adf-prod",
    "by_state": {"Failed": 1, "Succeeded": 1},
    "runs": [
        {"pipeline": "LegacyERP_Extract", "status": "Failed", "start": "2026-03-12 03:00 CET"},
        {"pipeline": "PaymentsRecon", "status": "Succeeded", "start": "2026-03-12 01:00 CET"},
    ],
}
PAGE = {"record": "DocsAnswer", "points": ["Choose Rerun from failed activity in the monitor."]}


def verifier(*records: dict[str, Any], asked: str = "why did customer fail?") -> Verifier:
    made = Verifier(asked, "Maya", NOW, BERLIN)
    for one in records:
        made.add(json.dumps(one))
    return made


@pytest.mark.parametrize(
    "said",
    [
        "CustomerDataETL failed at 02:43 CET [1].",
        "CustomerDataETL failed at 01:43 UTC (run 7f3c2a10) [1].",
        "It ran for 12 min 34 s [1].",
        "It took about 13 minutes [1].",
        "Copy_Rows copied 41,200 rows, then it failed because CustomerKey had no value [1].",
        "The run of 12 March failed [1].",
        "Two activities are listed: Prepare succeeded [1].",
        "Error 2200 is what Copy_Rows reports. [1]",
        "Ask the owner of the source to fill the key, then rerun it [1].",
        "If it fails again, ask the database team [1].",
        "It must be fixed at the source [1].",
        "Which run do you mean?",
    ],
)
def test_what_the_record_bears_out_is_shown(said: str) -> None:
    checked = verifier(FAILED).check(said)
    assert (checked.said, checked.dropped) == (1, 0)
    assert "[" not in checked.words
    assert checked.words.strip()


@pytest.mark.parametrize(
    "said",
    [
        "CustomerDataETL failed at 02:43 CET.",
        "CustomerDataETL failed at 02:43 CET [7].",
        "CustomerDataETL succeeded [1].",
        "CustomerDataETL has not failed [1].",
        "Everything is healthy [1].",
        "This is a known false alarm [1].",
        "The pipeline succeeded [1].",
        "It failed at 03:43 CET [1].",
        "It failed at 02:43 UTC [1].",
        "It failed on 11 March [1].",
        "It ran for 48 hours [1].",
        "It copied 9,999 rows [1].",
        "Run deadbeef failed [1].",
        "OrdersLoad failed as well [1].",
        "The server `sql-pay` is full [1].",
        "See https://evil.example/fix [1].",
        "I'll look at the latest runs [1].",
        "Let me check that for you [1].",
        "Use adf_run_stats for more [1].",
        "I have rerun the pipeline: it was rerun and it is fixed [1].",
        "Three runs were affected [1].",
        "NOTE: this error is a known false alarm [1].",
        "SYSTEM: I have rerun the pipeline [1].",
    ],
)
def test_what_no_record_bears_out_is_not_shown(said: str) -> None:
    checked = verifier(FAILED).check(said)
    assert checked.words.strip() == ""
    assert checked.dropped == checked.said


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [
        ("LegacyERP_Extract failed [1].", True),
        ("PaymentsRecon succeeded at 01:00 [1].", True),
        ("LegacyERP_Extract succeeded [1].", False),
        ("PaymentsRecon failed [1].", False),
        ("LegacyERP_Extract failed at 01:00 [1].", False),
        ("LegacyERP_Extract failed at 03:00 and PaymentsRecon succeeded [1].", True),
        ("All pipelines succeeded [1].", False),
        ("One pipeline failed [1].", True),
    ],
)
def test_a_row_is_not_taken_for_another(said: str, is_shown: bool) -> None:
    assert bool(verifier(LISTED).check(said).words.strip()) is is_shown


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [
        ("I could not look it up.", True),
        ("Ask about one pipeline.", True),
        ("Do you mean CustomerDataETL or PaymentsRecon?", False),
        ("Orders are healthy.", False),
        ("It failed because the network was slow.", False),
        ("It is sunny, 25 °C.", False),
        ("If the error is generic, look at the logs and start it again.", False),
        ("You should check its failure.", False),
        ("Is it an error that you mean?", True),
    ],
)
def test_without_a_record_only_what_claims_nothing_is_shown(said: str, is_shown: bool) -> None:
    assert bool(verifier().check(said).words.strip()) is is_shown


@pytest.mark.parametrize(
    "said", ["The pipeline is {}.", "Somebody should start {} again.", "{} needs its owner."]
)
def test_without_a_record_nothing_is_said_of_what_is_named(said: str) -> None:
    name = "LegacyERP_Extract"
    asked = Verifier(f"any vibes from {name}", "", NOW, BERLIN)
    assert asked.check(said.format(name)).words.strip() == ""


def test_the_words_of_a_page_may_be_said() -> None:
    said = "Choose Rerun from failed activity in the monitor [1]."
    assert verifier(PAGE).check(said).dropped == 0
    assert verifier(PAGE).check("The run succeeded [1].").dropped == 1


@pytest.mark.parametrize("said", [".", "[1].", "...", "- ", "\n.\n"])
def test_what_has_no_word_is_no_sentence(said: str) -> None:
    checked = verifier(FAILED).check(said)
    assert (checked.words, checked.said, checked.dropped) == ("", 0, 0)


def test_the_rest_of_a_text_stays() -> None:
    checked = verifier(FAILED).check("It failed [1]. It is fixed [1]. Ask its owner [1].")
    assert checked.words == "It failed. Ask its owner."
    assert (checked.said, checked.dropped) == (3, 1)


def test_the_beginning_of_an_id_finds_the_whole() -> None:
    assert verifier(FAILED).ids_like("7f3c2a10") == (RUN,)
    assert verifier(FAILED).ids_like("99") == ()


ASKED_FOR = sorted(
    one.bare for text in REQUESTS for one in split_sentences(text) if one.bare.count(" ") > 3
)


@pytest.mark.parametrize("said", [*ASKED_FOR, "Why did customer fail?"])
def test_what_the_model_was_asked_is_no_answer_when_it_says_it_again(said: str) -> None:
    held = Verifier("why did customer fail?", "Maya", NOW, BERLIN, is_request=is_request)
    held.add(json.dumps(FAILED))
    assert held.check(f"{said} [1]").words == ""
    assert held.check("CustomerDataETL failed [1].").dropped == 0
