"""Questions about runs that take several calls: the run report and the cause under its children."""

from adf.runs.report import report_run, report_run_of_id

__all__ = ["report_run", "report_run_of_id"]
