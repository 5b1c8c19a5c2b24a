"""What the bot itself can be asked."""

from bot.tools.binding import ops_bind
from bot.tools.helping import bot_help
from bot.tools.here import Here, Keeping
from bot.tools.own import bot_reset, bot_usage
from bot.tools.telling import ops_list_subscriptions, ops_subscribe, ops_unsubscribe

HERE_TOOLS = (
    bot_help,
    bot_reset,
    bot_usage,
    ops_bind,
    ops_list_subscriptions,
    ops_subscribe,
    ops_unsubscribe,
)

__all__ = ["HERE_TOOLS", "Here", "Keeping"]
