"""The simulator writes runs as Data Factory was recorded to write them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adf.simulator.arm.serializers import activity_run_body, pipeline_run_body
from adf.simulator.dates import wire_time
from adf.simulator.runs import CANCELLED, RuntimeUsed, SimulatedActivityRun, SimulatedRun

QUEUED_AT = datetime(2026, 5, 6, 9, 0, 0, 250000, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUN = SimulatedRun(
    run_id="r",
    pipeline="P",
    status="Failed",
    queued_at=QUEUED_AT,
    group_id="r",
    start=QUEUED_AT + 90 * MINUTE,
    end=QUEUED_AT + 108 * MINUTE,
    message="broken",
)


def seen(minutes: float, run: SimulatedRun = RUN) -> dict[str, Any]:
    """The body of the run so many minutes after it was queued."""
    found = run.seen_at(QUEUED_AT + minutes * MINUTE)
    assert found is not None
    return pipeline_run_body("/parent", found)


@pytest.mark.parametrize("minutes", [0, 89, 91, 108])
def test_the_start_is_when_it_was_queued_and_stays(minutes: int) -> None:
    assert seen(minutes)["runStart"] == "2026-05-06T09:00:00.25Z"


def test_a_duration_counts_from_the_queue() -> None:
    assert seen(108)["durationInMs"] == 108 * 60_000
    assert seen(91)["durationInMs"] is None


def test_a_queued_run_has_no_message_at_all() -> None:
    assert [seen(minutes)["message"] for minutes in (0, 91, 108)] == [None, "", "broken"]


def test_a_run_is_canceling_before_it_is_cancelled() -> None:
    run = SimulatedRun(
        run_id="r",
        pipeline="P",
        status=CANCELLED,
        queued_at=QUEUED_AT,
        group_id="r",
        start=QUEUED_AT,
        end=QUEUED_AT + MINUTE,
    )
    states = [seen(minutes, run) for minutes in (0.5, 0.9, 1)]
    assert [one["status"] for one in states] == ["InProgress", "Canceling", "Cancelled"]
    assert (states[1]["runEnd"], states[1]["durationInMs"]) == (None, None)


@pytest.mark.parametrize(
    ("microsecond", "text"),
    [(456449, ".456449Z"), (983370, ".98337Z"), (0, "Z"), (500000, ".5Z")],
)
def test_dates_drop_the_zeros_at_their_end(microsecond: int, text: str) -> None:
    when = datetime(2020, 3, 18, 20, 47, 27, microsecond, tzinfo=UTC)
    assert wire_time(when) == f"2020-03-18T20:47:27{text}"


def test_a_runtime_is_listed_in_lower_case_and_detailed_as_written() -> None:
    def named(name: str) -> tuple[Any, Any]:
        row = SimulatedActivityRun(
            activity_run_id="a",
            run_id="r",
            pipeline="P",
            name="Copy",
            kind="Copy",
            status="Succeeded",
            since=QUEUED_AT,
            runtime=RuntimeUsed(name=name),
        )
        written = activity_run_body("/parent", row)
        (detail,) = written["executionDetails"]["integrationRuntime"]
        return written["integrationRuntimeNames"], detail["name"]

    assert named("SHIR-Prod-01") == (["shir-prod-01"], "SHIR-Prod-01")
    resolved = named("AutoResolveIntegrationRuntime")
    assert resolved == (["defaultintegrationruntime"], "DefaultIntegrationRuntime")
