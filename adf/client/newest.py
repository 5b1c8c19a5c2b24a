"""Rows of several pages in one order, each once: the newest first."""

from collections.abc import Iterable
from datetime import UTC, datetime

from adf.records import PipelineRun, TriggerRun


def newest_first(runs: Iterable[PipelineRun]) -> tuple[PipelineRun, ...]:
    """Each run once, in its newest form: rows can change place between two pages."""
    newest: dict[str, PipelineRun] = {}
    for run in runs:
        known = newest.get(run.run_id)
        if known is None or _updated(run) >= _updated(known):
            newest[run.run_id] = run
    return tuple(sorted(newest.values(), key=_began, reverse=True))


def newest_firings(runs: Iterable[TriggerRun]) -> tuple[TriggerRun, ...]:
    """Each firing once, newest first; those without a time come last."""
    known = {run.run_id: run for run in runs}
    first = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(known.values(), key=lambda run: run.fired_at or first, reverse=True))


def _updated(run: PipelineRun) -> datetime:
    return run.last_updated or datetime.min.replace(tzinfo=UTC)


def _began(run: PipelineRun) -> datetime:
    return run.start or _updated(run)
