"""Incidents by words: which are open, who has one, and taking, giving, closing one.

They change the bot's own incidents and nothing in Data Factory, so they act at once on a person's
own words; a model is offered only what reads.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Annotated, Literal

from adf.tool import tool
from bot.access.policy import Grant, Right, RosterUnreadable
from bot.tools.context import ToolContext
from bot.tools.incident_text import outcome_text, unknown_incident, unknown_person
from cards.records import (
    ActionResult,
    Choice,
    Denied,
    IncidentEntry,
    IncidentList,
    IncidentReport,
    IncidentState,
    Mentioned,
    Picker,
    Problem,
)

IncidentId = Annotated[str, "id of the incident, such as INC-3"]
Note = Annotated[str, "what the person said about it"]
MOST_CHOICES = 6
NOT_MERGED = "I can't merge these: both have to be open and in the same factory."
_SELF = frozenset({"me", "myself", "i"})

Answer = IncidentReport | Denied | Problem


@tool(
    progress="Looking at incidents",
    reads=True,
    help="Incidents: “what is open”, “who is on INC-3”, “which incidents are mine”",
)
async def ops_list_incidents(
    here: ToolContext,
    state: Annotated[
        Literal["open", "acknowledged"] | None, "not acknowledged, or acknowledged"
    ] = None,
    mine: Annotated[bool, "only what the asker has or was given"] = False,
) -> IncidentList | Denied:
    """List the incidents that are not over: who has each and since when.

    Use when asked what is open.
    """
    grant = await here.grant()
    readable = readable_factories(grant)
    if not readable:
        return await here.refuse(grant, Right.READ)
    found = await here.state.incidents.entries(readable, here.person)
    fitting = tuple(
        one
        for one in found
        if (state is None or one.state is IncidentState(state)) and (not mine or one.is_mine)
    )
    return IncidentList(
        places=readable,
        as_of=here.now,
        entries=fitting,
        state=state or "",
        mine=mine,
        thread=await here.state.incidents.in_thread(here.address),
        others=len(found) - len(fitting),
    )


# It changes nothing, but shows the words of an error: no model is offered it.
@tool(progress="Looking at the incident", reads=False)
async def ops_incident(here: ToolContext, incident: IncidentId) -> Answer:
    """Show one incident: its cause, who has it, what happened so far."""
    refused = await _refused(here, incident, Right.READ)
    if refused is not None:
        return refused
    return await _report(here, incident)


@tool(
    progress="Acknowledging",
    reads=False,
    help="Your incidents: “ack INC-3”, “I'm on it”",
)
async def ops_ack(here: ToolContext, incident: IncidentId, note: Note = "") -> Answer:
    """Acknowledge an incident in the asker's name."""
    return await _change(
        here,
        incident,
        lambda: here.state.incidents.acknowledge(incident, here.person, note),
    )


@tool(
    progress="Closing the incident",
    reads=False,
    help="Your incidents: “close INC-3 fixed the key”",
)
async def ops_resolve(here: ToolContext, incident: IncidentId, note: Note = "") -> Answer:
    """Close an incident in the asker's name."""
    return await _change(
        here, incident, lambda: here.state.incidents.resolve(incident, here.person, note)
    )


@tool(progress="Opening the incident again", reads=False)
async def ops_reopen(here: ToolContext, incident: IncidentId) -> Answer:
    """Open an incident again that was taken for over."""
    return await _change(here, incident, lambda: here.state.incidents.reopen(incident, here.person))


@tool(
    progress="Assigning",
    reads=False,
    help="Your incidents: “assign INC-3 to <name>”",
)
async def ops_assign(
    here: ToolContext,
    incident: IncidentId,
    to: Annotated[str, "name of the person, or me"],
) -> Answer | Picker:
    """Give an incident to a person."""
    refused = await _refused(here, incident, Right.ACKNOWLEDGE)
    if refused is not None:
        return refused
    factory = await here.state.incidents.factory_of(incident) or ""
    able = here.state.people.people_with(Right.ACKNOWLEDGE, factory)
    found = _people_called(to, here, able) or _people_called(to, here, await _members(here))
    if len(found) > 1:
        return _which_person(incident, found)
    if not found:
        return unknown_person(here.asked, incident, to, able[:MOST_CHOICES])
    (person,) = found
    verdict = await here.state.incidents.assign(incident, person, here.person)
    call = () if person.person_id == here.person.person_id else (person,)
    # Who has it already is called again: the answer to the first time may have been lost.
    is_theirs = verdict is ActionResult.ALREADY
    return await _report(here, incident, ActionResult.DONE if is_theirs else verdict, call)


