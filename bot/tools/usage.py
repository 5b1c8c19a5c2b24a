"""The bot about itself: a talk begun anew, and what it was used for."""

from adf.tool import tool
from bot.access.policy import Right
from bot.tools.context import ToolContext
from cards.records import Denied, Notice, Usage

DAYS = 7
FORGOTTEN = (
    "Cleared: I forgot what the two of us talked about here. Start afresh; what others talk about "
    "with me, and what you are told of, stays."
)


@tool(
    progress="Starting over",
    reads=False,
    help="“start over” forgets what the two of us talked about here",
)
async def bot_reset(here: ToolContext) -> Notice:
    """Forget what was talked about with the asker in this thread."""
    await here.keeping.memories.forget(here.address.conversation, here.person.person_id)
    return Notice(said=FORGOTTEN)


@tool(progress="Adding up the usage", reads=True)
async def bot_usage(here: ToolContext) -> Usage | Denied:
    """Tell what was used: tokens, time and cost of a language model, and answers by day."""
    grant = await here.grant()
    if grant.lack:
        return await here.refuse(grant, Right.READ)
    keeping = here.keeping
    days = await keeping.answered.of_days(DAYS)
    spent = await keeping.spending.of_days(DAYS)
    talked = await keeping.spending.of_conversation(here.address.conversation)
    price = keeping.spending.price
    return Usage(
        tokens=spent[-1].tokens,
        cap=keeping.spending.ceiling,
        answers=days[-1][1],
        days=tuple((f"{one.date:%a}", one.tokens) for one in spent) if keeping.model else (),
        model=keeping.model or "No language model is configured: rules answer",
        cost=price.of(spent[-1]) if price else "",
        costs=tuple((f"{one.date:%a}", price.of(one)) for one in spent) if price else (),
        answered=tuple((f"{date:%a}", count) for date, count in days),
        today=spent[-1],
        here=talked,
        here_cost=price.of(talked) if price else "",
    )
