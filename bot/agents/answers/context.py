"""One question on its way to an answer, and what is remembered of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from adf.records import Pipeline, RunList, RunReport
from adf.tool import Toolbox
from bot.agents.answers.remembered import about
from bot.agents.answers.zoned import in_wanted_zone
from bot.agents.interface import Answer, Question
from bot.agents.understanding.conversation import Subject
from bot.agents.understanding.entities.time_ranges import KEPT_DAYS
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import OF_ONE, Intent, group_of
from cards.records import IncidentReport, Picker, Problem

_BEYOND = f"Data Factory keeps runs for {KEPT_DAYS} days: I looked back {KEPT_DAYS} days."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContext:
    """One question: as asked, its tools, as understood, what it is about; known people."""

    question: Question
    tools: Toolbox
    frame: Frame
    subject: Subject
    pipelines: Sequence[Pipeline]
    people: Sequence[str] = ()

    @property
    def intent(self) -> Intent:
        """What is asked."""
        return self.subject.intent

    @property
    def settled(self) -> bool:
        """Whether it is clear what is asked: by the words, or as the last question once more."""
        is_carried = self.intent is not self.frame.intent or self.subject.step is not None
        return self.frame.sure or is_carried or self.subject.settled

    @property
    def pipeline(self) -> str | None:
        """The pipeline that is asked about; None for a whole factory, or when it is not clear."""
        return self.subject.pipeline

    @property
    def related_pipeline(self) -> str | None:
        """After "who waits for it" the only one that does, where the question leans on that."""
        memory = self.question.memory
        if memory.get("intent") != str(Intent.IMPACT) or not self.subject.recalled:
            return None
        related = cast("Sequence[str]", memory.get("related") or ())
        return related[0] if len(related) == 1 else None

    @property
    def factory(self) -> str | None:
        """The factory that is meant."""
        return self.subject.factory

    @property
    def unclear(self) -> tuple[str, ...]:
        """The pipelines, or the factories of one, that it could be."""
        return self.subject.unclear

    @property
    def run_id(self) -> str | None:
        """The run that is asked about, as named or as talked about."""
        return self.frame.slots.run_id or self.subject.run_id

    @property
    def times(self) -> Mapping[str, Any]:
        """The range as arguments of a tool: as said, or as before when the question goes on."""
        slots = self.frame.slots
        is_said = slots.time.given and self.subject.step is None
        return slots.time.arguments if is_said else self.subject.time

    @property
    def other_run(self) -> str | None:
        """The run that was stepped to ("the one before"), while it is the one talked about."""
        is_timed = bool(self.times) or not self.question.memory.get("elsewhere")
        return None if is_timed else self.remembered("run_id")

    @property
    def critical(self) -> bool | None:
        """True when only critical pipelines are asked about."""
        return True if self.frame.slots.critical and not self.pipeline else None

    def remembered(self, what: str) -> str | None:
        """Something of the conversation, when the question refers to it."""
        memory = self.question.memory
        is_known = self.subject.recalled and self.pipeline in {None, memory.get("pipeline")}
        return cast("str | None", memory.get(what)) if is_known else None

    async def call(self, name: str, /, **arguments: object) -> object:
        """Call a tool in the factory that is meant."""
        given = {key: value for key, value in arguments.items() if value is not None}
        where = {"factory": self.factory} if self.factory and "factory" not in given else {}
        return await self.tools.call(name, **given, **where)

    async def runs(self, **arguments: object) -> RunList:
        """The pipeline runs that fit, without those that were to be left out."""
        found = cast("RunList", await self.call("adf_pipeline_runs", **arguments))
        return without(found, self.frame.slots.excluded)

    async def report(self, run_id: str, **arguments: object) -> RunReport:
        """What happened inside a run."""
        found = await self.call("adf_pipeline_activity_runs", run_id=run_id, **arguments)
        return cast("RunReport", found)


def without(found: RunList, excluded: Sequence[str]) -> RunList:
    """The list without some pipelines."""
    if not excluded:
        return found
    left = tuple(run for run in found.runs if run.pipeline not in excluded)
    checks = tuple(one for one in found.checks if one.pipeline not in excluded)
    return replace(found, runs=left, checks=checks)


def answered(turn: AnswerContext, *records: object, note: str | None = None) -> Answer:
    """An answer with its records; what it was about is kept for "it" and "that"."""
    memory: dict[str, Any] = dict(turn.question.memory)
    for gone in ("choices", "proposal", "related", "unconfirmed", "thing", "is_off", "closed"):
        memory.pop(gone, None)
    memory["intent"] = str(turn.intent)
    memory["time"] = dict(turn.times)
    if _is_the_question(turn):
        memory["asked"] = str(turn.intent)
    if turn.pipeline:
        memory |= _named(turn.pipeline, memory)
    if turn.factory:
        memory["factory"] = turn.factory
    for record in records:
        memory |= _from_record(record, turn)
    memory |= _of_two_runs(turn.question.memory, memory)
    if memory.get("run_id") != turn.question.memory.get("run_id"):
        memory.pop("elsewhere", None)  # the newest run is talked about again
    if turn.pipeline and not any(isinstance(one, IncidentReport) for one in records):
        # Another thing is talked about now: "it" is no incident of before.
        memory.pop("incident", None)
    said = " ".join(
        one
        for one in (
            _read_as(turn),
            _left_out(turn),
            _strange(turn),
            note,
            in_wanted_zone(records, turn.frame.slots.time.zone),
            _beyond(turn),
            _half(turn),
        )
        if one
    )
    return Answer(records=records, memory=memory, note=said or None, sure=turn.settled)


def asked_back(turn: AnswerContext, *records: object, text: str | None = None) -> Answer:
    """A question asked back: nothing new is remembered but the choices that were offered."""
    memory: dict[str, Any] = dict(turn.question.memory)
    choices = [
        [choice.title, choice.question]
        for record in records
        if isinstance(record, Picker | Problem)
        for choice in record.choices
    ]
    for gone in ("proposal", "unconfirmed"):
        memory.pop(gone, None)
    names = {one.name for one in turn.pipelines}
    offered = [title for title, _ in choices if title in names]
    if len(offered) > 1 and (turn.unclear or turn.subject.missing):
        memory["listed"] = offered
    memory = _about_what_was_named(turn, memory, [question for _, question in choices])
    memory["choices"] = choices
    if not choices:
        memory.pop("choices")
    return Answer(records=records, text=text, memory=memory, sure=False)


def _about_what_was_named(
    turn: AnswerContext, memory: Mapping[str, Any], offered: Sequence[str]
) -> dict[str, Any]:
    """From now on "it" is what was named, whatever was asked of it, and nothing from before.

    A name that was guessed is "it" where each choice that is offered shows it.
    """
    slots = turn.frame.slots
    if not slots.names_something or turn.pipeline == memory.get("pipeline"):
        return dict(memory)
    left = {key: one for key, one in memory.items() if key not in {"incident", "thing"}}
    left |= {"run_id": None, "cause_run_id": None}
    is_offered = bool(offered) and all(str(turn.pipeline) in one for one in offered)
    if turn.pipeline and (slots.exact or is_offered):
        return left | _named(turn.pipeline, memory)
    return left | {"pipeline": None}


def remembered(memory: Mapping[str, Any], records: Sequence[object]) -> dict[str, Any]:
    """The memory after these records were shown for a question that code did not understand."""
    left = {key: one for key, one in memory.items() if key not in {"choices", "unconfirmed"}}
    for record in records:
        pipeline = record.pipeline if isinstance(record, RunList) else None
        left |= {**({"pipeline": pipeline} if pipeline else {}), **about(record, pipeline)}
    return left


def said(turn: AnswerContext, text: str, *, sure: bool = True) -> Answer:
    """A plain sentence; what was talked about stays."""
    return Answer(text=text, memory=turn.question.memory, sure=sure)


def _is_the_question(turn: AnswerContext) -> bool:
    """Whether one pipeline was asked about, and not what was shown of it looked into."""
    is_drilled = turn.intent in group_of(Intent.DETAILS) and turn.subject.recalled
    return turn.pipeline is not None and turn.intent in OF_ONE and not is_drilled


def _of_two_runs(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The other run of the same pipeline that was shown last: both are "the two"."""
    if now.get("pipeline") != before.get("pipeline"):
        return {"other_run": None}
    was = before.get("run_id")
    return {"other_run": was} if was and was != now.get("run_id") else {}


