"""Error texts are known by what they say inside; any text gets an answer without secrets."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from adf.diagnosis import diagnose, meaning_of, offline_runtime
from adf.diagnosis.knowledge import kinds
from adf.diagnosis.lines import answer
from adf.records import ActivityError, ActivityRun, Cause, RunStatus

DATA = Path(__file__).parent.parent / "data"
WRAPPERS = {"2200", "ActionFailed", "BadRequest", "~Cancelled", None}


def read(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


SAMPLES = read("error_samples.jsonl")
RAW = read("raw_errors.jsonl")


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


def test_every_kind_says_what_to_do() -> None:
    for kind in kinds().values():
        assert kind.cause
        assert kind.steps
        assert kind.rerun


def test_lines_come_in_and_lines_go_out() -> None:
    lines = '{"message": "JreNotFound"}\nnot json\n\n[1]\n{"message": null}\n'
    done = subprocess.run(
        [sys.executable, "-m", "adf.diagnosis"],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer.get("code") for answer in answers] == ["JreNotFound", None, None, None]
    assert ["error" in answer for answer in answers] == [False, True, True, False]


@pytest.mark.parametrize("line", [b"\xff\xfe", b"[" * 100_000, b'"words"', b"NaN", b"{"])
def test_a_line_that_cannot_be_read_is_answered_by_an_error(line: bytes) -> None:
    assert list(json.loads(answer(line))) == ["error"]


@pytest.mark.parametrize("value", ['{"a": 1}', "17", "[[1]]", "true", '"\\ud800"'])
def test_a_message_of_any_kind_is_answered(value: str) -> None:
    found = json.loads(answer(f'{{"message": {value}, "outer_code": 2200}}'.encode()))
    assert found["code"] == "2200"


@pytest.mark.parametrize("raw", RAW, ids=lambda one: str(one["code"]))
def test_an_error_in_the_forms_of_the_service_is_recognised(raw: dict[str, str | None]) -> None:
    assert diagnose(raw["message"], raw["outer_code"], raw["failure_type"]).code == raw["code"]


@pytest.mark.parametrize(
    "raw", [one for one in RAW if one["code"] not in WRAPPERS], ids=lambda one: str(one["code"])
)
def test_levels_around_an_error_do_not_hide_it(raw: dict[str, str | None]) -> None:
    if not raw["message"] or raw["code"] is None:
        return
    around = "Operation on target Each failed: Activity failed because an inner activity failed; "
    text = f"{around}Inner activity name: Step, Error: Operation on target Step failed: "
    one, other = (
        diagnose(raw["message"], raw["outer_code"]),
        diagnose(text + raw["message"], raw["outer_code"]),
    )
    assert (other.code, other.root) == (one.code, one.root)
    assert other.signature == one.signature


def test_the_wrapper_of_a_database_error_is_explained_by_what_is_inside() -> None:
    inner = "SqlDateTime overflow. Must be between 1/1/1753 12:00:00 AM and 12/31/9999."
    text = (
        "ErrorCode=SqlOperationFailed,'Type=Microsoft.X,Message=A database operation failed.,"
        f"Source=Y,''Type=System.Data.SqlTypes.SqlTypeException,Message={inner},Source=Z,'"
    )
    found = diagnose(text, "2200", "UserError")
    assert found.code == "SqlOperationFailed"
    assert "1753" in (found.cause or "")
    assert found.exact


def test_the_root_is_what_an_exception_says_and_not_the_list_behind_it() -> None:
    text = (
        "'Type=System.Data.SqlClient.SqlException,Message=Invalid object name 'stg.x'.,Source=.Net "
        "SqlClient Data Provider,SqlErrorNumber=208,Errors=[{Class=16,Message=Invalid,},],'"
    )
    assert diagnose(text).root == "Invalid object name 'stg.x'."


OFFLINE = "The Self-hosted Integration Runtime is offline, last connect time is '05/02/2026'."


def test_the_offline_runtime_is_named_by_the_text_or_else_by_the_activity_run() -> None:
    row = ActivityRun(
        activity_run_id="a",
        run_id="r",
        pipeline="p",
        name="Copy",
        kind="Copy",
        status=RunStatus.FAILED,
        runtime="shir-9",
    )
    silent = Cause(path=(), failed=(row,), error=ActivityError(code="2200", message=OFFLINE))
    named = OFFLINE.replace("Runtime is", "Runtime 'shir-1' is")
    said = replace(silent, error=ActivityError(code="", message=named))
    other = replace(silent, error=ActivityError(code="", message="no disk"))
    found = [offline_runtime(one) for one in (silent, said, other, None)]
    assert found == ["shir-9", "shir-1", None, None]


def test_nothing_is_made_of_no_cause_and_of_an_unknown_error() -> None:
    unknown = Cause(path=(), failed=(), error=ActivityError(code="", message="no disk"))
    assert (meaning_of(None), meaning_of(unknown)) == (None, None)


def test_a_long_text_is_known_by_its_beginning_and_told_by_its_end() -> None:
    text = f"ErrorCode=JniException,'Type=A,Message={'x' * 50_000},''Type=B,Message=no memory,'"
    found = diagnose(text)
    assert (found.code, found.root) == ("JniException", "no memory")
