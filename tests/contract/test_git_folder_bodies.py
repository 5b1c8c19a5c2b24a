"""A factory made of a Git folder speaks on the wire as the recorded service does."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from azure.mgmt.datafactory.aio import DataFactoryManagementClient
from azure.mgmt.datafactory.models import RunFilterParameters, RunQueryOrderBy

from adf.simulator import factory_from_folder, frozen_clock
from tests.adf.simulator.git_folders import PROCFWK, SYNAPSE
from tests.contract.conftest import Served, serving
from tests.contract.test_bodies import ACTIVITY_RUN, BEARER, DATE, PIPELINE_RUN, VERSION

NOW = datetime(2026, 5, 6, 12, 0, tzinfo=UTC)
RANGE = {"lastUpdatedAfter": "2026-05-04T00:00:00Z", "lastUpdatedBefore": "2026-05-06T12:00:00Z"}
BASE = "/subscriptions/s/resourceGroups/rg-demo/providers/Microsoft.DataFactory/factories/{}"


@pytest.fixture(params=[SYNAPSE, PROCFWK], ids=["synapse", "procfwk"])
async def folder(request: pytest.FixtureRequest) -> AsyncGenerator[tuple[Served, str]]:
    """A factory of a Git folder, served, and its name."""
    state = factory_from_folder(request.param, frozen_clock(NOW), 1)
    async with serving(state) as it:
        yield it, state.factories[0].name


async def pages(session: aiohttp.ClientSession, path: str) -> list[dict[str, Any]]:
    """Every row of a query, page after page."""
    rows: list[dict[str, Any]] = []
    body: dict[str, Any] = dict(RANGE)
    while True:
        async with session.post(path, params=VERSION, json=body) as answer:
            assert answer.status == 200
            page = await answer.json()
        rows += page["value"]
        if "continuationToken" not in page:
            return rows
        body["continuationToken"] = page["continuationToken"]


async def test_runs_and_their_rows_have_every_field_of_the_real_ones(
    folder: tuple[Served, str],
) -> None:
    served, name = folder
    base = BASE.format(name)
    async with aiohttp.ClientSession(served.url, headers=BEARER) as session:
        runs = await pages(session, f"{base}/queryPipelineRuns")
        broken = [run for run in runs if run["status"] == "Failed"]
        chosen = [*broken[:10], *(run for run in runs if run["runEnd"] is None), *runs[:10]]
        steps = [
            row
            for run in chosen
            for row in await pages(session, f"{base}/pipelineruns/{run['runId']}/queryActivityruns")
        ]
    assert len({run["runId"] for run in runs}) == len(runs) > 100
    for run in runs:
        assert set(run) == set(PIPELINE_RUN.split())
        assert {"id", "name", "invokedByType"} <= set(run["invokedBy"])
        assert all(isinstance(value, str) for value in run["parameters"].values())
        assert all(DATE.fullmatch(run[key]) for key in ("runStart", "runEnd") if run[key])
        assert (run["runEnd"] is None) == (run["durationInMs"] is None)
    for row in steps:
        assert set(row) == set(ACTIVITY_RUN.split())
        assert set(row["error"]) == {"errorCode", "message", "failureType", "target", "details"}
        assert row["retryAttempt"] is None or row["retryAttempt"] > 0
        assert isinstance(row["iterationHash"], str)
    copies = [
        row for row in steps if row["activityType"] == "Copy" and row["status"] == "Succeeded"
    ]
    for copy in copies:
        assert copy["output"]["rowsRead"] >= copy["output"]["rowsCopied"] > 0
        used = copy["output"]["effectiveIntegrationRuntime"]
        assert [used.lower()] == copy["integrationRuntimeNames"]


async def test_the_official_client_pages_through_runs_and_definitions(
    folder: tuple[Served, str],
) -> None:
    served, name = folder
    async with served.client() as client:
        runs = await official_runs(client, name)
        definitions = [one async for one in client.pipelines.list_by_factory("rg-demo", name)]
        triggers = [one async for one in client.triggers.list_by_factory("rg-demo", name)]
        runtimes = [
            one async for one in client.integration_runtimes.list_by_factory("rg-demo", name)
        ]
        datasets = [one async for one in client.datasets.list_by_factory("rg-demo", name)]
        services = [one async for one in client.linked_services.list_by_factory("rg-demo", name)]
        states = [
            await client.integration_runtimes.get_status("rg-demo", name, str(one.name))
            for one in runtimes
        ]
    assert len(set(runs)) == len(runs) > 100
    assert definitions
    assert triggers
    assert all(one.properties is not None for one in (*datasets, *services))
    assert datasets
    assert services
    assert all(one.properties is not None for one in states)


async def official_runs(client: DataFactoryManagementClient, name: str) -> list[str]:
    """The ids of all runs of two days, asked for by the official client."""
    found: list[str] = []
    asked = RunFilterParameters(
        last_updated_after=NOW - timedelta(days=2),
        last_updated_before=NOW,
        order_by=[RunQueryOrderBy(order_by="RunStart", order="DESC")],
    )
    while True:
        page = await client.pipeline_runs.query_by_factory("rg-demo", name, asked)
        found += [str(run.run_id) for run in page.value]
        if not page.continuation_token:
            return found
        asked.continuation_token = page.continuation_token
