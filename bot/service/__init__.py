"""The bot put together: its parts, and the web application that opens and closes them."""

from bot.service.setup import DocsSetup, ModelSetup, Setup
from bot.service.web import make_bot

__all__ = ["DocsSetup", "ModelSetup", "Setup", "make_bot"]
