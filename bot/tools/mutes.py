"""Muting alerts for a while: always with an end, by somebody, and in sight of everybody."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from rapidfuzz import process, utils

from adf.errors import BadArguments
from adf.records.moments import moment_said
from adf.redaction import redact_start
from adf.tool import tool
from bot.access.policy import Grant, Right
from bot.state.mutes import EVERYTHING_TARGET as EVERYTHING
from bot.state.mutes import MuteScope, StoredMute
from bot.tools.context import ToolContext
from bot.tools.incident_text import mute_length, unknown_incident
from bot.tools.incidents import readable_factories
from cards.records import (
    ActionResult,
    Choice,
    Denied,
    IncidentEntry,
    IncidentReport,
    Mute,
    MuteList,
    Picker,
    Problem,
)

DEFAULT_MINUTES = 60
# Longer than a week is a pipeline that nobody wants to hear of: stop its alerts instead.
LONGEST_MINUTES = 7 * 24 * 60
LONGEST_OF_ALL = 12 * 60
LONGEST_REASON = 200
NEAREST = 5

Target = Annotated[str, "a pipeline, an incident such as INC-3, or everything"]


@tool(
    progress="Muting",
    reads=False,
    help="Muting alerts for a while: “mute <pipeline> till 8”, “unmute <pipeline>”, "
    "“what is muted”",
)
async def ops_mute(
    here: ToolContext,
    target: Target,
    minutes: Annotated[int | None, "for how long; an hour when left out"] = None,
    reason: Annotated[str, "why, in the person's words"] = "",
    factory: Annotated[str | None, "alias of the factory; the room's own when left out"] = None,
) -> MuteList | IncidentReport | Denied | Picker | Problem:
    """Hold back alerts of a pipeline, or of what is known of an incident, for a while."""
    if minutes is not None and minutes <= 0:
        raise BadArguments("a mute ends in the future", asked="mute")
    grant = await here.grant()
    if _is_incident(target):
        return await _mute_incident(here, grant, target.upper(), minutes, reason)
    found = await _find(here, grant, target, factory)
    if isinstance(found, Picker | Denied):
        return found
    alias, name = found
    if not grant.may(Right.MUTE, alias):
        return await here.refuse(grant, Right.MUTE, alias)
    return await _mute(here, grant, alias, name, minutes, reason)


@tool(progress="Unmuting", reads=False)
async def ops_unmute(
    here: ToolContext, target: Target
) -> MuteList | IncidentReport | Denied | Problem:
    """End a mute before its time."""
    grant = await here.grant()
    if _is_incident(target):
        return await _unmute_incident(here, grant, target.upper())
    readable = readable_factories(grant)
    active = await here.state.mutes.active(readable)
    ending = [one for one in active if target == EVERYTHING or one.target.lower() == target.lower()]
    for alias in sorted({one.factory for one in ending}) or [grant.meant]:
        if not grant.may(Right.MUTE, alias):
            return await here.refuse(grant, Right.MUTE, alias)
    for one in ending:
        await here.state.mutes.remove(one.factory, one.target)
        if one.scope is MuteScope.CAUSE:
            await here.state.incidents.unmute(one.target, here.person)
    names = ", ".join(_called(one) for one in ending)
    said = f"Alerts for {names} are on again." if ending else f"{_subject(target)} is not muted."
    return await mute_list(here, readable, said)


async def mute_list(here: ToolContext, factories: Sequence[str], said: str = "") -> MuteList:
    """What is muted in some factories now."""
    return MuteList(places=tuple(factories), mutes=await active_mutes(here, factories), said=said)


async def active_mutes(here: ToolContext, factories: Sequence[str]) -> tuple[Mute, ...]:
    """The mutes of some factories, with how many alerts each has held back."""
    active = await here.state.mutes.active(factories)
    if not active:
        return ()
    entries = await here.state.incidents.entries(factories, here.person)
    return tuple(_active(one, entries) for one in active)


def _active(mute: StoredMute, entries: Sequence[IncidentEntry]) -> Mute:
    covered = [
        one for one in entries if one.factory == mute.factory and _is_of(mute, one.pipelines)
    ]
    about = next((one for one in covered if one.incident_id == mute.target), None)
    return Mute(
        target=f"{mute.target} ({', '.join(about.pipelines)})" if about else mute.target,
        factory=mute.factory,
        until=mute.until,
        by=mute.name or "somebody",
        reason=mute.reason,
        held_back=sum(one.held_back for one in covered),
        known_issue=mute.scope is MuteScope.CAUSE,
    )


async def _mute(
    here: ToolContext, grant: Grant, alias: str, name: str, minutes: int | None, reason: str
) -> MuteList:
    scope = MuteScope.EVERYTHING if name == EVERYTHING else MuteScope.PIPELINE
    most = LONGEST_OF_ALL if scope is MuteScope.EVERYTHING else LONGEST_MINUTES
    length = timedelta(minutes=min(minutes or DEFAULT_MINUTES, most))
    mute = StoredMute(
        factory=alias,
        target=name,
        scope=scope,
        until=here.now + length,
        at=here.now,
        by=here.person.person_id,
        name=here.person.name,
        reason=clean_reason(reason),
    )
    await here.state.mutes.add(mute)
    said = _muted_text(here, mute, minutes, most)
    return await mute_list(here, readable_factories(grant), said)


def _muted_text(here: ToolContext, mute: StoredMute, minutes: int | None, most: int) -> str:
    """What was muted, until when and by whom; what was not as it was wished."""
    until = moment_said(mute.until, here.zone, here.now)
    parts = [f"{_subject(mute.target)} is muted until {until} by {mute.name}."]
    if minutes is None:
        parts.append(
            f"You gave no end, so it lasts {mute_length(mute.until - mute.at)};"
            f" say “mute {mute.target} until ...” to change that."
        )
    elif minutes > most:
        parts.append(f"{mute_length(timedelta(minutes=most))} is the longest a mute can last.")
    parts.append("Failures are still counted and listed; what is still open then is posted.")
    return " ".join(parts)


async def _mute_incident(
    here: ToolContext, grant: Grant, incident: str, minutes: int | None, reason: str
) -> IncidentReport | Denied | Problem:
    factory = await _factory_of(here, grant, incident)
    if isinstance(factory, Denied | Problem):
        return factory
    length = timedelta(minutes=min(minutes or DEFAULT_MINUTES, LONGEST_MINUTES))
    until = here.now + length
    verdict = await here.state.incidents.mute(incident, here.person, until, clean_reason(reason))
    report = await here.state.incidents.report(incident, here.zone)
    if report is None:
        return unknown_incident(here.asked, incident, ())
    return _with_said(report, _known_issue_text(here, verdict, minutes, length))


def _known_issue_text(
    here: ToolContext, verdict: ActionResult, minutes: int | None, length: timedelta
) -> str:
    if verdict is not ActionResult.DONE:
        return "It's already closed, so there is nothing to mute."
    unsaid = "" if minutes else f" You gave no end, so it lasts {mute_length(length)}."
    return (
        "The next good run ends the mute too; a different error of the same pipeline is still "
        f"posted.{unsaid}"
    )


async def _unmute_incident(
    here: ToolContext, grant: Grant, incident: str
) -> IncidentReport | Denied | Problem:
    factory = await _factory_of(here, grant, incident)
    if isinstance(factory, Denied | Problem):
        return factory
    was = await here.state.incidents.unmute(incident, here.person)
    report = await here.state.incidents.report(incident, here.zone)
    if report is None:
        return unknown_incident(here.asked, incident, ())
    on = was is ActionResult.DONE
    return _with_said(report, "Its alerts are on again." if on else "It is not muted.")


async def _factory_of(here: ToolContext, grant: Grant, incident: str) -> str | Denied | Problem:
    """The factory of an incident that the asker may mute."""
    readable = readable_factories(grant)
    if not readable:
        return await here.refuse(grant, Right.MUTE)
    factory = await here.state.incidents.factory_of(incident)
    if factory is None or factory not in readable:
        return unknown_incident(here.asked, incident, ())
    return (
        factory if grant.may(Right.MUTE, factory) else await here.refuse(grant, Right.MUTE, factory)
    )


async def _find(
    here: ToolContext, grant: Grant, target: str, factory: str | None
) -> tuple[str, str] | Picker | Denied:
    """The factory and the pipeline as it is spelled; a picker when none is called so."""
    readable = readable_factories(grant)
    if not readable:
        return await here.refuse(grant, Right.MUTE)
    places = {one.lower(): one for one in readable}
    alias = places.get((factory or grant.meant).lower())
    if alias is None:
        raise BadArguments(f"there is no factory called {factory} that you can see here")
    if target.lower() == EVERYTHING:
        return alias, EVERYTHING
    known = await here.state.pipelines((alias,) if factory else readable)
    fitting = [one for one in known if one.name.lower() == target.lower()]
    if not fitting:
        names = sorted({one.name for one in known})
        near = process.extract(target, names, processor=utils.default_process, limit=NEAREST)
        choices = tuple(Choice(title=name, question=f"mute {name}") for name, *_ in near)
        return Picker(
            question=f"There is no pipeline called “{target}”. Which one should I mute?",
            choices=choices,
        )
    one = next((one for one in fitting if one.factory == alias), fitting[0])
    return one.factory, one.name


def clean_reason(reason: str) -> str:
    """Why, in the person's words without secrets."""
    return " ".join(redact_start(reason, LONGEST_REASON).split())[:LONGEST_REASON]


def _with_said(report: IncidentReport, said: str) -> IncidentReport:
    return replace(report, said=said)


def _is_incident(target: str) -> bool:
    return target.upper().startswith("INC-")


def _is_of(mute: StoredMute, pipelines: Sequence[str]) -> bool:
    if mute.scope is MuteScope.EVERYTHING:
        return True
    targets = {mute.target} if mute.scope is MuteScope.PIPELINE else set(mute.pipelines)
    return bool(targets & set(pipelines))


def _called(mute: StoredMute) -> str:
    return f"all of {mute.factory}" if mute.scope is MuteScope.EVERYTHING else mute.target


def _subject(target: str) -> str:
    return "Everything" if target == EVERYTHING else target
