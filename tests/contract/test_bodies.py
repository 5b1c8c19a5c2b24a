"""The simulator's bodies have the fields, types and headers of the real service."""

import json
import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.contract.conftest import Served

PAYLOADS = Path(__file__).parents[1] / "data" / "adf_payloads"
BASE = (
    "/subscriptions/s/resourceGroups/rg-data-prod/providers/Microsoft.DataFactory"
    "/factories/adf-prod"
)
VERSION = {"api-version": "2018-06-01"}
BEARER = {"Authorization": "Bearer any"}
RANGE = {"lastUpdatedAfter": "2026-03-01T00:00:00Z", "lastUpdatedBefore": "2026-03-12T02:40:00Z"}
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z")
SALESFORCE = "44444444-0000-4000-8000-000000000001"
PIPELINE_RUN = (
    "id runId debugRunId runGroupId pipelineName parameters invokedBy runStart runEnd durationInMs"
    " status message lastUpdated annotations runDimension isLatest"
)
ACTIVITY_RUN = (
    "activityRunId activityName activityType status activityRunStart activityRunEnd durationInMs"
    " retryAttempt iterationHash input output error userProperties linkedServiceName pipelineName"
    " pipelineRunId recoveryStatus integrationRuntimeNames executionDetails id"
)


@pytest.fixture
async def session(served: Served) -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(served.url, headers=BEARER) as it:
        yield it


async def post(session: aiohttp.ClientSession, path: str, body: Any = RANGE) -> Any:  # noqa: ANN401
    async with session.post(f"{BASE}{path}", params=VERSION, json=body) as answer:
        assert answer.status == 200
        return await answer.json()


def recorded(name: str) -> list[dict[str, Any]]:
    return json.loads((PAYLOADS / name).read_text(encoding="utf-8"))["value"]


async def test_pipeline_runs_have_every_field_of_the_real_ones(
    session: aiohttp.ClientSession,
) -> None:
    rows = (await post(session, "/queryPipelineRuns"))["value"]
    wanted = set(PIPELINE_RUN.split())
    assert {key for row in recorded("spec_pipeline_runs.json") for key in row} <= wanted
    for row in rows:
        assert set(row) == wanted
        assert {"id", "name", "invokedByType"} <= set(row["invokedBy"])
        assert all(isinstance(value, str) for value in row["parameters"].values())
        assert all(DATE.fullmatch(row[key]) for key in ("runStart", "runEnd") if row[key])
        assert DATE.fullmatch(row["lastUpdated"])
        assert (row["runEnd"] is None) == (row["durationInMs"] is None)


async def test_values_have_the_types_of_the_recorded_ones(session: aiohttp.ClientSession) -> None:
    runs = (await post(session, "/queryPipelineRuns"))["value"]
    steps = (await post(session, f"/pipelineruns/{SALESFORCE}/queryActivityruns"))["value"]
    for rows, name in [(runs, "spec_pipeline_runs.json"), (steps, "spec_activity_runs.json")]:
        for known in recorded(name):
            for key, value in known.items():
                assert any(type(row[key]) is type(value) for row in rows), key


async def test_activity_runs_have_every_field_of_the_real_ones(
    session: aiohttp.ClientSession,
) -> None:
    rows = (await post(session, f"/pipelineruns/{SALESFORCE}/queryActivityruns"))["value"]
    wanted = set(ACTIVITY_RUN.split())
    assert {key for row in recorded("spec_activity_runs.json") for key in row} <= wanted
    assert all(set(row) == wanted for row in rows)
    loop, *inner = rows
    assert (loop["iterationHash"], loop["userProperties"]) == ("", {})
    assert loop["integrationRuntimeNames"] is None
    for row in inner:
        assert row["iterationHash"]
        assert row["userProperties"]["item"] in row["input"]["source"]["sqlReaderQuery"]
        assert set(row["error"]) == {"errorCode", "message", "failureType", "target", "details"}
        assert row["error"]["target"] == row["activityName"]
        assert row["executionDetails"]["integrationRuntime"][0]["name"]


