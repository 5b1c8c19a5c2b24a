"""The bot put together: its parts, and the web application that opens and closes them."""

from bot.hosting.application import make_bot, settle
from bot.hosting.exporters import CannotExport, Collector, telemetry_to
from bot.hosting.model import place_of
from bot.hosting.setup import ModelSetup, Setup

__all__ = [
    "CannotExport",
    "Collector",
    "ModelSetup",
    "Setup",
    "make_bot",
    "place_of",
    "settle",
    "telemetry_to",
]
