"""The bot put together: its parts, and the web application that opens and closes them."""

from bot.service.exporting import CannotExport, Collector, telemetry_to
from bot.service.setup import DocsSetup, ModelSetup, Setup
from bot.service.web import make_bot, settle

__all__ = [
    "CannotExport",
    "Collector",
    "DocsSetup",
    "ModelSetup",
    "Setup",
    "make_bot",
    "settle",
    "telemetry_to",
]
