"""Each record as a model reads it: small, without what is unseen, with times to quote."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adf.errors import AdfError, BadArguments, Forbidden
from adf.records import (
    ActivityError,
    ActivityRun,
    ActivityTable,
    Bucket,
    Cause,
    CauseStep,
    Comparison,
    Difference,
    ErrorHistory,
    InvokedBy,
    ItemCount,
    Meaning,
    Occurrence,
    Pipeline,
    PipelineList,
    PipelineNotes,
    PipelineRun,
    PipelineStats,
    RunCheck,
    RunList,
    RunReport,
    RunStats,
    RunStatus,
    TimeRange,
)
from bot.agents.model.facts import LARGEST, error_as_json, record_as_json
from cards.records import (
    Choice,
    Denied,
    DocsAnswer,
    Help,
    Notice,
    PageSource,
    Picker,
    Problem,
    Usage,
    Used,
)

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
SPAN = TimeRange(start=NOW - timedelta(days=2), end=NOW)
BERLIN = ZoneInfo("Europe/Berlin")
RUN = PipelineRun(
    factory="shop",
    run_id="00000001-0000-4000-8000-000000000000",
    pipeline="Stock",
    status=RunStatus.FAILED,
    start=NOW - timedelta(hours=1),
    end=NOW,
    duration=timedelta(hours=1),
    message="Operation on target Load failed: told-in-full",
    invoked_by=InvokedBy(name="Nightly", kind="ScheduleTrigger"),
    parameters={"window": "told-in-full"},
)
GOOD = replace(RUN, status=RunStatus.SUCCEEDED, message="")
ERROR = ActivityError(
    code="2200", message="told-in-full " * 400, failure_type="UserError", target="Load"
)
LOAD = ActivityRun(
    activity_run_id="a",
    run_id=RUN.run_id,
    pipeline="Stock",
    name="Load",
    kind="Copy",
    status=RunStatus.FAILED,
    duration=timedelta(seconds=90),
    error=ERROR,
    item="shop-7",
    rows_copied=5,
)
OTHER = replace(LOAD, error=replace(ERROR, message="another told-in-full"))
CAUSE = Cause(
    path=(CauseStep(pipeline="Stock", run_id=RUN.run_id, activity="Load", kind="Copy"),),
    failed=(LOAD, OTHER),
    error=ERROR,
    items=ItemCount(total=3, succeeded=1, failed=2, names=("shop-7", "shop-8")),
)
REPORT = RunReport(
    run=RUN,
    as_of=NOW,
    activity_runs=(replace(LOAD, status=RunStatus.SUCCEEDED, error=None), LOAD),
    children=(RunReport(run=GOOD, as_of=NOW),),
    cause=CAUSE,
    gaps=("told-in-full could not be read",),
    notes=PipelineNotes(critical=True, owner="Ann", downstream=("Report",)),
    meaning=Meaning(
        code="2200",
        cause="The sink refused the rows.",
        next_steps=("Look at the sink.",),
        rerun="depends",
        page=None,
        signature="told-in-full",
    ),
    newer=GOOD,
    history=ErrorHistory(occurrences=(Occurrence(run=RUN, recovered=GOOD),), days=45),
)
RUNS = RunList(
    factory="shop",
    runs=(RUN, GOOD),
    time_range=SPAN,
    as_of=NOW,
    pipeline="Stock",
    statuses=(RunStatus.FAILED, RunStatus.SUCCEEDED),
    latest_only=True,
    checks=(RunCheck(pipeline="Stock", run_id=RUN.run_id, rows=7),),
)
PIPELINES = PipelineList(
    factory="shop",
    pipelines=(
        Pipeline(factory="shop", name="Stock", folder="day", notes=PipelineNotes(critical=True)),
    ),
    as_of=NOW,
    match="sto",
)
STATS = RunStats(
    subject="Stock",
    factory="shop",
    time_range=SPAN,
    finding="Twice as slow.",
    buckets=(Bucket(label="-8 h", succeeded=2, failed=1, slow=timedelta(minutes=3)),),
    pipelines=(
        PipelineStats(pipeline="Stock", runs=3, failed=1, last=RunStatus.FAILED, usual=None),
    ),
    before=0.5,
    limits=("45 days",),
)
COMPARED = Comparison(
    left=RUN,
    right=GOOD,
    differences=(
        Difference(what="Result", left="Failed", right="Succeeded", matters=True),
        Difference(what="Parameter window", left="told-in-full", right=""),
    ),
    same=("Factory",),
)
TROUBLE = Problem(
    area="network",
    asked="x",
    happened="told-in-full",
    fix="wait",
    who="nobody",
    last_known="Stock: Failed",
    choices=(Choice(title="t", question="again?"),),
)
TURN = Used(input=4, output=1, turns=1, steps=1, seconds=1.24)
RECORDS: list[object] = [
    RUNS,
    REPORT,
    ActivityTable(report=REPORT, only=(RunStatus.FAILED,)),
    PIPELINES,
    STATS,
    COMPARED,
    TROUBLE,
    Help(bot_name="b", examples=(Choice(title="t", question="q"),), notes=("n",)),
    Usage(tokens=5, cap=None, answers=2),
    Usage(tokens=5, cap=None, answers=2, cost="0.21 EUR", today=TURN, here=TURN),
    Notice(said="done"),
    Denied(asked="x", happened="no", needs="reader", who=("Ann",)),
    Picker(question="which?", choices=(Choice(title="t", question="q"),)),
    DocsAnswer(question="q", finding="f", points=("p",), sources=(PageSource(title="t", url="u"),)),
]


def told(record: object, **more: bool) -> dict[str, Any]:
    """The record, read back."""
    return json.loads(record_as_json(record, BERLIN, **more))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_every_record_says_what_it_is_and_nothing_empty(record: object) -> None:
    read = told(record)
    assert read["record"]
    assert not [value for value in read.values() if value in (None, "", [], {})]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_without_error_text_no_words_of_an_error_are_told(record: object) -> None:
    assert "told-in-full" not in json.dumps(told(record, error_text=False))


def test_a_time_is_told_in_one_form_on_the_clock_of_the_room() -> None:
    assert told(RUNS)["as_of"] == "2026-05-02 08:00 CEST"


def test_runs_are_counted_so_that_the_model_need_not() -> None:
    read = told(RUNS)
    assert (read["count"], read["count_by_status"]) == (2, {"Failed": 1, "Succeeded": 1})
    assert read["runs"][0]["started_by"] == "ScheduleTrigger Nightly"
    assert read["runs"][0]["duration_s"] == 3600
    assert "message" not in read["runs"][1]


def test_a_report_tells_the_cause_its_meaning_and_the_broken_parts_first() -> None:
    read = told(REPORT)
    assert read["cause"]["failure_path"][0]["activity"] == "Load"
    assert read["cause"]["failed_items"] == ["shop-7", "shop-8"]
    assert len(read["cause"]["error"]["message"]) == 1500
    assert read["cause"]["other_errors"][0]["message"] == "another told-in-full"
    assert read["meaning"]["does_a_rerun_help"] == "depends"
    assert [one["status"] for one in read["activity_runs"]] == ["Failed", "Succeeded"]
    assert read["error_history"]["times"] == 1
    assert "signature" not in json.dumps(read)


def test_a_run_without_a_cause_tells_its_message() -> None:
    assert "told-in-full" in told(RunReport(run=RUN, as_of=NOW))["message"]


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    many = replace(RUNS, runs=tuple(replace(RUN, run_id=f"{n:036}") for n in range(500)))
    read = told(many)
    assert read["count"] == 500
    assert read["left_out"] == 500 - len(read["runs"]) > 0
    assert len(record_as_json(many, BERLIN).encode()) <= LARGEST


names = st.text(max_size=200)
long_text = st.text(max_size=4000)


@given(name=names, message=long_text, count=st.integers(1, 60))
def test_no_record_is_larger_than_its_bound_whatever_stands_in_it(
    name: str, message: str, count: int
) -> None:
    error = ActivityError(code=name, message=message * 3, failure_type=name, target=name)
    part = replace(LOAD, name=name, item=name, error=error)
    cause = replace(CAUSE, error=error, failed=(part,) * count, path=CAUSE.path * count)
    report = replace(
        REPORT,
        run=replace(RUN, pipeline=name, message=message, parameters={name: message}),
        activity_runs=(part,) * count,
        children=(replace(REPORT, children=()),) * count,
        cause=cause,
        gaps=(message,) * count,
    )
    listed = replace(RUNS, runs=(replace(RUN, pipeline=name, message=message),) * count)
    for record in (report, listed, ActivityTable(report=report)):
        text = record_as_json(record, BERLIN)
        assert len(text.encode()) <= LARGEST
        assert isinstance(json.loads(text), Mapping)


def test_a_record_that_cannot_be_made_small_enough_says_so() -> None:
    parameters = {f"{n}" + "ü" * 150: "ü" * 160 for n in range(60)}
    huge = RunReport(run=replace(RUN, parameters=parameters), as_of=NOW)
    assert told(huge) == {"record": "RunReport", "too_large": True}


def test_an_error_tells_what_was_asked_what_was_said_and_what_would_be_right() -> None:
    wrong = BadArguments("no\u202e such", asked="choose", choices=["a", "b"])
    assert json.loads(error_as_json(wrong)) == {
        "error": "BadArguments",
        "asked": "choose",
        "said": "no such",
        "choices": ["a", "b"],
    }
    long: AdfError = Forbidden("x" * 9000, asked="read", code="AuthorizationFailed")
    assert len(error_as_json(long)) < 1700