async def test_a_copy_returns_what_a_real_one_does(session: aiohttp.ClientSession) -> None:
    path = "/pipelineruns/11111111-0000-4000-8000-000000000002/queryActivityruns"
    copy = (await post(session, path))["value"][1]
    real = next(row for row in recorded("spec_activity_runs.json") if row["activityType"] == "Copy")
    only_of_files_and_2018 = {"filesRead", "filesWritten", "usedCloudDataMovementUnits"}
    assert set(real["output"]) - only_of_files_and_2018 <= set(copy["output"])
    assert copy["output"]["copyDuration"] == copy["durationInMs"] // 1000
    assert copy["output"]["effectiveIntegrationRuntime"].startswith("AutoResolve")


async def test_answers_carry_the_headers_of_the_service(session: aiohttp.ClientSession) -> None:
    async with session.post(f"{BASE}/queryPipelineRuns", params=VERSION, json=RANGE) as answer:
        reads = answer.headers
    path = f"{BASE}/pipelineruns/{SALESFORCE}/queryActivityruns"
    async with session.post(path, params=VERSION, json=RANGE) as answer:
        also = answer.headers
    assert int(reads["x-ms-ratelimit-remaining-subscription-reads"]) > 1000
    assert int(also["x-ms-ratelimit-remaining-subscription-reads"]) > 1000
    assert reads["x-ms-request-id"] != also["x-ms-request-id"]
    for headers in (reads, also):
        assert headers["x-ms-correlation-request-id"]
        assert headers["x-ms-routing-request-id"]
        assert headers["Content-Type"] == "application/json; charset=utf-8"
        assert headers["Cache-Control"] == "no-cache"
        assert headers["Pragma"] == "no-cache"
        assert headers["Expires"] == "-1"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("method", "path", "version", "status", "code"),
    [
        ("GET", BASE, None, 400, "MissingApiVersionParameter"),
        ("GET", BASE, "2017-09-01-preview", 400, "InvalidApiVersionParameter"),
        ("GET", f"{BASE}/dataflowruns", "2018-06-01", 404, "InvalidResourceType"),
        ("GET", "/", "2018-06-01", 404, "InvalidResourceType"),
        ("POST", f"{BASE}/pipelines/ProcessOrders/validate", "2018-06-01", 404, None),
        ("DELETE", f"{BASE}/pipelines/ProcessOrders", "2018-06-01", 405, "MethodNotAllowed"),
        ("POST", f"{BASE}/queryPipelineRuns", "2018-06-01", 400, "BadRequest"),
        ("GET", f"{BASE}/pipelines?$skiptoken=x", "2018-06-01", 400, "InvalidSkipToken"),
    ],
)
async def test_what_is_refused_has_the_services_error_body(
    session: aiohttp.ClientSession,
    method: str,
    path: str,
    version: str | None,
    status: int,
    code: str | None,
) -> None:
    params = {"api-version": version} if version else {}
    async with session.request(method, path, params=params) as answer:
        body = await answer.json()
        assert answer.status == status
        assert answer.headers["x-ms-request-id"]
    assert set(body["error"]) == {"code", "message", "target", "details"}
    assert body["error"]["message"]
    assert code in (None, body["error"]["code"])


async def test_who_has_no_token_is_told_how_to_get_one(served: Served) -> None:
    async with (
        aiohttp.ClientSession(served.url) as session,
        session.get(BASE, params=VERSION) as answer,
    ):
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
        assert (await answer.json())["error"]["code"] == "AuthenticationFailed"


async def test_a_body_that_is_not_an_object_is_refused(session: aiohttp.ClientSession) -> None:
    for body in (b"{", b"[]", b"7"):
        async with session.post(f"{BASE}/queryPipelineRuns", params=VERSION, data=body) as answer:
            assert answer.status == 400


async def test_answers_are_compressed_for_those_who_take_it(
    session: aiohttp.ClientSession,
) -> None:
    for accepted, sent in (("gzip, deflate", "gzip"), ("identity", None)):
        headers = {"Accept-Encoding": accepted}
        url = f"{BASE}/queryPipelineRuns"
        async with session.post(url, params=VERSION, json=RANGE, headers=headers) as answer:
            assert answer.headers.get("Content-Encoding") == sent
            assert (await answer.json())["value"]
