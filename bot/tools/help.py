"""What this person may do here, in words they can write back."""

from collections.abc import Iterator

from adf.tool import tool
from bot.access.policy import Grant, Lack, Right
from bot.tools.context import ToolContext
from cards.records import Choice, Denied, Help

_EXAMPLES = (
    Choice(title="What is running", question="what is running"),
    Choice(title="What failed", question="which pipelines failed in the last 48 hours"),
)
_READING = (
    "Status: “status of <pipeline>”, or just a part of its name.",
    "Cause: “why did <pipeline> fail”, down through child pipelines and ForEach items.",
    "Inside one run: “why did run <run id> fail”, “activity breakdown of <pipeline>”.",
    "Over time: “trend of <pipeline> in the last 7 days”, “compare with yesterday's run”,"
    " “has this error occurred before”.",
)
_HEARING = (
    "You may ask whether data is in: “status of <pipeline>”. I say whether it is, since when, and"
    " when it is expected; the details are for readers."
)
_ALONE = "Being told in your own chat: “tell me when <pipeline> fails”, “ping me when it finishes”."
_ROOM = "Telling this room: “tell us when anything fails”, “stop telling us about <pipeline>”."
_BINDING = "What this room is about: “bind this room to <factory>”. Then its members may read it."
_ANEW = "“start over” forgets what the two of us talked about here."


@tool
async def bot_help(here: ToolContext) -> Help | Denied:
    """What can be asked here by this person, with examples that a button asks for you."""
    grant = await here.grant()
    if grant.is_stranger:
        return await here.refuse(grant, Right.HEAR)
    reads = any(grant.may(Right.READ, alias) for alias in grant.aliases)
    return Help(
        bot_name=here.keeping.name,
        examples=_EXAMPLES if reads else (),
        notes=tuple(_notes(here, grant)),
    )


def _notes(here: ToolContext, grant: Grant) -> Iterator[str]:
    if grant.lack:
        yield _missing(here, grant)
        return
    if any(grant.may(Right.READ, alias) for alias in grant.aliases):
        yield from _READING
    else:
        yield _HEARING
    if any(here.reads_alone(alias) for alias in grant.aliases):
        yield _ALONE
    if not here.is_personal and grant.may(Right.SUBSCRIBE, grant.meant):
        yield _ROOM
    if not here.is_personal and any(grant.may(Right.BIND, one) for one in grant.aliases):
        yield _BINDING
    roles = ", ".join(f"{role} of {alias}" for alias, role in grant.roles.items())
    yield f"Here you are {roles}. I change nothing in Data Factory: no rerun, no cancel yet."
    yield _ANEW
    if not here.is_personal:
        yield "In a channel or group chat, mention me in each message."


def _missing(here: ToolContext, grant: Grant) -> str:
    who = " or ".join(here.keeping.people.who_can(Right.BIND))
    if grant.lack is Lack.UNBOUND:
        return (
            "This room is bound to no data factory yet, so I show nothing here. Ask "
            f"{who} to write “bind this room to <factory>”."
        )
    return f"No role in a data factory is given to you yet, so I show you nothing. Ask {who}."
