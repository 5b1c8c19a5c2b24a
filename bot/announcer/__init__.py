"""Tells rooms of what broke without being asked, and keeps what was told up to date."""

from bot.announcer.announcer import Announcer
from bot.announcer.ends import Ends
from bot.announcer.incident_cards import IncidentCards
from bot.announcer.lookout import Desk, Listeners, Lookout, Watch
from bot.announcer.reports import Reports
from bot.announcer.words import IncidentWords

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
