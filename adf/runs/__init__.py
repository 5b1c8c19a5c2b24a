"""Questions about runs that take several calls: the run report and the cause under its children."""

from adf.runs.report import report_run

__all__ = ["report_run"]
