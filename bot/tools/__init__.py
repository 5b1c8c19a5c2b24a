"""The tools about the bot itself; a module in this folder is found by itself."""

from adf.tool import declared_tools
from bot.tools.context import BotState, ToolContext

HERE_TOOLS = declared_tools(__name__, __path__)

__all__ = ["HERE_TOOLS", "BotState", "ToolContext"]
