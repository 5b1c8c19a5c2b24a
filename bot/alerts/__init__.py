"""What is posted without being asked: failures, recoveries, runs that somebody waits for.

`service` is the loop: it runs one `monitor` for each factory, whose signals (`adf.watch`) become
`incidents` (one for each cause: opened, repeated, acknowledged, resolved). What a message says is
drawn when it is sent: `incident_message` for an incident, `run_ended_message` for the end of a
run, both from `run_reports`, with `explanations` of a language model added later. The messages go
out through `bot.outbox`. `incident_actions` does what the buttons of an incident ask for.
`conditions` are what stands as it should not though no run failed, found by `adf.watch.conditions`.
"""

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
