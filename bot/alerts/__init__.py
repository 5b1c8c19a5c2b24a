"""Tells rooms of what broke without being asked, and keeps what was told up to date."""

from bot.alerts.explanations import IncidentExplanations
from bot.alerts.factory_directory import FactoryDirectory
from bot.alerts.incident_message import IncidentMessages
from bot.alerts.monitor import FactoryMonitor, Listeners, MonitorContext, WatchedFactory
from bot.alerts.run_ended_message import RunEndMessages
from bot.alerts.run_reports import RunReports
from bot.alerts.service import AlertService

__all__ = [
    "AlertService",
    "FactoryDirectory",
    "FactoryMonitor",
    "IncidentExplanations",
    "IncidentMessages",
    "Listeners",
    "MonitorContext",
    "RunEndMessages",
    "RunReports",
    "WatchedFactory",
]
