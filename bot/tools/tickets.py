"""Proposing a ticket: what it would say is shown, and a person with the right has to press.

There is no tool that opens one: neither a question nor a model can, whatever they say.
"""

from collections.abc import Sequence
from typing import Annotated

from adf.tool import tool
from adf.tools.scope import DEEP_LIMIT
from bot.access.policy import Right
from bot.tools.context import ToolContext
from bot.tools.incidents import IncidentId, readable_factories
from cards.records import Choice, Denied, Picker, Problem, TicketProposal

MOST_OFFERED = 4


@tool(
    progress="Writing what the ticket would say",
    reads=False,
    proposes=True,
    limit=DEEP_LIMIT,
    help="Tickets: “open a ticket for INC-3”, “ticket for <pipeline>”. I show what it would say; "
    "somebody with the right has to press",
)
async def itsm_propose_ticket(
    here: ToolContext,
    incident: IncidentId,
    summary: Annotated[str, "what the person wants it to say beside the facts"] = "",
) -> TicketProposal | Denied | Problem:
    """Draft a ticket in ServiceNow, Jira or Azure DevOps for an incident, for a person to open.

    Use when asked for a ticket.
    """
    tickets = here.state.tickets
    return await tickets.propose(incident, summary, here) if tickets else _not_set(here)


@tool(progress="Looking for the ticket", reads=False)
async def itsm_ticket(
    here: ToolContext,
    incident: Annotated[str | None, "id of an incident, such as INC-3"] = None,
    pipeline: Annotated[str | None, "exact name; the newest ticket about it"] = None,
) -> TicketProposal | Picker | Denied | Problem:
    """Say which ticket an incident or a pipeline has, in which state; or that there is none."""
    tickets = here.state.tickets
    if tickets is None:
        return _not_set(here)
    grant = await here.grant()
    places = readable_factories(grant)
    if not places:
        return await here.refuse(grant, Right.READ)
    found = await tickets.known(incident, pipeline, places)
    return found or await _none(here, places, incident, pipeline)


async def _none(
    here: ToolContext, places: Sequence[str], incident: str | None, pipeline: str | None
) -> Picker:
    """There is none; for an incident that is open, one is a press away."""
    about = incident or pipeline or ""
    entries = [
        one
        for one in await here.state.incidents.entries(places, here.person)
        if incident in {None, one.incident_id} and (not pipeline or pipeline in one.pipelines)
    ]
    offered = [
        Choice(
            title=f"Open one for {one.incident_id}", question=f"open a ticket for {one.incident_id}"
        )
        for one in entries[:MOST_OFFERED]
    ]
    no_incident = "" if entries else " and no incident of it is open"
    return Picker(question=f"No: {about} has no ticket{no_incident}.", choices=tuple(offered))


def _not_set(here: ToolContext) -> Problem:
    """That nobody told the bot where tickets are opened, and who can."""
    return Problem(
        area="action",
        asked=here.asked,
        happened="I can't open tickets: no ticket system is set.",
        fix="Set ADFOPS_TICKETS and the settings below it, as .env.example shows.",
        who="the bot admin",
    )
