"""What Data Factory was recorded to answer is decoded whole: no value of a recording is lost.

The recordings are response bodies of azure-powershell's session records (Apache-2.0, the licence is
beside them). A value is kept where the record holds it in some field: a text, a moment, a length.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from adf.client import decode, decode_runtimes, decode_triggers
from adf.client.wire_values import Json, frozen, moment, thawed, us_moment
from adf.records import Factory
from adf.redaction import redact_json

RECORDED = Path(__file__).parents[1] / "data" / "adf_payloads" / "recorded"
PROD = Factory(alias="adf-prod", subscription="sub", resource_group="rg", name="adf-prod")
FROM_POWERSHELL = "Azure/azure-powershell"
Decode = Callable[[Json], object]

# What no question needs, and why.
LEFT_OUT = {
    "id": "the address that it was asked at, or a hash of who started a run",
    "etag": "for writing it back, which the bot never does",
    "groupId": "the same as triggerRunId where nothing was run again",
    "TriggerTime": "triggerRunTimestamp, cut to seconds",
    "type": "the kind of the resource or of a reference: the question was for that kind",
    "OutputBlobName": "what a trigger hands over is read from the raw definition",
}
DECODERS: Mapping[str, Decode] = {
    "run_queued": lambda wire: decode.pipeline_run(PROD, wire),
    "run_canceling": lambda wire: decode.pipeline_run(PROD, wire),
    "run_failed_recovery": lambda wire: decode.pipeline_run(PROD, wire),
    "triggerruns_query": decode_triggers.trigger_run,
    "triggerruns_tumbling": decode_triggers.trigger_run,
    "trigger_stopped": lambda wire: decode_triggers.trigger_definition(PROD, wire),
    "runtimes_list": lambda wire: decode_runtimes.runtime_definition(PROD, wire),
}


def recording(name: str) -> dict[str, Any]:
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def rows_of(name: str) -> Sequence[Json]:
    body = recording(name)["body"]
    return body.get("value", [body])


def leaves(wire: Any, key: str = "") -> Iterator[tuple[str, object]]:  # noqa: ANN401 - JSON
    """Every value in JSON that says something, with the key it stands under."""
    if isinstance(wire, dict):
        for name, inner in cast("Json", wire).items():
            yield from leaves(inner, name)
    elif isinstance(wire, list):
        for inner in cast("list[Any]", wire):
            yield from leaves(inner, key)
    elif wire is not None and wire != "":
        yield key, wire


def held(record: Any) -> Iterator[object]:  # noqa: ANN401 - a record or any value in it
    """Every value that a record holds, at any depth."""
    if is_dataclass(record):
        for field in fields(record):
            yield from held(getattr(record, field.name))
    elif isinstance(record, Mapping):
        for name, inner in cast("Mapping[Any, Any]", record).items():
            yield name
            yield from held(inner)
    elif isinstance(record, tuple | list):
        for inner in cast("Sequence[Any]", record):
            yield from held(inner)
    else:
        yield record


def forms_of(value: object) -> Iterator[object]:
    """The value as a record may hold it."""
    yield value
    if isinstance(value, str):
        yield moment(value) or us_moment(value)
        yield datetime.fromisoformat(value) if value[:4].isdigit() and "T" in value else None
        yield {"Running": "InProgress", "Waiting": "Queued"}.get(value)
    if isinstance(value, int) and not isinstance(value, bool):
        yield timedelta(milliseconds=value)


def lost(wire: Json, record: object) -> list[tuple[str, object]]:
    kept = [one for one in held(record) if one is not None]
    return [
        (key, value)
        for key, value in leaves(wire)
        if not any(form in kept for form in forms_of(value) if form is not None)
    ]


@pytest.mark.parametrize("name", DECODERS)
def test_no_value_of_a_recording_is_lost(name: str) -> None:
    for row in rows_of(name):
        missing = lost(row, DECODERS[name](row))
        assert {key for key, _ in missing} <= set(LEFT_OUT), missing


@pytest.mark.parametrize("name", DECODERS)
def test_a_value_that_were_lost_would_be_seen(name: str) -> None:
    row = rows_of(name)[0]
    for key, value in leaves(row):
        if key in LEFT_OUT or isinstance(value, bool | int):
            continue
        other = json.loads(json.dumps(row).replace(json.dumps(value), '"another value"'))
        assert lost(row, DECODERS[name](other)), key


def test_a_definition_is_kept_as_it_was_published() -> None:
    for name in ("pipeline_two_copies", "trigger_stopped"):
        body = recording(name)["body"]
        assert thawed(frozen(redact_json(body))) == body


def test_what_was_copied_names_its_source_and_its_licence_is_beside_it() -> None:
    copied = [
        json.loads(file.read_text(encoding="utf-8"))
        for file in RECORDED.glob("*.json")
        if FROM_POWERSHELL in file.read_text(encoding="utf-8")
    ]
    assert len(copied) >= len(DECODERS)
    licence = RECORDED / "LICENSE-azure-powershell.txt"
    assert "Apache License" in licence.read_text(encoding="utf-8")
    assert all(licence.name in one["_licence"] for one in copied)
