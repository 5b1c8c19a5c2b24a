"""What a sentence states of what tells its kind, and where a sign stands tells what it is worth."""

import json
from pathlib import Path

import pytest

from adf.diagnosis import diagnose
from adf.diagnosis.decide import decide
from adf.diagnosis.knowledge import kinds
from adf.diagnosis.knowledge.kinds import FOLDER
from adf.diagnosis.unwrap import peel
from tests.adf.diagnosis.measure import diagnosed, grade

ERRORS = Path(__file__).parents[2] / "data" / "errors"
STATED = [
    ("The column 'amount' of table 'sales' does not exist", "column_missing"),
    ("No such table: sales", "object_missing"),
    ("Unable to find the file in the folder 'in'", "file_missing"),
    ("The token of the application has lapsed", "token_refused"),
    ("The value of column 'qty' is malformed", "bad_value"),
    ("The broker is shutting down", "unavailable"),
    ("Copy ended: the bucket does not exist", "path_missing"),
    ("The request was not made because the connection was dropped", "connection_lost"),
    ("There is not enough memory for the sort", "memory"),
]


def kind_of(text: str, outer_code: str = "") -> str | None:
    found = decide(peel(text), outer_code, "")
    return found.kind.name if found else None


@pytest.mark.parametrize(("text", "kind"), STATED)
def test_a_fact_said_of_a_thing_is_understood_without_a_phrase_of_its_own(
    text: str, kind: str
) -> None:
    assert (kind_of(text), diagnose(text).confidence) == (kind, "likely")


@pytest.mark.parametrize(
    "text", ["The moon is missing", "A wrong turn", "It was refused", "Too many"]
)
def test_a_fact_without_a_thing_that_is_known_is_no_more_than_a_faint_sign(text: str) -> None:
    assert diagnose(text).category in {None, "config"}
    assert diagnose(text).confidence != "known"


def test_every_fact_leads_to_kinds_and_things_that_exist() -> None:
    facts = json.loads((FOLDER / "facts.json").read_text(encoding="utf-8"))
    for fact in facts["facts"].values():
        assert set(fact["kinds"].values()) <= set(kinds())
        assert set(fact["kinds"]) <= {"", *facts["things"]}


def test_what_follows_because_goes_before_what_it_led_to() -> None:
    assert kind_of("The file could not be found because access to the folder is denied") in {
        "permission",
        "storage_permission",
    }


def test_words_go_before_the_number_of_the_activity_and_the_number_before_a_statement() -> None:
    assert kind_of("Login failed for user 'etl'.", "3203") == "login_refused"
    assert kind_of("The cluster is in terminated state", "3203") == "cluster_start"
    assert kind_of("There are duplicate files in the resource folder.", "2508") == "setting"


def test_a_number_at_the_end_of_a_text_that_was_cut_off_is_not_taken_for_a_whole_one() -> None:
    found = decide(peel("'Type=X,Message=It is odd,Source=Y,SqlErrorNumber=107"), "", "")
    assert found is None or found.confidence == "unknown"


def test_what_an_endpoint_answers_is_its_failure_and_what_keeps_a_call_from_it_is_not() -> None:
    asked = "Call to provided Azure function 'F' failed with status-'BadGateway' and message - '{}'"
    assert diagnose(asked.format("an invalid response was received"), "3608").category == (
        "web_function"
    )
    assert diagnose(asked.format("The connection was refused"), "3608").category == "network"


def test_an_activity_named_for_failing_ends_the_pipeline_by_its_authors_words() -> None:
    found = diagnose("Operation on target Fail_if_late failed: Nothing came by six")
    assert (found.category, found.confidence) == ("orchestration", "likely")
    assert diagnose("Operation on target Copy failed: Nothing came by six").category is None


@pytest.mark.parametrize(
    "file", ["work", "final", "second_work", "second_final", "third_work", "written"]
)
def test_what_was_built_on_stays_understood(file: str) -> None:
    rows = (ERRORS / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    grades = [grade(sample, diagnosed(sample)) for sample in map(json.loads, rows)]
    count = len(grades)
    assert sum(one.category for one in grades) >= 0.9 * count
    assert sum(one.root for one in grades) >= 0.97 * count
    assert sum(one.wrong_but_known for one in grades) <= 0.02 * count
