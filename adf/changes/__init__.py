"""What was changed in a factory: its activity log, and how that fits the runs that broke."""

from adf.changes.activity_log import LogEvent, read_log
from adf.changes.acts import changes_of
from adf.changes.relations import Relations, related, relations_of, split_changes
from adf.changes.stops import with_stops
from adf.changes.turning import turned_red

__all__ = [
    "LogEvent",
    "Relations",
    "changes_of",
    "read_log",
    "related",
    "relations_of",
    "split_changes",
    "turned_red",
    "with_stops",
]
