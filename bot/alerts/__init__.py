"""Tells rooms of what broke without being asked, and keeps what was told up to date."""

from bot.alerts.explanations import IncidentWords
from bot.alerts.incident_message import IncidentCards
from bot.alerts.monitor import Desk, Listeners, Lookout, Watch
from bot.alerts.run_ended_message import Ends
from bot.alerts.run_reports import Reports
from bot.alerts.service import Announcer

__all__ = [
    "Announcer",
    "Desk",
    "Ends",
    "IncidentCards",
    "IncidentWords",
    "Listeners",
    "Lookout",
    "Reports",
    "Watch",
]
