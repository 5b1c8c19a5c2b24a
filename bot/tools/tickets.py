"""Proposing a ticket: what it would say is shown, and a person with the right has to press.

There is no tool that opens one: neither a question nor a model can, whatever they say.
"""

from typing import Annotated

from adf.tool import tool
from adf.tools.scope import DEEP_LIMIT
from bot.tools.context import ToolContext
from bot.tools.incidents import IncidentId
from cards.records import Denied, Problem, TicketProposal


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
    """Draft a ticket in ServiceNow, Jira or Azure DevOps for an incident, for a person to open."""
    tickets = here.state.tickets
    return await tickets.propose(incident, summary, here) if tickets else _not_set(here)


def _not_set(here: ToolContext) -> Problem:
    """That nobody told the bot where tickets are opened, and who can."""
    return Problem(
        area="action",
        asked=here.asked,
        happened="I can't open tickets: no ticket system is set.",
        fix="Set ADFOPS_TICKETS and the settings below it, as .env.example shows.",
        who="the bot admin",
    )
