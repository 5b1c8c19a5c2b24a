"""Which broken runs are one failure: a run that broke is covered by the caller it broke.

A caller that broke earlier, and was told, does not cover a run that broke after it had ended: that
one is news. Nor does a caller that broke before the watch began.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from adf.records import BROKEN, PipelineRun
from adf.watch.parents import Family

_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredRuns:
    """The topmost broken run, every broken run it covers (itself first), and the run above all."""

    head: PipelineRun
    runs: tuple[PipelineRun, ...]
    root_run_id: str


def covered(
    broken: Iterable[PipelineRun], family: Family, told: Collection[str], since: datetime
) -> tuple[CoveredRuns, ...]:
    """Broken runs put together under their topmost one; those told before are left out.

    `told` are ids of broken runs told before; untold callers count when they broke after `since`.
    """
    groups: dict[str, list[PipelineRun]] = {}
    for run in broken:
        head, *below = reversed(_line(run, family, told, since))
        group = groups.setdefault(head.run_id, [head])
        group += [one for one in below if one not in group]
    return tuple(
        CoveredRuns(head=group[0], runs=tuple(group), root_run_id=family.root_id(group[0]))
        for group in groups.values()
        if group[0].run_id not in told and not _is_debug(group[0], family)
    )


def _line(
    run: PipelineRun, family: Family, told: Collection[str], since: datetime
) -> list[PipelineRun]:
    """The run and the callers that broke with it, upwards."""
    line = [run]
    for caller in family.above(run):
        is_told = caller.run_id in told
        with_it = _ended(line[-1]) <= _ended(caller) if is_told else _touched(caller) >= since
        if caller.status not in BROKEN or not with_it:
            break
        line.append(caller)
    return line


def _is_debug(run: PipelineRun, family: Family) -> bool:
    return any(one.debug for one in (run, *family.above(run)))


def _ended(run: PipelineRun) -> datetime:
    return run.end or run.last_updated or _LATEST


def _touched(run: PipelineRun) -> datetime:
    return run.last_updated or run.end or _LATEST
