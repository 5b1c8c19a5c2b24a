"""One question on its way through the offline agent, and what is remembered of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from adf.records import BROKEN, ActivityTable, Pipeline, PipelineRun, RunList, RunReport
from adf.tool import Toolbox
from bot.agents.interface import Answer, Question
from bot.agents.understanding.entities.pipelines import MatchKind
from bot.agents.understanding.entities.time_ranges import KEPT_DAYS
from bot.agents.understanding.interpreter import Intent, Interpretation

MOST_LISTED = 6
_BEYOND = f"Data Factory keeps runs for {KEPT_DAYS} days: I looked back {KEPT_DAYS} days."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerContext:
    """One question on its way: as asked, its tools, as understood, what it is about.

    `intent` is that of the words, or of the question before when they only ask it again;
    `pipeline` is None for questions about a whole factory, or when it is not clear.
    """

    question: Question
    tools: Toolbox
    meant: Interpretation
    intent: Intent
    pipelines: Sequence[Pipeline]
    pipeline: str | None
    factory: str | None = None
    unclear: tuple[str, ...] = ()

    def remembered(self, what: str) -> str | None:
        """Something of the talk so far, when the question refers to it."""
        return (
            cast("str | None", self.question.memory.get(what)) if self.meant.refers_back else None
        )

    async def call(self, name: str, **arguments: object) -> object:
        """Call a tool in the factory that is meant."""
        given = {key: value for key, value in arguments.items() if value is not None}
        where = {"factory": self.factory} if self.factory and "factory" not in given else {}
        return await self.tools.call(name, **given, **where)

    async def runs(self, **arguments: object) -> RunList:
        """The pipeline runs that fit."""
        return cast("RunList", await self.call("adf_pipeline_runs", **arguments))

    async def report(self, run_id: str, **arguments: object) -> RunReport:
        """What happened inside a run."""
        found = await self.call("adf_pipeline_activity_runs", run_id=run_id, **arguments)
        return cast("RunReport", found)


def remembering(turn: AnswerContext, *records: object, note: str | None = None) -> Answer:
    """An answer with its records; what it was about is kept for "it" and "that"."""
    memory: dict[str, Any] = dict(turn.question.memory)
    memory["intent"] = str(turn.intent)
    if turn.pipeline:
        memory |= _named(turn.pipeline, memory)
        memory.pop("listed", None)
    if turn.factory:
        memory["factory"] = turn.factory
    for record in records:
        memory |= _about(record, turn.pipeline)
    said = " ".join(one for one in (_read_as(turn), note, _beyond(turn)) if one)
    return Answer(records=records, memory=memory, note=said or None, sure=turn.meant.sure)


def _named(pipeline: str, memory: dict[str, Any]) -> dict[str, Any]:
    before = memory.get("pipeline")
    return {"pipeline": pipeline, **({"before": before} if before not in {None, pipeline} else {})}


def _read_as(turn: AnswerContext) -> str | None:
    guessed = (
        turn.meant.found.how in {MatchKind.SPELLING, MatchKind.SHORT} and turn.meant.found.names
    )
    return f"Read as {turn.pipeline}." if guessed and turn.pipeline else None


def _beyond(turn: AnswerContext) -> str | None:
    return _BEYOND if turn.meant.asked.beyond and turn.intent is not Intent.TREND else None


def _about(record: object, pipeline: str | None) -> dict[str, Any]:
    report = record.report if isinstance(record, ActivityTable) else record
    if isinstance(report, RunReport):
        return _about_report(report)
    if isinstance(report, RunList):
        return _about_runs(report, pipeline)
    return {}


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
    worst_first = sorted(runs.runs, key=lambda run: run.status not in BROKEN)
    listed = list(dict.fromkeys(run.pipeline for run in worst_first))[:MOST_LISTED]
    return {"listed": listed, "pipeline": None, "run_id": None, "cause_run_id": None} | (
        {"pipeline": listed[0]} if len(listed) == 1 else {}
    )


def _about_run(run: PipelineRun) -> dict[str, Any]:
    return {"run_id": run.run_id, "broken": run.status in BROKEN}


def kept(turn: AnswerContext, *records: object, text: str | None = None) -> Answer:
    """A question asked back: nothing new is remembered."""
    return Answer(records=records, text=text, memory=turn.question.memory, sure=False)
