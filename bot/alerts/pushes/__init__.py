"""Alerts that others push: Azure Monitor, and pipelines that say themselves how they ended.

`endpoint` takes them over HTTP, from `callers` who proved who they are; `payload` reads which
factory an alert is about. What it says is never believed: it only has that factory polled now.
"""

from bot.alerts.pushes.callers import PushCallers
from bot.alerts.pushes.endpoint import AlertsEndpoint

__all__ = ["AlertsEndpoint", "PushCallers"]
