"""When triggers start by their definitions, and what that says beside the runs there were."""

from adf.schedule.recurrence import starts
from adf.schedule.status import Firings, trigger_status
from adf.schedule.upcoming import last_start_of, next_due, next_start_of, next_starts
from adf.schedule.windows import WindowHistory
from adf.schedule.wording import schedule_text

__all__ = [
    "Firings",
    "WindowHistory",
    "last_start_of",
    "next_due",
    "next_start_of",
    "next_starts",
    "schedule_text",
    "starts",
    "trigger_status",
]
