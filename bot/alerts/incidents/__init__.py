"""The life of a failure: one incident for each cause, from the first broken run to the good one."""

from bot.alerts.incidents.incident import Broken, Deed, Earlier, Ending, Incident
from bot.alerts.incidents.lifecycle import is_helped
from bot.alerts.incidents.repository import partition_of
from bot.alerts.incidents.service import Incidents, Outcome, Verdict
from bot.outbox.entry import Recipe, Stage, mark_of

__all__ = [
    "Broken",
    "Deed",
    "Earlier",
    "Ending",
    "Incident",
    "Incidents",
    "Outcome",
    "Recipe",
    "Stage",
    "Verdict",
    "is_helped",
    "mark_of",
    "partition_of",
]
