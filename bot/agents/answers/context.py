"""One question on its way to an answer, and what is remembered of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from adf.records import (
    BROKEN,
    ActivityTable,
    Pipeline,
    PipelineRun,
    QueueReport,
    RunList,
    RunReport,
)
from adf.records.groups import grouped_runs
from adf.tool import Toolbox
from bot.agents.interface import Answer, Question
from bot.agents.understanding.conversation import Subject
from bot.agents.understanding.entities.time_ranges import KEPT_DAYS
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import Intent
from cards.records import IncidentList, IncidentReport, Picker, Problem

MOST_LISTED = 20
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
        return self.frame.sure or self.intent is not self.frame.intent

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
        return slots.time.arguments if slots.time.given else self.subject.time

    @property
    def critical(self) -> bool | None:
        """True when only critical pipelines are asked about."""
        return True if self.frame.slots.critical and not self.pipeline else None

    def remembered(self, what: str) -> str | None:
        """Something of the conversation, when the question refers to it."""
        recalled = self.subject.recalled
        return cast("str | None", self.question.memory.get(what)) if recalled else None

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
    return RunList(
        factory=found.factory,
        runs=left,
        time_range=found.time_range,
        as_of=found.as_of,
        pipeline=found.pipeline,
        statuses=found.statuses,
        latest_only=found.latest_only,
        checks=tuple(one for one in found.checks if one.pipeline not in excluded),
        gaps=found.gaps,
        unread=found.unread,
        notes=found.notes,
    )


def answered(turn: AnswerContext, *records: object, note: str | None = None) -> Answer:
    """An answer with its records; what it was about is kept for "it" and "that"."""
    memory: dict[str, Any] = dict(turn.question.memory)
    for gone in ("choices", "proposal", "related", "unconfirmed"):
        memory.pop(gone, None)
    memory["intent"] = str(turn.intent)
    memory["time"] = dict(turn.times)
    if turn.pipeline:
        memory |= _named(turn.pipeline, memory)
    if turn.factory:
        memory["factory"] = turn.factory
    for record in records:
        memory |= _about(record, turn.pipeline)
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
    memory["choices"] = choices
    if not choices:
        memory.pop("choices")
    return Answer(records=records, text=text, memory=memory, sure=False)


def remembered(memory: Mapping[str, Any], records: Sequence[object]) -> dict[str, Any]:
    """The memory after these records were shown for a question that code did not understand."""
    left = {key: one for key, one in memory.items() if key not in {"choices", "unconfirmed"}}
    for record in records:
        pipeline = record.pipeline if isinstance(record, RunList) else None
        about = _about(record, pipeline)
        left |= {**({"pipeline": pipeline} if pipeline else {}), **about}
    return left


def said(turn: AnswerContext, text: str, *, sure: bool = True) -> Answer:
    """A plain sentence; what was talked about stays."""
    return Answer(text=text, memory=turn.question.memory, sure=sure)


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


def _about(record: object, pipeline: str | None) -> dict[str, Any]:
    report = record.report if isinstance(record, ActivityTable) else record
    if isinstance(report, RunReport):
        return _about_report(report)
    if isinstance(report, RunList):
        return _about_runs(report, pipeline)
    if isinstance(report, QueueReport):
        return _about_queue(report)
    if isinstance(report, IncidentReport):
        return _about_incident(report)
    if isinstance(report, IncidentList):
        return {"incidents": [one.incident_id for one in report.entries[:MOST_LISTED]]}
    return {}


def _about_incident(report: IncidentReport) -> dict[str, Any]:
    """The incident, and the pipeline and run that broke last."""
    about: dict[str, Any] = {"incident": report.incident_id, "factory": report.factory}
    if len(report.pipelines) == 1:
        about["pipeline"] = report.pipelines[0]
    return {**about, "run_id": report.run_id, "cause_run_id": None, "broken": True}


def _about_report(report: RunReport) -> dict[str, Any]:
    """What to remember of a run: its pipeline, its id, and the run in which the cause lies."""
    path = report.cause.path if report.cause else ()
    about: dict[str, Any] = {**_about_run(report.run), "pipeline": report.run.pipeline}
    codes = (
        report.cause.error.code if report.cause else None,
        report.meaning.code if report.meaning else None,
    )
    error = [one for one in dict.fromkeys(codes) if one]
    return {**about, "cause_run_id": path[-1].run_id if path else None, "error": error}


def _about_runs(runs: RunList, pipeline: str | None) -> dict[str, Any]:
    """The newest run of one pipeline, or the pipelines of a list."""
    if pipeline and runs.pipeline:
        return {**_about_run(runs.runs[0]), "cause_run_id": None} if runs.runs else {}
    listed = [group.pipeline for group in grouped_runs(runs.runs)][:MOST_LISTED]
    return {"listed": listed, "pipeline": None, "run_id": None, "cause_run_id": None} | (
        {"pipeline": listed[0]} if len(listed) == 1 else {}
    )


def _about_queue(report: QueueReport) -> dict[str, Any]:
    """The run in front of one queue, or the pipelines of several."""
    listed = [one.pipeline for one in report.queues][:MOST_LISTED]
    if len(listed) != 1:
        return {"listed": listed, "pipeline": None, "run_id": None, "cause_run_id": None}
    front = report.running[0].run_id if report.running else None
    return {"pipeline": listed[0], "run_id": front, "cause_run_id": None, "broken": False}


def _about_run(run: PipelineRun) -> dict[str, Any]:
    return {"run_id": run.run_id, "broken": run.status in BROKEN}