@tool(progress="Splitting the incident", reads=False)
async def ops_split(
    here: ToolContext,
    incident: IncidentId,
    pipeline: Annotated[str, "exact name of the one that has another cause"],
) -> Answer:
    """Give one pipeline of an incident an incident of its own; later failures follow that."""
    refused = await _refused(here, incident, Right.ACKNOWLEDGE)
    if refused is not None:
        return refused
    new_id = await here.state.incidents.split(incident, pipeline, here.person)
    report = await _report(here, new_id or incident)
    if not isinstance(report, IncidentReport):
        return report
    done = f"{pipeline} now has its own incident, and so will its next failures."
    return replace(report, said=done if new_id else f"I can't take {pipeline} out of it.")


@tool(progress="Merging the incidents", reads=False)
async def ops_merge(
    here: ToolContext, incident: IncidentId, other: Annotated[str, "id of the other one"]
) -> Answer:
    """Make two incidents of one factory one, because they have the same cause."""
    for one in (incident, other):
        refused = await _refused(here, one, Right.ACKNOWLEDGE)
        if refused is not None:
            return refused
    verdict = await here.state.incidents.merge(incident, other, here.person)
    report = await _report(here, incident)
    if not isinstance(report, IncidentReport):
        return report
    done = f"{other} is now part of it, and so will be its next failures."
    are_one = verdict in {ActionResult.DONE, ActionResult.ALREADY}
    return replace(report, said=done if are_one else NOT_MERGED)


def readable_factories(grant: Grant) -> tuple[str, ...]:
    """The factories whose incidents somebody may see here."""
    return tuple(one for one in grant.aliases if grant.may(Right.READ, one))


async def _change(
    here: ToolContext, incident: str, change: Callable[[], Awaitable[ActionResult]]
) -> Answer:
    """Do it if the asker may; the incident as it is then."""
    refused = await _refused(here, incident, Right.ACKNOWLEDGE)
    return refused or await _report(here, incident, await change())


async def _refused(here: ToolContext, incident: str, right: Right) -> Denied | Problem | None:
    """Unknown where it is none, or of a factory that may not be read; refused without the right."""
    grant = await here.grant()
    readable = readable_factories(grant)
    if not readable:
        return await here.refuse(grant, right)
    factory = await here.state.incidents.factory_of(incident)
    if factory is None or factory not in readable:
        return await _unknown(here, incident, readable)
    return None if grant.may(right, factory) else await here.refuse(grant, right, factory)


async def _unknown(here: ToolContext, incident: str, readable: Sequence[str]) -> Problem:
    known: Sequence[IncidentEntry] = await here.state.incidents.entries(readable, here.person)
    ids = [one.incident_id for one in known][:MOST_CHOICES]
    return unknown_incident(here.asked, incident, ids)


async def _report(
    here: ToolContext,
    incident: str,
    verdict: ActionResult = ActionResult.DONE,
    call: Sequence[Mentioned] = (),
) -> Answer:
    is_called = verdict is ActionResult.DONE
    report = await here.state.incidents.report(incident, here.zone, call if is_called else ())
    if report is None:
        return unknown_incident(here.asked, incident, ())
    said = outcome_text(verdict, report, here.person.name, here.now, here.zone)
    return replace(report, said=said) if said else report


async def _members(here: ToolContext) -> Sequence[Mentioned]:
    """The people of this room; nobody where Teams does not tell them now."""
    if here.is_personal or here.state.members is None:
        return ()
    try:
        return await here.state.members(here.address)
    except RosterUnreadable:
        return ()


def _people_called(
    name: str, here: ToolContext, able: Sequence[Mentioned]
) -> tuple[Mentioned, ...]:
    """The people a name fits: the whole of it first, then its first word, then its beginning."""
    wanted = " ".join(name.lower().split()).lstrip("@")
    by_id = tuple(one for one in able if one.person_id.lower() == wanted)
    if by_id:
        return by_id
    if wanted in _SELF:
        return (Mentioned(name=here.person.name, person_id=here.person.person_id),)
    fits: tuple[Callable[[str], bool], ...] = (
        lambda known: known == wanted,
        lambda known: wanted in known.split(),
        lambda known: known.startswith(wanted),
    )
    for fit in fits:
        found = tuple(one for one in able if fit(one.name.lower()))
        if found:
            return found
    return ()


def _which_person(incident: str, found: Sequence[Mentioned]) -> Picker:
    choices = tuple(
        Choice(title=one.name, question=f"assign {incident} to {one.name}")
        for one in found[:MOST_CHOICES]
    )
    return Picker(question=f"Who should have {incident}?", choices=choices)
