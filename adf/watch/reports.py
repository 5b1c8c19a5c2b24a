"""The report that goes with each failure: a few at a time, and not for every one of a storm."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from adf.client import AdfClient
from adf.diagnosis import meaning_of, read_cause_ahead
from adf.errors import AdfError
from adf.records import BROKEN, Failure, PipelineRun, RunReport
from adf.runs import report_run
from adf.runs.causes import find_cause
from adf.watch.correlation import CoveredRuns
from adf.watch.fingerprint import Fingerprints

MOST_REPORTS = 20
AT_ONCE = 3
STORM = "too many runs broke at once to look inside this one"


async def failures_of(
    client: AdfClient, groups: Sequence[CoveredRuns], now: datetime, names: Fingerprints
) -> tuple[Failure, ...]:
    """A failure for each group, in their order.

    In a storm, critical pipelines and the first failure of each pipeline have their reports read.
    """
    gate = asyncio.Semaphore(AT_ONCE)
    chosen = {one.head.run_id for one in _most_telling(client, groups)[:MOST_REPORTS]}

    async def failure(group: CoveredRuns) -> Failure:
        async with gate:
            # Others have their turn between two failures of a storm.
            await asyncio.sleep(0)
            if group.head.run_id not in chosen:
                report = _bare(client, group.head, now, STORM)
            else:
                report = await _read(client, group.head, now)
            await read_cause_ahead(report.cause)
            return _failure(group, report, names)

    return tuple(await asyncio.gather(*map(failure, groups)))


def _most_telling(client: AdfClient, groups: Iterable[CoveredRuns]) -> list[CoveredRuns]:
    newest = sorted(groups, key=lambda one: str(one.head.end), reverse=True)
    times: Counter[str] = Counter()
    ranked: list[tuple[bool, int, CoveredRuns]] = []
    for one in newest:
        ordinary = not client.factory.notes_for(one.head.pipeline).critical
        ranked.append((ordinary, times[one.head.pipeline], one))
        times[one.head.pipeline] += 1
    return [one for *_, one in sorted(ranked, key=lambda rank: rank[:2])]


async def _read(client: AdfClient, run: PipelineRun, now: datetime) -> RunReport:
    try:
        return await report_run(client, run, now)
    except AdfError as error:
        return _bare(client, run, now, f"could not read what happened inside ({error.said})")


def _bare(client: AdfClient, run: PipelineRun, now: datetime, gap: str) -> RunReport:
    """What the run alone tells of itself."""
    return RunReport(
        run=run,
        as_of=now,
        cause=find_cause(run, (), {}, None),
        gaps=(gap,),
        notes=client.factory.notes_for(run.pipeline),
    )


def _failure(group: CoveredRuns, report: RunReport, names: Fingerprints) -> Failure:
    known = {run.run_id: run for run in (*_broken_in(report.children), *group.runs)}
    runs = (report.run, *(run for key, run in known.items() if key != report.run.run_id))
    name = names.of(report, runs)
    return Failure(
        factory=report.run.factory,
        report=replace(report, meaning=meaning_of(report.cause)),
        runs=runs,
        root_run_id=group.root_run_id,
        signature=name.signature,
        group=name.group,
        alike=name.alike,
    )


def _broken_in(children: Iterable[RunReport]) -> Iterator[PipelineRun]:
    for child in children:
        if child.run.status in BROKEN:
            yield child.run
            yield from _broken_in(child.children)
