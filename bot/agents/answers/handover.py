"""A shift handed over, and how things stand in plain words for people outside of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import cast

from adf.errors import AdfError
from adf.records import ACTIVE, PipelineNotes, PipelineRun, RunList, RunStatus
from bot.agents.answers.clarify import unclear
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.answers.schedules import missed_starts
from bot.agents.interface import Answer
from cards.records import Concern, Denied, Handover, HandoverEntry, HandoverPart, IncidentList

LOOK_BACK = 24
_SPLIT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-.]+")
# Words of builders of pipelines that say nothing to those who wait for the data.
_JARGON = frozenset(
    {"pl", "etl", "elt", "pipeline", "load", "ingest", "job", "adf", "export", "to"}
)


async def handover(turn: AnswerContext) -> Answer:
    """What the next shift should know."""
    return answered(turn, await turn.tools.call("ops_handover", **_hours(turn)))


async def business_summary(turn: AnswerContext) -> Answer:
    """What is late and when it is expected, with no technical word; of one thing if it is named."""
    if turn.unclear:
        return unclear(turn) or asked_back(turn)
    listed = await turn.tools.call("ops_list_incidents")
    if isinstance(listed, Denied):
        return asked_back(turn, listed)
    found = cast("IncidentList", listed)
    broken = [name for one in found.entries for name in one.pipelines]
    which = {"pipeline": turn.pipeline} if turn.pipeline else {"critical": True}
    try:
        runs = await turn.runs(**which, hours=LOOK_BACK)
    except AdfError as error:
        return answered(turn, _summary(turn, found.places, [], (error.said,)))
    missed = [name for name, _ in await missed_starts(turn)]
    late = [*_late(turn, runs, broken), *_not_started(turn, runs, missed)]
    if turn.pipeline and not late:
        late = [_in_time(turn.pipeline, runs)]
    return answered(turn, _summary(turn, found.places, late, runs.gaps))


def _in_time(name: str, runs: RunList) -> str:
    """One load that is not late: in, on its way, or not run at all."""
    if not runs.runs:
        return f"Nothing of {plain_name(name)} was loaded in the last {LOOK_BACK} hours."
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


def _late(turn: AnswerContext, runs: RunList, broken: Sequence[str]) -> Iterator[str]:
    """A sentence for each important load that is not in, those that failed first."""
    newest: dict[str, PipelineRun] = {}
    for run in runs.runs:
        newest.setdefault(run.pipeline, run)
    for name, run in sorted(newest.items(), key=lambda one: one[1].status in ACTIVE):
        notes = runs.notes.get(name) or PipelineNotes()
        if run.status in ACTIVE:
            sentence = _loading(turn, name, run, notes)
            if sentence:
                yield sentence
        elif run.status is not RunStatus.SUCCEEDED or name in broken:
            yield _missing(turn, name, notes)


def _not_started(turn: AnswerContext, runs: RunList, missed: Sequence[str]) -> Iterator[str]:
    """A sentence for each important load that should have begun and did not."""
    known = {run.pipeline for run in runs.runs if run.status is not RunStatus.SUCCEEDED}
    wanted = {
        one.name: one.notes
        for one in turn.pipelines
        if (one.name == turn.pipeline if turn.pipeline else one.notes.critical)
    }
    for name in dict.fromkeys(missed):
        if name in wanted and name not in known:
            yield _missing(turn, name, wanted[name])


def _missing(turn: AnswerContext, name: str, notes: PipelineNotes) -> str:
    due = _due(turn, notes)
    waits = f" {_waiting(notes.downstream)}" if notes.downstream else ""
    until = f" {due}" if due else ""
    late = f"The {plain_name(name)} data is late; when it will be in is not known yet."
    return f"{late}{until}{waits}"


def _loading(turn: AnswerContext, name: str, run: PipelineRun, notes: PipelineNotes) -> str | None:
    """Only what takes longer than it usually does is late."""
    if run.start is None or notes.usual is None or run.start + notes.usual > turn.question.now:
        return None
    waits = f" {_waiting(notes.downstream)}" if notes.downstream else ""
    return f"The {plain_name(name)} data is still being loaded, later than usual.{waits}"


def _waiting(downstream: Sequence[str]) -> str:
    names = [plain_name(one) for one in downstream[:3]]
    return f"{' and '.join(names)} {'waits' if len(names) == 1 else 'wait'} for it."


def _due(turn: AnswerContext, notes: PipelineNotes) -> str:
    """When it is due today, in the reader's zone, or was."""
    try:
        clock = time.fromisoformat((notes.due or "").removesuffix(" UTC"))
    except ValueError:
        return ""
    today = datetime.combine(turn.question.now.astimezone(UTC).date(), clock, UTC)
    at = f"{today.astimezone(turn.question.zone):%H:%M}"
    return f"It is due by {at}." if today > turn.question.now else f"It was due by {at}."


def plain_name(pipeline: str) -> str:
    """A name in words: "CustomerDataETL" is Customer; where nothing would be left, the name."""
    words = [one for one in _SPLIT.split(pipeline) if one]
    left = [one for one in words if one.lower() not in _JARGON and not one.isdecimal()]
    return " ".join(left).removesuffix(" Data") or pipeline
