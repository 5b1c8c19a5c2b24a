"""The bot about itself: a conversation started over, and what the bot was used for."""

from adf.records.glossary import counted
from adf.tool import tool
from bot.access.policy import Right
from bot.tools.context import ToolContext
from cards.records import Denied, Notice, Usage

DAYS = 7
FORGOTTEN = (
    "Cleared this conversation. Alerts are unchanged, and so is what others talk about with me."
)
ERASED = (
    "Erased what I stored about you: {} deleted, {} kept without your name for others. Messages in "
    "Teams stay, and your roles are set by an admin."
)


@tool(
    progress="Starting over",
    reads=False,
    help="“start over” clears our conversation",
)
async def bot_reset(here: ToolContext) -> Notice:
    """Forget what was talked about with the asker in this thread."""
    await here.state.memories.forget(here.address.conversation, here.person.person_id)
    return Notice(said=FORGOTTEN)


@tool(progress="Erasing what is stored about you", reads=False)
async def bot_forget_me(here: ToolContext) -> Notice:
    """Erase what is stored about the asker; incidents stay for others, without their name."""
    done = await here.state.erase(here.person.person_id)
    return Notice(said=ERASED.format(counted(done.deleted, "entry"), done.anonymized))


@tool(progress="Adding up the usage", reads=True)
async def bot_usage(here: ToolContext) -> Usage | Denied:
    """Tell what was used: tokens, time and cost of a language model, and answers by day.

    Use when asked what you cost.
    """
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    state = here.state
    days = await state.answered.of_days(DAYS)
    spent = await state.spending.of_days(DAYS)
    conversation = await state.spending.of_conversation(here.address.conversation)
    price = state.spending.price
    return Usage(
        tokens=spent[-1].tokens,
        cap=state.spending.ceiling,
        answers=days[-1][1],
        days=tuple((f"{one.date:%a}", one.tokens) for one in spent) if state.model else (),
        model=state.model or "No language model is configured: answers come from rules",
        cost=price.of(spent[-1]) if price else "",
        costs=tuple((f"{one.date:%a}", price.of(one)) for one in spent) if price else (),
        answered=tuple((f"{date:%a}", count) for date, count in days),
        today=spent[-1],
        here=conversation,
        here_cost=price.of(conversation) if price else "",
    )
