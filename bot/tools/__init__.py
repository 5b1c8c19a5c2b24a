"""What the bot itself can be asked."""

from bot.tools.binding import ops_bind
from bot.tools.help import BotFacts
from bot.tools.help import bot_help as plain_help
from bot.tools.helping import bot_help
from bot.tools.here import Here, Keeping
from bot.tools.own import bot_reset, bot_usage
from bot.tools.telling import ops_list_subscriptions, ops_subscribe, ops_unsubscribe

BOT_TOOLS = (plain_help,)
HERE_TOOLS = (
    bot_help,
    bot_reset,
    bot_usage,
    ops_bind,
    ops_list_subscriptions,
    ops_subscribe,
    ops_unsubscribe,
)

__all__ = ["BOT_TOOLS", "HERE_TOOLS", "BotFacts", "Here", "Keeping"]
