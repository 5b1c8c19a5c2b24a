"""A help tool that needs no store, for tests of agents: what it says is not what they are about."""

from dataclasses import dataclass

from adf.tool import tool
from cards.records import Choice, Help


@dataclass(frozen=True, slots=True, kw_only=True)
class BotFacts:
    """What the bot says about itself: its name, the factories it may read, an example pipeline."""

    name: str
    factories: tuple[str, ...]


@tool(progress="Working", reads=True)
async def bot_help(bot: BotFacts) -> Help:
    """What can be asked, with examples that a button asks for you."""
    return Help(
        bot_name=bot.name,
        examples=(
            Choice(title="What is running", question="what is running"),
            Choice(title="What failed", question="which pipelines failed in the last 48 hours"),
        ),
        notes=(
            "Status: “status of <pipeline>”, or just a part of its name.",
            "Cause: “why did <pipeline> fail”, down through child pipelines and ForEach items.",
            "Inside one run: “why did run <run id> fail”, “activity breakdown of <pipeline>”.",
            "Over time: “trend of <pipeline> in the last 7 days”, “compare with yesterday's run”,"
            " “has this error occurred before”.",
            f"I read {', '.join(bot.factories)} and change nothing: no rerun, no cancel yet.",
            "In a channel or group chat, mention me in each message.",
        ),
    )


BOT_TOOLS = (bot_help,)
