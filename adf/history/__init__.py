"""What the past runs tell: trends, comparisons, whether an error is an old one."""

from adf.history.comparison import compare
from adf.history.errors import error_history, look_inside
from adf.history.odds import deadline_odds
from adf.history.progress import progress_of, usual_times
from adf.history.queues import QueueEvidence, pipeline_queue
from adf.history.reruns import rerun_odds
from adf.history.row_counts import row_stats
from adf.history.run_checks import RunChecker
from adf.history.trend import TrendQuestion, run_stats
from adf.history.waits import without_wait_of_newest

__all__ = [
    "QueueEvidence",
    "RunChecker",
    "TrendQuestion",
    "compare",
    "deadline_odds",
    "error_history",
    "look_inside",
    "pipeline_queue",
    "progress_of",
    "rerun_odds",
    "row_stats",
    "run_stats",
    "usual_times",
    "without_wait_of_newest",
]
