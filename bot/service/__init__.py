"""The bot put together: its parts, and the web application that opens and closes them."""

from bot.service.exporting import CannotExport, Collector, telemetry_to
from bot.service.model import place_of
from bot.service.setup import ModelSetup, Setup
from bot.service.web import make_bot, settle

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
