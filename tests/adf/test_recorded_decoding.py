"""What was recorded is decoded without loss: each value of a body stands in the record."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from adf.client import decode, decode_triggers
from adf.records import RunStatus
from tests.adf.test_asked_of import factory

RECORDED = Path(__file__).parents[1] / "data" / "adf_payloads" / "recorded"
Read = Callable[[Any], Any]


def _moment(text: str) -> datetime:
    """To the microsecond, in which the seventh digit of the wire is left out."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{fraction[:6]:0<6}+00:00")


RUN: Mapping[str, tuple[str, Read]] = {
    "runId": ("run_id", str),
    "pipelineName": ("pipeline", str),
    "status": ("status", RunStatus),
    "runStart": ("start", _moment),
    "runEnd": ("end", _moment),
    "lastUpdated": ("last_updated", _moment),
    "message": ("message", str),
    "runGroupId": ("group_id", str),
    "isLatest": ("is_latest", bool),
    "parameters": ("parameters", dict),
}
ACTIVITY: Mapping[str, tuple[str, Read]] = {
    "activityRunId": ("activity_run_id", str),
    "activityName": ("name", str),
    "activityType": ("kind", str),
    "pipelineName": ("pipeline", str),
    "pipelineRunId": ("run_id", str),
    "status": ("status", RunStatus),
    "activityRunStart": ("start", _moment),
    "activityRunEnd": ("end", _moment),
}
FIRING: Mapping[str, tuple[str, Read]] = {
    "triggerName": ("trigger", str),
    "triggerRunId": ("run_id", str),
    "triggerRunTimestamp": ("fired_at", _moment),
    "triggeredPipelines": ("pipeline_runs", dict),
}


def _bodies() -> list[tuple[str, Mapping[str, Any], object, Mapping[str, tuple[str, Read]]]]:
    """Each recorded run, activity run and firing beside its record."""
    found: list[Any] = []
    for file in sorted(RECORDED.glob("*.json")):
        body = json.loads(file.read_text(encoding="utf-8"))["body"]
        for row in body.get("value") or [body]:
            if "activityRunId" in row:
                found.append((file.stem, row, decode.activity_run(row), ACTIVITY))
            elif "triggerRunId" in row:
                found.append((file.stem, row, decode_triggers.trigger_run(row), FIRING))
            elif "runId" in row:
                found.append((file.stem, row, decode.pipeline_run(factory("prod"), row), RUN))
    return found


BODIES = _bodies()


@pytest.mark.parametrize(
    ("name", "wire", "record", "fields"), BODIES, ids=lambda one: str(one)[:24]
)
def test_every_value_of_a_recorded_body_is_in_its_record(
    name: str, wire: Mapping[str, Any], record: object, fields: Mapping[str, tuple[str, Read]]
) -> None:
    del name
    for key, (attribute, read) in fields.items():
        if wire.get(key) not in (None, "", {}):
            assert getattr(record, attribute) == read(wire[key]), key


def test_each_kind_of_row_was_recorded() -> None:
    assert {id(fields) for *_, fields in BODIES} == {id(RUN), id(ACTIVITY), id(FIRING)}
    assert len(BODIES) >= 8
