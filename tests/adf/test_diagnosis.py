"""Error texts are known by what they say inside; any text gets an answer without secrets."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adf.diagnosis import diagnose
from adf.diagnosis.catalogue import catalogue

SAMPLES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "error_samples.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: str(one["expected_code"]))
def test_a_recorded_error_is_recognised(sample: dict[str, str]) -> None:
    found = diagnose(sample["message"], sample["outer_code"], sample["failure_type"])
    assert (found.code, found.category) == (sample["expected_code"], sample["expected_category"])


def test_the_innermost_message_is_the_root_and_the_side_is_named() -> None:
    text = (
        "Operation on target Outer failed: Operation on target Copy failed: Failure happened on "
        "'Sink' side. ErrorCode=SqlOperationFailed,'Type=Microsoft.X,Message=A database operation "
        "failed.,Source=Y,''Type=System.Data.SqlClient.SqlException,Message=Deadlock victim.,"
        "Source=Z,'"
    )
    found = diagnose(text, "2200", "UserError")
    assert (found.side, found.root) == ("sink", "Deadlock victim.")


def test_the_innermost_message_is_explained_rather_than_its_wrapper() -> None:
    text = "ErrorCode=SqlOperationFailed, Message=Cannot insert the value NULL into column 'Key', "
    found = diagnose(f"{text}table 'dw.Dim'; column does not allow nulls.", "2200", "UserError")
    assert found.code == "SqlOperationFailed"
    assert "Key of dw.Dim" in (found.cause or "")
    assert found.exact


def test_a_bare_wrapper_is_not_taken_for_an_explanation() -> None:
    found = diagnose("Operation on target X failed: something odd", "BadRequest", "UserError")
    assert not found.exact


def test_an_unknown_error_says_so() -> None:
    found = diagnose("The moon is in the wrong phase", None, None)
    assert (found.code, found.category, found.next_steps) == (None, None, ())
    assert found.root == "The moon is in the wrong phase"


def test_the_same_error_of_another_run_has_the_same_signature() -> None:
    one = diagnose(
        "Row 17 of run 0f8fad5b-d9cb-469f-a165-70867728950e at 2026-05-02 05:00:01 broke"
    )
    two = diagnose(
        "Row 99 of run aaaaaaaa-d9cb-469f-a165-70867728950e at 2026-06-01 04:00:00 broke"
    )
    other = diagnose("Column 17 of run 0f8fad5b-d9cb-469f-a165-70867728950e broke")
    assert one.signature == two.signature
    assert one.signature != other.signature


def test_every_entry_of_the_catalogue_says_what_to_do() -> None:
    for known in catalogue():
        assert known.cause
        assert known.next_steps
        assert known.rerun


def test_lines_come_in_and_lines_go_out() -> None:
    lines = '{"message": "JreNotFound"}\nnot json\n[1]\n{"message": null}\n'
    done = subprocess.run(
        [sys.executable, "-m", "adf.diagnosis"],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["code"] for answer in answers] == ["JreNotFound", None, None, None]


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=200), st.text(max_size=200), st.sampled_from(["2200", "", None, "BadRequest"])
)
def test_no_message_breaks_it_or_leaks_a_planted_secret(
    before: str, after: str, outer: str | None
) -> None:
    secret = "Zq7-planted"
    text = f"{before} Password={secret}; ErrorCode=SqlOperationFailed,'Type=X,Message={after}"
    assert secret not in str(diagnose(text, outer, "UserError"))
