"""The tools about the bot itself: help, usage, rooms, subscriptions.

They are declared like those of `adf.tools`, a new module is found by itself, and work on a
`context`: who asks, where, and what the bot keeps. `help` lists what this person can do here;
`rooms` binds a room to a factory; `subscriptions` adds, lists and ends notifications, with their
sentences in `subscription_text`; `usage` counts answers and tokens and starts a conversation over.
"""

from adf.tool import declared_tools
from bot.tools.context import BotState, ToolContext

HERE_TOOLS = declared_tools(__name__, __path__)

__all__ = ["HERE_TOOLS", "BotState", "ToolContext"]