def _from_record(record: object, turn: AnswerContext) -> dict[str, Any]:
    """What to remember of a record; what was looked into stays the pipeline that is talked about.

    The failed items of a child run belong to the run that was asked about.
    """
    found = about(record, turn.pipeline)
    is_inside = turn.intent in group_of(Intent.DETAILS) and turn.subject.recalled
    other = found.get("pipeline") not in {None, turn.pipeline}
    return {} if is_inside and turn.pipeline and other else found


def _named(pipeline: str, memory: Mapping[str, Any]) -> dict[str, Any]:
    before = memory.get("pipeline")
    return {"pipeline": pipeline, **({"before": before} if before not in {None, pipeline} else {})}


def _read_as(turn: AnswerContext) -> str | None:
    guessed = turn.frame.slots.guessed and turn.frame.slots.pipelines
    return f"Assuming you mean {turn.pipeline}." if guessed and turn.pipeline else None


def _left_out(turn: AnswerContext) -> str | None:
    """What was left out because it was asked for, and what was not understood."""
    excluded = turn.frame.slots.excluded
    return f"Without {', '.join(excluded)}." if excluded and not turn.pipeline else None


def _strange(turn: AnswerContext) -> str | None:
    """A word that would be a name elsewhere, where the question was taken to be about all."""
    words = turn.frame.slots.passed_over
    quoted = ", ".join(f"“{one}”" for one in words)
    return f"Nothing here is called {quoted}, so this covers everything." if words else None


def _half(turn: AnswerContext) -> str | None:
    left = turn.frame.unanswered
    return f"I only answered part of that: I didn't understand “{left}”." if left else None


def _beyond(turn: AnswerContext) -> str | None:
    own = {Intent.TREND, Intent.WORST_OFFENDERS, Intent.FAILURES_BY_DAY, Intent.CHANGE_LOG}
    return _BEYOND if turn.frame.slots.time.beyond and turn.intent not in own else None
