"""What the past runs tell: trends, comparisons, whether an error is an old one."""

from adf.history.comparison import compare
from adf.history.errors import error_history, look_inside
from adf.history.row_counts import row_stats
from adf.history.trend import TrendQuestion, run_stats
from adf.history.waits import without_wait_of_newest

__all__ = [
    "TrendQuestion",
    "compare",
    "error_history",
    "look_inside",
    "row_stats",
    "run_stats",
    "without_wait_of_newest",
]
