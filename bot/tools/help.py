"""What this person may do here, in words they can write back."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from adf.tool import Tool, tool
from adf.tools import ADF_TOOLS
from bot.access.policy import Grant, Lack, Right
from bot.tools.acts import adf_propose_action
from bot.tools.boards import ops_board
from bot.tools.context import ToolContext
from bot.tools.digests import ops_digest
from bot.tools.handover import ops_handover
from bot.tools.incidents import ops_ack, ops_assign, ops_list_incidents, ops_resolve
from bot.tools.introduction import TITLES, Topic, about_asker, about_data
from bot.tools.mutes import ops_mute
from bot.tools.rooms import ops_bind
from bot.tools.subscriptions import ops_subscribe, ops_unsubscribe
from bot.tools.tickets import itsm_propose_ticket
from bot.tools.usage import bot_reset
from bot.tools.write_ups import ops_write_up
from cards.records import Choice, Denied, Help

MOST_NAMED = 4
_EXAMPLES = (
    Choice(title="How are things", question="how does everything stand"),
    Choice(title="What failed", question="which pipelines failed in the last 48 hours"),
    Choice(title="What is running", question="what is running"),
    Choice(title="What is open", question="what is open"),
)
_INTRO = "Ask me about your pipelines in your own words, or press one of these."
_SIMULATED = (
    "This factory is simulated: its pipelines and runs are made up. To use your own, ask “how do I"
    " connect my own factory”."
)
_HEARING = (
    "Ask whether data has arrived: “status of <pipeline>”. I say whether it has, since when, and"
    " when to expect it. Details are for readers."
)


@tool(progress="Looking up what can be asked", reads=True)
async def bot_help(
    here: ToolContext,
    about: Annotated[
        Topic, "me: who asks and what they may do; data: is it real"
    ] = Topic.EVERYTHING,
) -> Help | Denied:
    """What can be asked here by this person, with examples that a button asks for you.

    Use for greetings and what you are.
    """
    grant = await here.grant()
    if grant.is_stranger:
        return await here.refuse(grant, Right.HEAR)
    reads = any(grant.may(Right.READ, alias) for alias in grant.aliases)
    notes = {Topic.ME: about_asker, Topic.DATA: about_data}.get(about, _notes)
    return Help(
        bot_name=here.state.name,
        title=TITLES.get(about, "What can be asked here"),
        examples=_EXAMPLES if reads else (),
        intro=tuple(_intro(here)) if reads and about is Topic.EVERYTHING else (),
        notes=tuple(notes(here, grant)),
    )


def help_lines(tools: Iterable[Tool]) -> tuple[str, ...]:
    """What the tools say of themselves, examples under the same heading on one line."""
    examples: dict[str, list[str]] = {}
    for line in (line for one in tools for line in one.help.splitlines()):
        heading, colon, example = line.partition(": ")
        examples.setdefault(heading + colon, []).append(example)
    return tuple(f"{heading}{', '.join(listed)}." for heading, listed in examples.items())


def _intro(here: ToolContext) -> Iterator[str]:
    """A line to begin with; where nothing is real, that is said first of all."""
    if here.state.is_simulated:
        yield _SIMULATED
    yield _INTRO


def _notes(here: ToolContext, grant: Grant) -> Iterator[str]:
    if grant.lack:
        yield _missing(here, grant)
        return
    if any(grant.may(Right.READ, alias) for alias in grant.aliases):
        yield from help_lines((*ADF_TOOLS, ops_list_incidents, ops_handover, ops_write_up))
    else:
        yield _HEARING
    yield from _operating(here, grant, has_tickets=here.state.tickets is not None)
    own_chat, room = help_lines((ops_subscribe, ops_unsubscribe))
    if any(grant.reads_alone(alias) for alias in grant.aliases):
        yield own_chat
    if not here.is_personal and grant.may(Right.SUBSCRIBE, grant.meant):
        yield room
        yield from help_lines((ops_digest, ops_board))
    if not here.is_personal and any(grant.may(Right.BIND, one) for one in grant.aliases):
        yield from help_lines((ops_bind,))
    roles = ", ".join(f"{role} of {alias}" for alias, role in grant.roles.items())
    yield f"Your role here: {roles}. I never change anything in Data Factory without an approval."
    yield from help_lines((bot_reset,))
    if not here.is_personal:
        yield "In a channel or group chat, mention me in each message."


def _operating(here: ToolContext, grant: Grant, *, has_tickets: bool) -> Iterator[str]:
    """What operators of the factory that is meant may do there."""
    if grant.may(Right.ACKNOWLEDGE, grant.meant):
        yield from help_lines((ops_ack, ops_assign, ops_resolve, ops_mute))
        yield from help_lines((itsm_propose_ticket,)) if has_tickets else ()
    if grant.may(Right.ACT, grant.meant):
        yield from help_lines((adf_propose_action,))
    elif grant.meant and grant.may(Right.READ, grant.meant):
        yield f"To rerun, cancel or switch a trigger: ask {_able(here, grant.meant)}."


def _able(here: ToolContext, alias: str) -> str:
    """Who may have something done, by name as long as they are few."""
    able = here.state.people.who_can(Right.ACT, alias)
    few = len(able) <= MOST_NAMED
    return " or ".join(able) if able and few else f"an operator of {alias}"


def _missing(here: ToolContext, grant: Grant) -> str:
    who = " or ".join(here.state.people.who_can(Right.BIND))
    if grant.lack is Lack.UNBOUND:
        return (
            "This channel isn't linked to a data factory yet, so I can't show anything here. Ask "
            f"{who} to write “link this channel to <factory>”."
        )
    return (
        f"You don't have a role in any data factory yet, so I can't show you anything. Ask {who}."
    )
