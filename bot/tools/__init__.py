"""What the bot itself can be asked."""

from bot.tools.help import BotFacts, bot_help

BOT_TOOLS = (bot_help,)

__all__ = ["BOT_TOOLS", "BotFacts"]
