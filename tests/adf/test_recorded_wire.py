"""Bodies as Data Factory was recorded to send them, old and new forms, give the right answers."""

import json
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from adf.client import AdfClient, decode
from adf.client.assumptions import ASSUMPTIONS, WireSample
from adf.client.sdk import SdkWire
from adf.client.simulator_transport import LoopbackCredential
from adf.errors import NotFound, Reach, Unavailable
from adf.history import without_wait_of_newest
from adf.history.metrics import seconds_of
from adf.records import PipelineRun, RunStatus
from adf.runs import report_run_of_id
from tests.adf.fake_wire import FakeWire
from tests.adf.test_asked_of import factory

RECORDED = Path(__file__).parents[1] / "data" / "adf_payloads" / "recorded"
NOW = datetime(2020, 3, 18, 21, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def body(name: str) -> dict[str, Any]:
    """The recorded body of that name."""
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))["body"]


def run(name: str, **more: Any) -> PipelineRun:  # noqa: ANN401
    """A recorded run, decoded."""
    return decode.pipeline_run(factory("prod"), {**body(name), **more})


@pytest.mark.parametrize("start", ["2020-03-18T20:51:33.1570164Z", None])
def test_a_queued_run_has_not_lasted_whatever_its_start_says(start: str | None) -> None:
    queued = run("run_queued", runStart=start)
    assert queued.status is RunStatus.QUEUED
    assert queued.message == ""
    assert queued.lasted(NOW) is None
    assert seconds_of(queued, NOW) is None


def test_dates_with_five_six_and_seven_digits_are_read() -> None:
    assert run("run_failed_recovery").end == datetime(2020, 3, 18, 20, 51, 50, 983370, tzinfo=UTC)
    assert run("run_canceling").start == datetime(2020, 3, 18, 20, 47, 27, 456449, tzinfo=UTC)
    assert run("run_queued").start == datetime(2020, 3, 18, 20, 51, 33, 157016, tzinfo=UTC)


def test_a_run_that_is_being_cancelled_goes_on_until_it_is() -> None:
    canceling = run("run_canceling")
    assert canceling.status is RunStatus.CANCELING
    assert canceling.lasted(canceling.start + MINUTE if canceling.start else NOW) == MINUTE


def test_an_integration_runtime_has_the_name_as_it_is_written() -> None:
    assert decode.activity_run(body("activityrun_docs_2021")).runtime == "DefaultIntegrationRuntime"
    plain = {**body("activityrun_docs_2021"), "executionDetails": None}
    assert decode.activity_run(plain).runtime == "defaultintegrationruntime"


def waited(run_id: str, wait: int, work: int, begin: datetime = NOW) -> dict[str, Any]:
    """A run as recorded: its start is when it was queued, its duration counts from there."""
    end = begin + (wait + work) * MINUTE
    return {
        "runId": run_id,
        "pipelineName": "P",
        "status": "Succeeded",
        "runStart": begin.isoformat(),
        "runEnd": end.isoformat(),
        "lastUpdated": end.isoformat(),
        "durationInMs": (wait + work) * 60_000,
    }


def worked(run_id: str, begin: datetime) -> dict[str, Any]:
    """The first activity run of such a run."""
    start = (begin + timedelta(seconds=2)).isoformat()
    return {
        "activityRunId": f"{run_id}-1",
        "pipelineRunId": run_id,
        "pipelineName": "P",
        "activityName": "Copy",
        "activityType": "Copy",
        "status": "Succeeded",
        "activityRunStart": start,
    }


async def test_waiting_and_working_are_told_apart_by_the_activity_runs() -> None:
    wire = FakeWire()
    wire.runs["r"] = waited("r", wait=90, work=18)
    wire.activity_pages["r"] = [[worked("r", NOW + 90 * MINUTE)]]
    report = await report_run_of_id(AdfClient(factory("prod"), wire), "r", NOW + 200 * MINUTE)
    lasted = report.run.lasted(NOW)
    assert lasted is not None
    assert 17 * MINUTE < lasted <= 18 * MINUTE


