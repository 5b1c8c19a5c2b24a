"""Compares what we take for granted of Data Factory's answers with those of a real factory."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.client.assumptions import ASSUMPTIONS, WireAssumption, WireSample
from adf.client.operations import (
    GET_RUN,
    GET_RUNTIME_STATUS,
    LIST_RUNTIMES,
    QUERY_ACTIVITY_RUNS,
    QUERY_RUNS,
    QUERY_TRIGGER_RUNS,
    ArmOperation,
)
from adf.client.transport import Json, Wire
from adf.errors import AdfError
from adf.records import Factory
from adf.records.glossary import counted
from bot.doctor.azure import NOBODY
from bot.doctor.context import Connections, DoctorInput
from bot.doctor.findings import Finding, ok, warn

DAYS = 7
# A failed one, one that still runs, one that calls: a handful shows every form there is.
MOST_LOOKED_INTO = 8


async def compare_wire(it: DoctorInput, ways: Connections) -> Sequence[Finding]:
    """One line for each guess and factory: it fits, it differs, or nothing showed it."""
    found = await asyncio.gather(*(_of_factory(one, ways) for one in it.factories))
    return [one for some in found for one in some]


async def _of_factory(factory: Factory, ways: Connections) -> Sequence[Finding]:
    wire = await asyncio.to_thread(ways.open_wire, factory.subscription)
    try:
        sample = await _sample(wire, factory, ways.now())
    except AdfError as error:
        return [warn(f"wire of {factory.alias}", error.said, "run doctor without --wire first")]
    finally:
        await wire.close()
    return [_finding(factory, one, sample) for one in ASSUMPTIONS]


async def _sample(wire: Wire, factory: Factory, now: datetime) -> WireSample:
    """A page of runs, some of their activity runs, and two questions about a run that is none.

    With them a page of trigger runs, and the status of some integration runtimes.
    """
    query = _query(now, "RunStart")
    page = await wire.call(QUERY_RUNS, factory, query)
    runs: list[Json] = list(page.get("value") or ())
    inside = _query(now, "ActivityRunStart")
    pages = await asyncio.gather(
        *(
            wire.call(QUERY_ACTIVITY_RUNS, factory, row.get("runId"), inside)
            for row in _most_telling(runs)
        )
    )
    fired = await wire.call(QUERY_TRIGGER_RUNS, factory, _query(now, "TriggerRunTimestamp"))
    return WireSample(
        runs=runs,
        trigger_runs=list(fired.get("value") or ()),
        runtimes=await _runtimes(wire, factory),
        activity_runs=[row for one in pages for row in one.get("value") or ()],
        has_more=bool(page.get("continuationToken")),
        unknown_run=await _answer(wire, GET_RUN, factory, NOBODY),
        unknown_activity_runs=await _answer(wire, QUERY_ACTIVITY_RUNS, factory, NOBODY, inside),
    )


async def _runtimes(wire: Wire, factory: Factory) -> Sequence[Json]:
    listed = await wire.call(LIST_RUNTIMES, factory, None)
    names = [row.get("name") for row in (listed.get("value") or ())[:MOST_LOOKED_INTO]]
    return await asyncio.gather(*(wire.call(GET_RUNTIME_STATUS, factory, one) for one in names))


def _query(now: datetime, order_by: str) -> Json:
    return {
        "lastUpdatedAfter": (now - timedelta(days=DAYS)).isoformat(),
        "lastUpdatedBefore": (now + timedelta(days=1)).isoformat(),
        "filters": [],
        "orderBy": [{"orderBy": order_by, "order": "DESC"}],
    }


def _most_telling(runs: Sequence[Json]) -> Sequence[Json]:
    """What is open or broke before what ended well."""
    return sorted(runs, key=lambda row: row.get("status") == "Succeeded")[:MOST_LOOKED_INTO]


async def _answer(
    wire: Wire, operation: ArmOperation, factory: Factory, *arguments: object
) -> AdfError | Json:
    try:
        return await wire.call(operation, factory, *arguments)
    except AdfError as error:
        return error


def _finding(factory: Factory, one: WireAssumption, sample: WireSample) -> Finding:
    what = f"wire of {factory.alias}: {one.name}"
    seen = list(one.check(sample))
    differing = list(dict.fromkeys(line for line in seen if line))
    if differing:
        said = f"differs: {'; '.join(differing)} (we take it that it {one.text})"
        return warn(what, said, "report this line: it holds no data of yours")
    often = f"seen {counted(len(seen), 'time')}" if seen else "not seen"
    return ok(what, f"{one.text}: {often}")
