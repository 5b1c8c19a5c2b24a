"""An incident written up: the facts of its life, put together for people who were not there."""

from adf.tool import tool
from adf.tools.scope import DEEP_LIMIT
from bot.access.policy import Right
from bot.tools.context import ToolContext
from bot.tools.incident_text import unknown_incident
from bot.tools.incidents import IncidentId, readable_factories
from cards.records import Denied, IncidentReport, IncidentState, IncidentWriteUp, Problem


# It changes nothing, but shows the words of an error: no model is offered it.
@tool(
    progress="Writing it up",
    reads=False,
    limit=DEEP_LIMIT,
    help="An incident written up: “write up INC-3”",
)
async def ops_write_up(
    here: ToolContext, incident: IncidentId
) -> IncidentWriteUp | Denied | Problem:
    """Write an incident up: what happened, whom it affected, what was done, how it ended."""
    grant = await here.grant()
    if not readable_factories(grant):
        return await here.refuse(grant, Right.READ)
    found = await here.state.incidents.report(incident, here.zone)
    if found is None or not grant.may(Right.READ, found.factory):
        return unknown_incident(here.asked, incident, ())
    return _written(here, found)


def _written(here: ToolContext, found: IncidentReport) -> IncidentWriteUp:
    is_over = found.state is IncidentState.RESOLVED
    earlier = f"{found.history}. Last: {found.earlier}" if found.earlier else found.history
    run = f"run {found.resolved_by_run[:8]}" if found.resolved_by_run else ""
    return IncidentWriteUp(
        incident_id=found.incident_id,
        title=found.title,
        factory=found.factory,
        pipelines=found.pipelines,
        cause=found.cause,
        state=found.state,
        since=found.since,
        as_of=here.now,
        count=found.count,
        ended=found.changed_at if is_over else None,
        ended_by=(run or found.changed_by) if is_over else "",
        acknowledged_by=found.acknowledged_by,
        owner=found.owner,
        ticket=f"{found.ticket.number} in {found.ticket.system}" if found.ticket else "",
        affected=found.waiting,
        earlier=earlier,
        next_step=found.next_step,
        times=found.times,
        timeline=found.timeline,
        open_points=tuple(_open_points(found, is_over=is_over)),
    )


def _open_points(found: IncidentReport, *, is_over: bool) -> list[str]:
    """What a write-up should have and nobody recorded."""
    points = (
        (not found.acknowledged_by, "Nobody acknowledged it."),
        (not found.owner, "No owner is declared for it."),
        (is_over and not found.resolved_by_run, "No run that succeeded is recorded as its end."),
        (not found.next_step, "No next step is known for this error."),
    )
    return [words for is_so, words in points if is_so]
