"""What the watch over a factory tells: something broke, or something that broke is well again."""

from dataclasses import dataclass

from adf.records.reports import RunReport
from adf.records.runs import PipelineRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A broken pipeline run, told once for each run id and status, with the cause below it.

    `report` is that of the topmost broken run known so far; `runs` are all broken runs it covers,
    children included. `root_run_id` is the topmost run above them, which may still be in progress.
    `signature` names the error without what changes between runs; failures of one `group` have one
    cause (the same error of the same pipeline, or one integration runtime that is offline).
    """

    factory: str
    report: RunReport
    runs: tuple[PipelineRun, ...]
    root_run_id: str
    signature: str
    group: str

    @property
    def run(self) -> PipelineRun:
        """The topmost broken run."""
        return self.report.run


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A pipeline run that ended well; whether anything waited for it, the reader knows."""

    factory: str
    run: PipelineRun


Signal = Failure | Recovery
