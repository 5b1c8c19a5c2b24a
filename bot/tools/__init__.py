"""The tools about the bot itself: help, usage, rooms, subscriptions.

They are declared like those of `adf.tools` and work on a `context`: who asks, where, and what the
bot keeps. `help` lists what this person can do here; `rooms` binds a room to a factory;
`subscriptions` adds, lists and ends notifications, with their sentences in `subscription_text`;
`usage` counts answers and tokens and starts a conversation over.
"""

from bot.tools.context import BotState, ToolContext
from bot.tools.help import bot_help
from bot.tools.rooms import ops_bind
from bot.tools.subscriptions import ops_list_subscriptions, ops_subscribe, ops_unsubscribe
from bot.tools.usage import bot_reset, bot_usage

HERE_TOOLS = (
    bot_help,
    bot_reset,
    bot_usage,
    ops_bind,
    ops_list_subscriptions,
    ops_subscribe,
    ops_unsubscribe,
)

__all__ = ["HERE_TOOLS", "BotState", "ToolContext"]
