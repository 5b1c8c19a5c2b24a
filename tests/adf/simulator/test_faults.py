"""What goes wrong is written down: which requests, how many of them, and what happens instead."""

import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from adf.simulator import Fault, Faults, WrongFaults, load_world, make_simulator, read_faults
from tests.adf.simulator.worlds import WORLD

FACTORY = (
    "/subscriptions/s/resourceGroups/rg-data-prod/providers/Microsoft.DataFactory"
    "/factories/adf-prod"
)
SALESFORCE = "44444444-0000-4000-8000-000000000001"
Json = dict[str, Any]
RANGE: Json = {
    "lastUpdatedAfter": "2026-03-10T00:00:00Z",
    "lastUpdatedBefore": "2026-03-14T00:00:00Z",
}
NEWEST_FIRST: Json = {**RANGE, "orderBy": [{"orderBy": "RunStart", "order": "DESC"}]}


class Arm:
    """A client of a simulator with faults."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self._client = client

    async def ask(
        self,
        path: str,
        body: Json | None = None,
        token: str | None = None,
        patience: float = 5,
        skip: str | None = None,
    ) -> aiohttp.ClientResponse:
        wire = {**body, "continuationToken": token} if body and token else body
        return await self._client.request(
            "POST" if body else "GET",
            f"{FACTORY}{path}",
            params={"api-version": "2018-06-01", **({"$skiptoken": skip} if skip else {})},
            json=wire,
            headers={"Authorization": "Bearer t"},
            timeout=aiohttp.ClientTimeout(total=patience),
        )

    async def runs(self, token: str | None = None) -> aiohttp.ClientResponse:
        return await self.ask("/queryPipelineRuns", NEWEST_FIRST, token)

    async def pages(self, path: str, query: Json) -> list[list[dict[str, Any]]]:
        pages: list[list[dict[str, Any]]] = []
        token = None
        while not pages or token:
            answer = await (await self.ask(path, query, token)).json()
            pages.append(answer["value"])
            token = answer.get("continuationToken")
        return pages


@asynccontextmanager
async def broken(*faults: dict[str, object]) -> AsyncGenerator[Arm]:
    app = make_simulator(load_world(WORLD), before=Faults(map(Fault.model_validate, faults)))
    async with TestClient(TestServer(app)) as client:
        yield Arm(client)


async def test_so_many_requests_are_hit_after_so_many_that_pass() -> None:
    async with broken({"status": 429, "skip": 1, "times": 2}) as arm:
        assert [(await arm.runs()).status for _ in range(5)] == [200, 429, 429, 200, 200]


async def test_only_paths_and_methods_that_fit_are_hit() -> None:
    async with broken(
        {"path": f"{SALESFORCE[:8]}.*/queryactivityruns$", "status": 500},
        {"path": "/pipelines$", "method": "GET", "status": 403},
    ) as arm:
        assert (await arm.runs()).status == 200
        assert (await arm.ask("/pipelines")).status == 403
        assert (await arm.ask(f"/pipelineruns/{SALESFORCE}")).status == 200
        hit = await arm.ask(f"/pipelineruns/{SALESFORCE}/queryActivityruns", RANGE)
        assert (hit.status, (await hit.json())["error"]["code"]) == (500, "InternalServerError")


@pytest.mark.parametrize("wait", [None, 0, 30])
async def test_a_throttled_request_says_how_long_to_wait_or_not(wait: int | None) -> None:
    async with broken({"status": 429, "retry_after": wait}) as arm:
        answer = await arm.runs()
        assert answer.headers.get("Retry-After") == (None if wait is None else str(wait))
        assert (await answer.json())["error"]["code"] == "TooManyRequests"


@pytest.mark.parametrize(
    ("path", "body", "action"),
    [
        ("/queryPipelineRuns", RANGE, "factories/querypipelineruns/action"),
        (
            f"/pipelineruns/{SALESFORCE}/queryActivityruns",
            RANGE,
            "factories/pipelineruns/queryactivityruns/action",
        ),
        (f"/pipelineruns/{SALESFORCE}", None, "factories/pipelineruns/read"),
        ("/pipelines", None, "factories/pipelines/read"),
        ("", None, "factories/read"),
    ],
)
async def test_a_missing_permission_is_named_as_azure_names_it(
    path: str, body: Json | None, action: str
) -> None:
    async with broken({"status": 403}) as arm:
        answer = await (await arm.ask(path, body)).json()
    assert answer["error"]["code"] == "AuthorizationFailed"
    assert f"'Microsoft.DataFactory/{action}' over scope '{FACTORY}'" in answer["error"]["message"]


async def test_a_failure_says_what_it_is_told_to() -> None:
    async with broken(
        {"status": 404, "code": "ResourceGroupNotFound", "message": "no group", "times": 1},
        {"status": 404, "times": 1},
        {"status": 502, "html": True, "times": 1},
        {"html": True, "times": 1},
    ) as arm:
        assert (await (await arm.runs()).json())["error"] == {
            "code": "ResourceGroupNotFound",
            "message": "no group",
            "target": None,
            "details": None,
        }
        assert "adf-prod" in (await (await arm.runs()).json())["error"]["message"]
        for status in (502, 200):
            answer = await arm.runs()
            assert (answer.status, answer.content_type) == (status, "text/html")
        assert (await arm.runs()).status == 200


async def test_a_connection_is_cut_before_a_word_or_in_the_middle() -> None:
    async with broken(
        {"cut": "before_headers", "times": 1}, {"cut": "after_headers", "times": 1}
    ) as arm:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await arm.runs()
        answer = await arm.runs()
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
        assert (await arm.runs()).status == 200


async def test_a_slow_answer_is_right_and_nobody_waits_for_it_once_the_asker_has_gone() -> None:
    async with broken({"delay": 3, "times": 1}, {"delay": 3600, "times": 1}) as arm:
        assert len((await (await arm.runs()).json())["value"]) > 20
        with pytest.raises(TimeoutError):
            await arm.ask("", patience=5)


async def test_only_later_pages_are_hit() -> None:
    async with broken({"pages": 2}, {"later_pages": True, "status": 503, "times": 1}) as arm:
        first = await arm.runs()
        token = (await first.json())["continuationToken"]
        assert (await arm.runs(token)).status == 503
        assert (await arm.runs(token)).status == 200
    async with broken({"later_pages": True, "status": 503}) as arm:
        assert (await arm.ask("/pipelines")).status == 200
        assert (await arm.ask("/pipelines", skip="0")).status == 503


async def test_an_answer_comes_in_so_many_pages_and_in_another_order() -> None:
    async with broken() as arm:
        (rows,) = await arm.pages("/queryPipelineRuns", NEWEST_FIRST)
    async with broken({"pages": 3, "order": "reversed"}) as arm:
        pages = await arm.pages("/queryPipelineRuns", NEWEST_FIRST)
    assert len(pages) == 3
    assert [row for page in pages for row in page] == list(reversed(rows))


async def test_failures_come_last_in_so_many_pages() -> None:
    path = f"/pipelineruns/{SALESFORCE}/queryActivityruns"
    async with broken({"path": "queryActivityruns", "pages": 2, "order": "failures_last"}) as arm:
        first, second = await arm.pages(path, RANGE)
        assert "Failed" not in {row["status"] for row in first}
        assert [row["status"] for row in second].count("Failed") >= 2
        foreign = await arm.ask(path, RANGE, "of-another-query")
        assert foreign.status == 400


@pytest.mark.parametrize(
    "text",
    [
        '{"status": 429, "times": 1}\n\n{"status": 503}\n',
        '[{"status": 429, "times": 1}, {"status": 503}]',
    ],
    ids=["lines", "list"],
)
async def test_faults_are_read_from_lines_or_a_list(text: str, tmp_path: Path) -> None:
    file = tmp_path / "faults.jsonl"
    file.write_text(text, encoding="utf-8")
    async with TestClient(
        TestServer(make_simulator(load_world(WORLD), before=read_faults(file)))
    ) as client:
        arm = Arm(client)
        assert [(await arm.runs()).status for _ in range(3)] == [429, 503, 503]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"status": 429}\nnonsense', "line 2 is not JSON"),
        ('{"status": 42}', "fault 1: status"),
        ('{"status": 429}\n{"moon": "full"}', "fault 2: moon"),
        ('{"path": "["}', "is no pattern"),
        ('["all of it"]', "fault 1: fault"),
    ],
)
def test_a_wrong_file_is_told_by_its_place(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "faults.jsonl"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WrongFaults, match=told):
        read_faults(file)


def test_the_command_refuses_a_wrong_file_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text(json.dumps({"moon": "full"}), encoding="utf-8")
    command = [sys.executable, "-m", "adf.simulator", "--port", "0", "--faults", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 2
    assert "moon" in done.stderr
    assert len(done.stderr.splitlines()) == 1
