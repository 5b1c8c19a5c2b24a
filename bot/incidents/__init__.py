"""The life of a failure: one incident for each cause, from the first broken run to the good one."""

from bot.incidents.incident import Broken, Deed, Earlier, Ending, Incident
from bot.incidents.incidents import Incidents, Outcome, Verdict
from bot.incidents.life import is_helped
from bot.incidents.recipes import Recipe, Stage, mark_of
from bot.incidents.shelf import partition_of
from bot.incidents.told import told_incident

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
    "told_incident",
]
