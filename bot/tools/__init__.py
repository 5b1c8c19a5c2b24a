"""What the bot itself can be asked."""

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
