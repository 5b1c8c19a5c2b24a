"""One question on its way through the offline agent, and what is remembered of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adf.records import ActivityTable, Pipeline, RunReport
from adf.tool import Toolbox
from bot.agent.interface import Answer, Question
from bot.agent.offline.names import How
from bot.agent.offline.understanding import Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One question on its way: as asked, its tools, as understood, and its pipeline."""

    question: Question
    tools: Toolbox
    meant: Understanding
    pipelines: Sequence[Pipeline]
    pipeline: str | None


def remembering(turn: Talk, record: object) -> Answer:
    """An answer with its record; the pipeline and run it was about are kept for "it" and "that"."""
    memory: dict[str, Any] = dict(turn.question.memory)
    if turn.pipeline:
        memory["pipeline"] = turn.pipeline
    report = record.report if isinstance(record, ActivityTable) else record
    if isinstance(report, RunReport):
        memory |= _about(report)
    note = None
    if turn.meant.found.how is How.SPELLING and turn.pipeline:
        note = f"Read as {turn.pipeline}."
    return Answer(records=(record,), memory=memory, note=note)


def _about(report: RunReport) -> dict[str, Any]:
    """What to remember of a run: its pipeline, its id, and the run in which the cause lies."""
    path = report.cause.path if report.cause else ()
    about = {"pipeline": report.run.pipeline, "run_id": report.run.run_id}
    return {**about, "cause_run_id": path[-1].run_id} if path else about


def kept(turn: Talk, record: object) -> Answer:
    """A question asked back: nothing new is remembered."""
    return Answer(records=(record,), memory=turn.question.memory, sure=False)
