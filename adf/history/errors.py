"""Whether the same error broke a pipeline before, told by the signature of its message."""

from collections.abc import Sequence
from datetime import UTC, datetime

from adf.diagnosis import diagnose
from adf.records import BROKEN, ErrorHistory, Occurrence, PipelineRun, RunStatus


def error_history(runs: Sequence[PipelineRun], broken: PipelineRun, days: int) -> ErrorHistory:
    """Earlier runs that broke as this one did, by the signature of their messages.

    `runs` are all runs of the pipeline in those days, newest first.
    """
    signature = _signature(broken)
    older = [run for run in runs if _began(run) < _began(broken) and run.status in BROKEN]
    alike = [run for run in older if _signature(run) == signature]
    good = [run for run in reversed(runs) if run.status is RunStatus.SUCCEEDED]
    return ErrorHistory(
        occurrences=tuple(Occurrence(run=run, recovered=_after(good, run)) for run in alike),
        days=days,
    )


def _after(good: Sequence[PipelineRun], broken: PipelineRun) -> PipelineRun | None:
    return next((run for run in good if _began(run) > _began(broken)), None)


def _signature(run: PipelineRun) -> str:
    return diagnose(run.message).signature


def _began(run: PipelineRun) -> datetime:
    return run.start or run.last_updated or datetime.min.replace(tzinfo=UTC)
