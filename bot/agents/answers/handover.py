"""A shift handed over, and how things stand in plain words for people outside of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import cast

from adf.errors import AdfError
from adf.records import (
    ACTIVE,
    PipelineNotes,
    PipelineRun,
    RunList,
    RunStats,
    RunStatus,
    TriggerReport,
    TriggerStatus,
    UpstreamEffect,
)
from adf.records.moments import moment_said
from bot.agents.answers.clarify import unclear
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.answers.schedules import can_read_triggers
from bot.agents.answers.status import is_a_moment, overview
from bot.agents.interface import Answer
from bot.agents.understanding.entities.reservations import CANNOT_SEND, sends_elsewhere
from bot.agents.understanding.entities.time.ahead import comes_next
from cards.records import Concern, Denied, Handover, HandoverEntry, HandoverPart, IncidentList

LOOK_BACK = 24
WEEKS = 14 * 24
# Each of them costs a look at two weeks of runs; the rest is said without a time.
MOST_EXPECTED = 6
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-.]+")
# Words of builders of pipelines that say nothing to those who wait for the data.
_JARGON = frozenset(
    {"pl", "etl", "elt", "pipeline", "load", "ingest", "job", "adf", "export", "to"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLoad:
    """Data that is not in: its newest run if there is one, and what tells when it will be.

    `usual` is how long it takes, `starts` when it begins next by schedule.
    """

    name: str
    notes: PipelineNotes
    run: PipelineRun | None = None
    usual: timedelta | None = None
    starts: datetime | None = None

    @property
    def is_loading(self) -> bool:
        """Whether it is at work now."""
        return self.run is not None and self.run.status in ACTIVE

    @property
    def expected(self) -> datetime | None:
        """When it is usually in, counted from its start now or the next one by schedule."""
        begins = self.run.start if self.run and self.is_loading else self.starts
        return begins + self.usual if begins and self.usual else None


async def handover(turn: AnswerContext) -> Answer:
    """What the next shift should know; what happened around one moment is how it stood then."""
    time, here = turn.frame.slots.time, (turn.question.now, turn.question.zone)
    if is_a_moment(turn) and not comes_next(time.said, time.start, *here):
        return await overview(turn)
    given: Mapping[str, float] = {} if is_a_moment(turn) else _hours(turn)
    record = await turn.tools.call("ops_handover", **given)
    return answered(turn, record, note=_unsent(turn))


async def business_summary(turn: AnswerContext) -> Answer:
    """What is late and when it is expected, with no technical word; of one thing if it is named."""
    if turn.unclear:
        return unclear(turn) or asked_back(turn)
    listed = await turn.tools.call("ops_list_incidents")
    if isinstance(listed, Denied):
        return asked_back(turn, listed)
    found = cast("IncidentList", listed)
    broken = [name for one in found.entries for name in one.pipelines]
    one = {"pipeline": turn.pipeline, "latest_only": True}
    which = one if turn.pipeline else {"critical": True}
    try:
        runs = await turn.runs(**which, hours=LOOK_BACK)
    except AdfError as error:
        return answered(turn, _summary(turn, found.places, [], (error.said,)))
    late = [_sentence(turn, one) for one in await _late(turn, runs, broken)]
    if turn.pipeline and not late:
        late = [fed_by_old(turn, runs) or _in_time(turn.pipeline, runs)]
    return answered(turn, _summary(turn, found.places, late, runs.gaps), note=_unsent(turn))


def _unsent(turn: AnswerContext) -> str | None:
    return CANNOT_SEND if sends_elsewhere(turn.frame.text) else None


async def _late(turn: AnswerContext, runs: RunList, broken: Sequence[str]) -> Sequence[LateLoad]:
    """The important loads that are not in: those that failed, did not start, take too long."""
    triggers = await _triggers(turn)
    loads = [*_of_runs(runs, broken), *_not_started(turn, runs, triggers)]
    usual = {
        one.name: one.notes.usual or await _usual(turn, one.name) for one in loads[:MOST_EXPECTED]
    }
    known = [
        LateLoad(
            name=one.name,
            notes=one.notes,
            run=one.run,
            usual=usual.get(one.name),
            starts=_next_start(one.name, triggers, turn.question.now),
        )
        for one in loads
    ]
    return [one for one in known if not _is_in_time(one, turn.question.now)]


def _is_in_time(load: LateLoad, now: datetime) -> bool:
    """Only what takes longer than it usually does is late while it is at work."""
    return load.is_loading and (load.expected is None or load.expected > now)


def _of_runs(runs: RunList, broken: Sequence[str]) -> list[LateLoad]:
    newest: dict[str, PipelineRun] = {}
    for run in runs.runs:
        newest.setdefault(run.pipeline, run)
    ordered = sorted(newest.items(), key=lambda one: one[1].status in ACTIVE)
    return [
        LateLoad(name=name, notes=runs.notes.get(name) or PipelineNotes(), run=run)
        for name, run in ordered
        if run.status is not RunStatus.SUCCEEDED or name in broken
    ]


def _not_started(
    turn: AnswerContext, runs: RunList, triggers: Sequence[TriggerStatus]
) -> list[LateLoad]:
    """Each important load that should have begun and did not."""
    known = {run.pipeline for run in runs.runs if run.status is not RunStatus.SUCCEEDED}
    wanted = {
        one.name: one.notes
        for one in turn.pipelines
        if (one.name == turn.pipeline if turn.pipeline else one.notes.critical)
    }
    missed = dict.fromkeys(name for one in triggers if one.missed for name in one.pipelines)
    return [
        LateLoad(name=name, notes=wanted[name])
        for name in missed
        if name in wanted and name not in known
    ]


async def _triggers(turn: AnswerContext) -> Sequence[TriggerStatus]:
    """What starts by schedule; nothing where that cannot be read."""
    if not can_read_triggers(turn):
        return ()
    try:
        return cast("TriggerReport", await turn.call("adf_trigger_status")).triggers
    except AdfError:
        return ()


def _next_start(name: str, triggers: Sequence[TriggerStatus], now: datetime) -> datetime | None:
    starts = [
        one.next_start
        for one in triggers
        if name in one.pipelines and one.is_started and one.next_start and one.next_start > now
    ]
    return min(starts, default=None)


async def _usual(turn: AnswerContext, name: str) -> timedelta | None:
    """How long it usually takes by its runs of two weeks; None where they do not tell."""
    try:
        wanted = {"pipeline": name, "metric": "duration", "hours": WEEKS}
        stats = cast("RunStats", await turn.call("adf_run_stats", **wanted))
    except AdfError:
        return None
    return stats.pipelines[0].usual if stats.pipelines else None


def _sentence(turn: AnswerContext, load: LateLoad) -> str:
    """That it is late, when it is expected, by when it is due, and who waits for it."""
    parts = [_state(turn, load), _due(turn, load.notes), _waiting(load.notes.downstream)]
    return " ".join(one for one in parts if one)


def _state(turn: AnswerContext, load: LateLoad) -> str:
    name, at = f"The {plain_name(load.name)} data", load.expected
    if load.is_loading:
        return (
            f"{name} is still being loaded, later than usual; it was expected by {_at(turn, at)}."
        )
    if at is not None and load.starts is not None:
        return (
            f"{name} is late. It is loaded again at {_at(turn, load.starts)}, and is expected "
            f"around {_at(turn, at)} if that goes well."
        )
    return f"{name} is late; it's not known yet when it will be in."


def fed_by_old(turn: AnswerContext, runs: RunList) -> str | None:
    """That one load is there and what feeds it is not; None where all of that is well."""
    if not runs.upstream or runs.pipeline is None:
        return None
    name = f"The {plain_name(runs.pipeline)} data"
    late = [plain_name(one.inside or one.run.pipeline) for one in runs.upstream]
    missing, is_are = " and ".join(late), "are" if len(late) > 1 else "is"
    last = runs.runs[0].end if runs.runs else None
    at = f" at {_at(turn, last)}" if last else ""
    match runs.upstream[0].effect:
        case UpstreamEffect.OLD_DATA:
            return f"{name} was refreshed{at}, but with old data of {missing}."
        case UpstreamEffect.NEXT_LACKS:
            return (
                f"{name} was last refreshed{at}. Since then {missing} {is_are} late, so the next "
                "refresh may show old data."
            )
        case _:
            since = f" since the last time{at}" if at else ""
            return f"{name} was not refreshed{since}, because {missing} {is_are} late."


def _in_time(name: str, runs: RunList) -> str:
    """One load that is not late: in, on its way, or not run at all."""
    if not runs.runs:
        return f"No {plain_name(name)} data was loaded in the last {LOOK_BACK} hours."
    if runs.runs[0].status in ACTIVE:
        return f"The {plain_name(name)} data is being loaded and is not late."
    return f"The {plain_name(name)} data is in."


def _hours(turn: AnswerContext) -> Mapping[str, float]:
    """How far back was asked for, if that was said."""
    mention = turn.frame.slots.time
    if mention.hours is not None:
        return {"hours": mention.hours}
    if mention.start is None:
        return {}
    return {"hours": max(1.0, (turn.question.now - mention.start) / timedelta(hours=1))}


def _summary(
    turn: AnswerContext, places: Sequence[str], late: Sequence[str], gaps: Sequence[str]
) -> Handover:
    entries = tuple(HandoverEntry(title=one) for one in late)
    finding = "All the important data is in."
    if late:
        finding = "Some of the important data is late." if len(late) > 1 else late[0]
    if gaps:
        finding = late[0] if len(late) == 1 else "I can't tell about all of the important data."
    part = HandoverPart(
        heading="Late", concern=Concern.WATCH, entries=entries if len(late) > 1 else ()
    )
    return Handover(
        places=tuple(places),
        hours=LOOK_BACK,
        as_of=turn.question.now,
        finding=finding,
        parts=(part,),
        gaps=tuple("some of it could not be read" for _ in gaps[:1]),
        plain=True,
    )


def _waiting(downstream: Sequence[str]) -> str:
    if not downstream:
        return ""
    names = [plain_name(one) for one in downstream[:3]]
    return f"{' and '.join(names)} {'waits' if len(names) == 1 else 'wait'} for it."


def _due(turn: AnswerContext, notes: PipelineNotes) -> str:
    """When it is due today, in the reader's zone, or was."""
    try:
        clock = time.fromisoformat((notes.due or "").removesuffix(" UTC"))
    except ValueError:
        return ""
    today = datetime.combine(turn.question.now.astimezone(UTC).date(), clock, UTC)
    at = moment_said(today, turn.question.zone, today)
    return f"It is due by {at}." if today > turn.question.now else f"It was due by {at}."


def _at(turn: AnswerContext, moment: datetime | None) -> str:
    """A moment in the reader's zone: today without the day."""
    if moment is None:
        return "now"
    return moment_said(moment, turn.question.zone, turn.question.now)


def plain_name(pipeline: str) -> str:
    """A name in words: "CustomerDataETL" is Customer; where nothing would be left, the name."""
    words = [one for one in _SPLIT.split(pipeline) if one]
    left = [one for one in words if one.lower() not in _JARGON and not one.isdecimal()]
    return " ".join(left).removesuffix(" Data") or pipeline
