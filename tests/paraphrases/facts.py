"""What a record claims: about which pipelines of which factory, over which time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from adf.records import (
    ActivityTable,
    Comparison,
    PipelineList,
    PipelineRun,
    RunList,
    RunReport,
    RunStats,
)
from adf.tool import ToolCall
from tests.paraphrases.meaning import Span

ALL = ("all pipelines", "critical pipelines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one record claims; `is_whole`: it speaks of the factory, not of chosen pipelines."""

    what: str
    factory: str
    pipelines: frozenset[str] = frozenset()
    is_whole: bool = False
    range: tuple[datetime, datetime] | None = None
    runs: Sequence[PipelineRun] = ()
    run_id: str = ""

    @property
    def when(self) -> str:
        """The time it speaks of."""
        if self.range:
            return f"{self.range[0]:%a %F %H:%M} .. {self.range[1]:%a %F %H:%M}"
        return " ".join(f"{run.start:%a %F %H:%M}" for run in self.runs)

    def lies_in(self, span: Span) -> bool:
        """Whether its range is this one, or each of its runs lies within."""
        if self.range and span.fits(*self.range):
            return True
        return bool(self.runs) and all(_lies_in(run, span) for run in self.runs)


def facts_of(record: object, calls: Sequence[ToolCall]) -> Facts | None:
    """The claims of a record; None when it tells nothing of Data Factory.

    `calls` tell a list of all that ran from one put together of chosen pipelines.
    """
    match record:
        case RunList():
            return _of_runs(record, calls)
        case RunStats():
            return _of_stats(record)
        case RunReport():
            return _of_run(record.run, type(record).__name__)
        case ActivityTable():
            return _of_run(record.report.run, type(record).__name__)
        case Comparison():
            names = frozenset({record.left.pipeline, record.right.pipeline})
            return Facts(what="Comparison", factory=record.left.factory, pipelines=names)
        case PipelineList():
            return Facts(what="PipelineList", factory=record.factory, is_whole=True)
        case _:
            return None


def _of_runs(record: RunList, calls: Sequence[ToolCall]) -> Facts:
    lists = [one.arguments for one in calls if one.name == "adf_pipeline_runs"]
    chosen = lists and all(one.get("pipeline") or one.get("run_id") for one in lists)
    named = frozenset({record.pipeline} if record.pipeline else ())
    return Facts(
        what=f"RunList {record.pipeline or 'of all'}",
        factory=record.factory,
        pipelines=named or _names(record.runs),
        is_whole=record.pipeline is None and not chosen,
        range=(record.time_range.start, record.time_range.end),
        runs=record.runs,
    )


def _of_stats(record: RunStats) -> Facts:
    whole = record.subject in ALL
    return Facts(
        what=f"RunStats {record.subject}",
        factory=record.factory,
        pipelines=frozenset() if whole else frozenset({record.subject}),
        is_whole=whole,
        range=(record.time_range.start, record.time_range.end),
    )


def _of_run(run: PipelineRun, what: str) -> Facts:
    return Facts(
        what=f"{what} {run.pipeline}",
        factory=run.factory,
        pipelines=frozenset({run.pipeline}),
        runs=(run,),
        run_id=run.run_id,
    )


def _names(runs: Iterable[PipelineRun]) -> frozenset[str]:
    return frozenset(run.pipeline for run in runs)


def _lies_in(run: PipelineRun, span: Span) -> bool:
    moments = [one for one in (run.start, run.end) if one]
    return any(span.holds(one) for one in moments)
