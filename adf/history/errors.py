"""Whether the same error broke a pipeline before, told by the signature of the innermost error."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from adf.client import AdfClient
from adf.diagnosis import is_silent, signature_in
from adf.errors import AdfError
from adf.records import BROKEN, ErrorHistory, Occurrence, PipelineRun, RunReport, RunStatus
from adf.records.glossary import counted
from adf.runs import report_run

MOST_LOOKED_INTO = 8
_AT_ONCE = 3


def error_history(
    runs: Sequence[PipelineRun],
    broken: RunReport,
    days: int,
    inside: Mapping[str, RunReport] | None = None,
) -> ErrorHistory:
    """Earlier runs that broke as this one did, by the signature of their innermost errors.

    `runs` are all runs of the pipeline in those days, newest first; `inside` are the reports, by
    run id, of those whose message does not tell what broke them.
    """
    known = inside or {}
    told = signatures_of(broken.run, broken)
    alike = [
        run for run in _older(runs, broken.run) if told & signatures_of(run, known.get(run.run_id))
    ]
    good = [run for run in reversed(runs) if run.status is RunStatus.SUCCEEDED]
    return ErrorHistory(
        occurrences=tuple(Occurrence(run=run, recovered=_after(good, run)) for run in alike),
        days=days,
    )


async def look_inside(
    client: AdfClient, runs: Sequence[PipelineRun], broken: PipelineRun, now: datetime
) -> tuple[dict[str, RunReport], tuple[str, ...]]:
    """Reports of the earlier runs whose message is silent, newest first, and what was left out.

    A message usually ends with the innermost error, so that few runs or none have to be read.
    """
    silent = [run for run in _older(runs, broken) if is_silent(run.message)]
    gate = asyncio.Semaphore(_AT_ONCE)

    async def read(run: PipelineRun) -> RunReport | None:
        async with gate:
            try:
                return await report_run(client, run, now)
            except AdfError:
                return None

    found = await asyncio.gather(*map(read, silent[:MOST_LOOKED_INTO]))
    reports = {report.run.run_id: report for report in found if report}
    left = len(silent) - len(reports)
    gap = f"what broke in {counted(left, 'earlier run')} was not read"
    return reports, ((gap,) if left else ())


def _older(runs: Sequence[PipelineRun], broken: PipelineRun) -> list[PipelineRun]:
    return [run for run in runs if run.status in BROKEN and _began(run) < _began(broken)]


def signatures_of(run: PipelineRun, report: RunReport | None) -> set[str]:
    """The signatures of the innermost error, as its activity run and as the message have it."""
    cause = report.cause if report else None
    inner = cause.error if cause else None
    found: set[str] = set()
    if inner:
        found.add(signature_in(inner.message, inner.code))
    return found if is_silent(run.message) else found | {signature_in(run.message)}


def _after(good: Sequence[PipelineRun], broken: PipelineRun) -> PipelineRun | None:
    return next((run for run in good if _began(run) > _began(broken)), None)


def _began(run: PipelineRun) -> datetime:
    return run.start or run.last_updated or datetime.min.replace(tzinfo=UTC)
