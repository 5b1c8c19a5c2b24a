"""Whether a problem is ours or Azure's: what Azure reports, and what broke alike elsewhere."""

import asyncio
from datetime import timedelta
from typing import Annotated

from adf.client import AdfClient
from adf.client.operations import LIST_AVAILABILITY, LIST_SERVICE_EVENTS, ArmOperation
from adf.client.wire_values import Json
from adf.errors import AdfError
from adf.history.azure_health import availability_of, service_events, shared_errors
from adf.records import BROKEN, AzureHealth, PipelineRun, TimeRange
from adf.tool import tool
from adf.tools.scope import Adf

LOOK_BACK = timedelta(hours=6)


@tool(
    progress="Asking Azure how it is",
    reads=True,
    help="Azure: “is it us or Azure”",
)
async def adf_health(
    adf: Adf,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> AzureHealth:
    """Outages: what Resource Health and Service Health report, and errors many pipelines share.

    Use when asked if Azure itself has a problem.
    """
    client = await adf.factories.client(factory)
    now = adf.clock()
    lately = TimeRange(start=now - LOOK_BACK, end=now)
    aliases = adf.factories.aliases
    (statuses, events), runs = await asyncio.gather(
        asyncio.gather(
            _reported(client, LIST_AVAILABILITY), _reported(client, LIST_SERVICE_EVENTS)
        ),
        asyncio.gather(*(_broken(adf, alias, lately) for alias in aliases)),
    )
    errors = [one for one in (statuses, events, *runs) if isinstance(one, AdfError)]
    if len(errors) == len(runs) + 2:
        raise errors[-1]
    found = [run for one in runs if not isinstance(one, AdfError) for run in one]
    state, since, summary = availability_of(() if isinstance(statuses, AdfError) else statuses)
    return AzureHealth(
        factory=client.factory.alias,
        as_of=now,
        time_range=lately,
        looked_at=tuple(
            alias for alias, one in zip(aliases, runs, strict=True) if not isinstance(one, AdfError)
        ),
        state=state,
        since=since,
        summary=summary,
        events=service_events(() if isinstance(events, AdfError) else events, now),
        shared=shared_errors(found),
        broken=tuple(dict.fromkeys(run.pipeline for run in found)),
        is_read=not isinstance(statuses, AdfError) and not isinstance(events, AdfError),
        gaps=tuple(f"could not {one.asked} ({one.said})" for one in errors),
    )


async def _reported(client: AdfClient, operation: ArmOperation) -> tuple[Json, ...] | AdfError:
    """The rows of what Azure reports, or why they could not be read."""
    try:
        return await client.read_list(operation)
    except AdfError as error:
        return error


async def _broken(adf: Adf, alias: str, lately: TimeRange) -> tuple[PipelineRun, ...] | AdfError:
    try:
        client = await adf.factories.client(alias)
        return await client.list_runs(lately, statuses=sorted(BROKEN))
    except AdfError as error:
        return error
