"""Where a pipeline turned from green to red, and what those two runs did otherwise."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from adf.client import AdfClient
from adf.errors import AdfError
from adf.records import ACTIVE, BROKEN, ActivityRun, GreenToRed, PipelineRun, RunStatus, TimeRange

# A week shows the last good run of what runs daily; only what runs seldom is looked for further.
NEAR = timedelta(days=8)
FAR = timedelta(days=45)
_FEW = 3
_MOST_NAMED = 5


async def turned_red(client: AdfClient, pipeline: str, now: datetime) -> GreenToRed | None:
    """The last good run and the first bad one after it; None for a pipeline that is well."""
    runs = await client.list_runs(TimeRange(start=now - NEAR, end=now), pipeline=pipeline)
    if len(runs) < _FEW:
        runs = await client.list_runs(TimeRange(start=now - FAR, end=now), pipeline=pipeline)
    found = turning_of(runs)
    if found is None:
        return None
    good, bad = found
    rows = await asyncio.gather(_rows(client, good, now), _rows(client, bad, now))
    good_at, bad_at = good.start or good.last_updated, bad.end or bad.last_updated
    if good_at is None or bad_at is None:
        return None
    return GreenToRed(
        good_run_id=good.run_id,
        good_at=good_at,
        bad_run_id=bad.run_id,
        bad_at=bad_at,
        differences=(*_parameters(good, bad), *_activities(*rows)),
    )


def turning_of(runs: Sequence[PipelineRun]) -> tuple[PipelineRun, PipelineRun] | None:
    """The last good and the first bad run of a pipeline that is broken; `runs` newest first."""
    bad: PipelineRun | None = None
    for run in runs:
        if run.status in BROKEN:
            bad = run
        elif run.status is RunStatus.SUCCEEDED:
            return (run, bad) if bad else None
        elif run.status not in ACTIVE and bad is None:
            continue
    return None


async def _rows(client: AdfClient, run: PipelineRun, now: datetime) -> Sequence[ActivityRun]:
    try:
        return await client.list_activity_runs(run.run_id, run.start, now)
    except AdfError:
        return ()


def _parameters(good: PipelineRun, bad: PipelineRun) -> Iterator[str]:
    """Parameters that one run has and the other has not: their values differ from day to day."""
    came = sorted(bad.parameters.keys() - good.parameters.keys())
    went = sorted(good.parameters.keys() - bad.parameters.keys())
    if came:
        yield f"the failed run had parameters that the good one didn't: {_named(came)}"
    if went:
        yield f"the good run had parameters that the failed one didn't: {_named(went)}"


def _activities(good: Sequence[ActivityRun], bad: Sequence[ActivityRun]) -> Iterator[str]:
    """Activities that only the red run began, or that are of another type in it.

    What the red run did not reach tells nothing.
    """
    if not good or not bad:
        return
    before = {one.name: one.kind for one in good}
    came = dict.fromkeys(
        one.name for one in bad if one.name not in before and one.status is not RunStatus.SKIPPED
    )
    turned = dict.fromkeys(one.name for one in bad if one.kind != before.get(one.name, one.kind))
    if came:
        yield f"only the failed run reached {_named(list(came))}"
    if turned:
        yield f"of another type in the failed run: {_named(list(turned))}"


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
