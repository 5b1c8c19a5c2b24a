"""Records become small JSON that tells what was cut."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson

from adf.records import PipelineNotes, PipelineRun, RunList, RunStatus, TimeRange
from bot.compact import compact, compact_text

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
RUN = PipelineRun(
    factory="prod",
    run_id="0f8fad5b-d9cb-469f-a165-70867728950e",
    pipeline="LoadOrders",
    status=RunStatus.FAILED,
    start=NOW - timedelta(minutes=6),
    end=NOW,
    duration=timedelta(minutes=6),
    message="it broke",
)
RUNS = RunList(
    factory="prod",
    runs=(RUN,),
    time_range=TimeRange(start=NOW - timedelta(hours=48), end=NOW),
    as_of=NOW,
    notes={"LoadOrders": PipelineNotes(critical=True), "Other": PipelineNotes(critical=True)},
)


def test_a_record_is_told_by_its_kind_with_utc_times_seconds_and_nothing_empty() -> None:
    told = compact(RUNS)
    assert told["record"] == "RunList"
    assert told["as_of"] == "2026-03-12T02:40:00Z"
    assert told["runs"][0] == {
        "factory": "prod",
        "run_id": RUN.run_id,
        "pipeline": "LoadOrders",
        "status": "Failed",
        "start": "2026-03-12T02:34:00Z",
        "end": "2026-03-12T02:40:00Z",
        "duration_seconds": 360.0,
        "message": "it broke",
        "is_latest": True,
        "debug": False,
    }


def test_notes_are_told_of_the_pipelines_in_question_only() -> None:
    assert list(compact(RUNS)["notes"]) == ["LoadOrders"]


def test_a_long_list_tells_how_many_it_left_out() -> None:
    told = compact(replace(RUNS, runs=(RUN,) * 30), rows=4)
    assert len(told["runs"]) == 4
    assert told["runs_left_out"] == 26


def test_a_long_text_tells_how_much_is_missing() -> None:
    told = compact(replace(RUN, message="x" * 300), text_size=100)
    assert told["message"] == "x" * 100 + " … (200 more characters)"


def test_the_whole_stays_within_its_size() -> None:
    many = replace(RUNS, runs=(replace(RUN, message="y" * 5_000),) * 2_000)
    text = compact_text(many, most=8_000)
    assert 2_000 < len(text) <= 8_000
    assert orjson.loads(text)["runs_left_out"] > 1_900


def test_what_cannot_be_made_small_says_so() -> None:
    wide = replace(RUN, parameters={f"p{one}": "v" for one in range(5_000)})
    assert orjson.loads(compact_text(wide, most=1_000)) == {
        "record": "PipelineRun",
        "left_out": "too large to tell",
    }


def test_what_is_no_record_has_no_fields() -> None:
    assert compact("words") == {"record": "str"}
