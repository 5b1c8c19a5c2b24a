"""Proposing an act: what it would do is shown, and a person with the right has to press."""

from typing import Annotated, Any

from adf.errors import BadArguments
from adf.records import ActionKind, ActionTarget, RerunMode
from adf.tool import tool
from adf.tools.runs import checked_run_id
from adf.tools.scope import DEEP_LIMIT
from bot.tools.context import AuditFilter, ToolContext
from cards.records import AuditReport, Denied, Problem, ProposalReport, WhatIf

DAYS = 7


@tool(
    progress="Looking at what that would do",
    reads=False,
    proposes=True,
    limit=DEEP_LIMIT,
    help="To act: “rerun <pipeline>”, “rerun <pipeline> from failure”, “cancel run <run id>”, "
    "“start trigger <trigger>”. I show what it would do; somebody with the right has to press",
)
async def adf_propose_action(
    here: ToolContext,
    action: Annotated[ActionKind, "what the person's words ask for"],
    run_id: Annotated[str | None, "full id"] = None,
    pipeline: Annotated[str | None, "exact name"] = None,
    mode: Annotated[RerunMode | None, "where a rerun begins"] = None,
    activity_: Annotated[str | None, "for from_activity"] = None,
    parameters: Annotated[dict[str, str] | None, "for run"] = None,
    recursive: Annotated[bool | None, "child runs too"] = None,
    trigger: Annotated[str | None, "exact name"] = None,
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> ProposalReport | Denied | Problem:
    """Propose an act that the person asks for: shows a card to press on, does nothing itself.

    Use when asked to do it.
    """
    target = await _target(
        here,
        factory,
        kind=action,
        run_id=run_id,
        pipeline=pipeline,
        mode=mode,
        activity=activity_,
        parameters=parameters,
        recursive=recursive,
        trigger=trigger,
    )
    return await here.state.actions.propose(target, here)


@tool(progress="Looking at what that would do", reads=False, limit=DEEP_LIMIT)
async def adf_preview_action(
    here: ToolContext,
    action: Annotated[ActionKind, "the act that is asked about"],
    run_id: Annotated[str | None, "full id of the run to repeat or cancel"] = None,
    pipeline: Annotated[str | None, "exact name"] = None,
    mode: Annotated[RerunMode | None, "where a rerun begins"] = None,
    trigger: Annotated[str | None, "exact name"] = None,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> WhatIf | Denied:
    """Show what a rerun, a cancel or a trigger would do, whether it helps, who is affected."""
    target = await _target(
        here, factory, kind=action, run_id=run_id, pipeline=pipeline, mode=mode, trigger=trigger
    )
    return await here.state.actions.preview(target, here)


@tool(
    progress="Looking at who did what",
    reads=False,
    help="For operators: “who reran <pipeline>”, “who cancelled <pipeline> yesterday”",
)
async def ops_audit(
    here: ToolContext,
    run_id: Annotated[str | None, "only what was done to this run"] = None,
    incident: Annotated[str | None, "only what was done to this incident"] = None,
    hours: Annotated[float | None, "how far back; 7 days when left out"] = None,
    action: Annotated[str | None, "only such acts: rerun, cancel, start_trigger ..."] = None,
    pipeline: Annotated[str | None, "only what was done to this pipeline"] = None,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> AuditReport | Denied:
    """Show who proposed, approved or was refused what, and what came of it."""
    return await here.state.audit.report(
        here,
        AuditFilter(
            factory=await _factory(here, factory),
            hours=hours or DAYS * 24.0,
            run_id=run_id,
            incident=incident,
            action=action,
            pipeline=pipeline,
        ),
    )


async def _factory(here: ToolContext, named: str | None) -> str:
    """The alias as declared; the one that is meant here where none was named."""
    grant = await here.grant()
    known = {one.lower(): one for one in here.state.people.factories}
    alias = known.get((named or grant.meant).lower())
    if alias is None:
        said = f"no factory {named or ''} can be asked about here"
        raise BadArguments(said, asked="choose a factory", choices=grant.aliases)
    return alias


async def _target(here: ToolContext, factory: str | None, **given: Any) -> ActionTarget:  # noqa: ANN401 - the arguments of a tool
    """The act in its factory; BadArguments for half of one."""
    said = {name: value for name, value in given.items() if value not in (None, {}, "")}
    if "run_id" in said:
        said["run_id"] = checked_run_id(said["run_id"])
    if said.get("activity") and "mode" not in said:
        said["mode"] = RerunMode.FROM_ACTIVITY
    try:
        return ActionTarget(factory=await _factory(here, factory), **said)
    except ValueError as error:
        raise BadArguments(str(error), asked="propose an act") from None