async def test_a_run_that_only_waited_long_did_not_take_longer_than_usual() -> None:
    wire = FakeWire()
    wire.activity_pages["new"] = [[worked("new", NOW + 90 * MINUTE)]]
    rows = [waited("new", wait=90, work=18)]
    rows += [waited(f"r{n}", 0, 18, NOW - n * 60 * MINUTE) for n in range(1, 9)]
    runs = [decode.pipeline_run(factory("prod"), row) for row in rows]
    client = AdfClient(factory("prod"), wire)
    newest, *others = await without_wait_of_newest(client, runs, None, NOW)
    assert round((seconds_of(newest, NOW) or 0) / 60) == 18
    assert others == runs[1:]
    assert wire.calls["query_activity_runs"] == 1


async def test_the_wait_is_only_asked_for_where_a_run_looks_long() -> None:
    wire = FakeWire()
    rows = [waited(f"r{n}", 0, 18, NOW - n * 60 * MINUTE) for n in range(5)]
    runs = [decode.pipeline_run(factory("prod"), row) for row in rows]
    client = AdfClient(factory("prod"), wire)
    assert await without_wait_of_newest(client, runs, None, NOW) == runs
    assert wire.calls["query_activity_runs"] == 0


async def answered(response: web.Response, seen: list[str]) -> Any:  # noqa: ANN401
    """What the client makes of one raw answer to a question about a run."""

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Accept-Encoding", ""))
        return response

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wire = SdkWire("sub", f"http://127.0.0.1:{runner.addresses[0][1]}", LoopbackCredential())
    try:
        return await AdfClient(factory("prod"), wire).get_run("r")
    finally:
        await wire.close()
        await runner.cleanup()


async def test_a_deflated_answer_is_not_asked_for_and_is_an_error_of_ours() -> None:
    seen: list[str] = []
    packed = web.Response(
        body=zlib.compress(b'{"runId": "r"}'),
        headers={"Content-Encoding": "deflate", "Content-Type": "application/json"},
    )
    with pytest.raises(Unavailable) as caught:
        await answered(packed, seen)
    assert caught.value.reach is Reach.NONSENSE
    assert seen == ["gzip"]


async def test_an_unknown_run_may_be_a_bad_request_and_is_not_found_all_the_same() -> None:
    error = json.loads((RECORDED / "error_cancel_unknown_400.json").read_text(encoding="utf-8"))
    with pytest.raises(NotFound) as caught:
        await answered(web.json_response(error["body"], status=400), [])
    assert caught.value.what == "run"


def test_each_guess_is_one_line_with_a_name_of_its_own() -> None:
    assert len({one.name for one in ASSUMPTIONS}) == len(ASSUMPTIONS)
    assert all(list(one.check(WireSample())) == [] for one in ASSUMPTIONS)


def test_the_recordings_contradict_no_guess() -> None:
    names = ("run_queued", "run_failed_recovery", "run_canceling")
    sample = WireSample(
        runs=[*map(body, names), *body("runs_query_spec")["value"]],
        activity_runs=[body("activityrun_docs_2021"), *body("activityruns_spec")["value"]],
    )
    differing = {one.name: [line for line in one.check(sample) if line] for one in ASSUMPTIONS}
    assert {name: lines for name, lines in differing.items() if lines} == {}


def test_what_differs_is_told_without_what_it_holds() -> None:
    secret = {"status": "Failed", "error": {"message": "", "errorCode": 7, "target": "Secret"}}
    odd = {"status": "Queued", "runStart": None, "pipelineName": "Secret"}
    sample = WireSample(runs=[odd], activity_runs=[secret], unknown_run={"value": ["Secret"]})
    lines = [line for one in ASSUMPTIONS for line in one.check(sample) if line]
    assert lines == [
        "the answer is 200 with a list",
        "runStart is null, not a date",
        "message is an empty text, not text",
    ]
