"""The offline agent: understands, calls the tools and answers with their records."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from adf.records import BROKEN, ActivityTable, Pipeline, RunList, RunReport, RunStatus
from adf.tool import Toolbox
from bot.agent.interface import Answer, Progress, Question, Step
from bot.agent.offline.names import How, nearest
from bot.agent.offline.understanding import Intent, Understanding, understand
from cards.records import Choice, Picker, Trouble

MOST_CHOICES = 6
NOT_MINE = (
    "I only know Azure Data Factory: ask me for the status of a pipeline, why one failed, "
    "or what is running."
)
NOT_YET = (
    "I can read, not act, so far: no run was started, stopped or changed. "
    "Ask me for a status, for the reason of a failure, or for what is running."
)

Inventory = Callable[[], Awaitable[Sequence[Pipeline]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One question on its way: as asked, as understood, and the pipeline it is about."""

    question: Question
    meant: Understanding
    pipelines: Sequence[Pipeline]
    pipeline: str | None


class OfflineAgent:
    """Answers from the words alone, with the tools of the toolbox."""

    def __init__(self, toolbox: Toolbox, inventory: Inventory) -> None:
        """Borrow the tools and the list of pipelines that exist."""
        self._toolbox = toolbox
        self._inventory = inventory
        self._answers = {
            Intent.STATUS: self._status,
            Intent.WHY: self._why,
            Intent.DETAILS: self._details,
            Intent.RUNNING: self._running,
            Intent.FAILURES: self._failures,
            Intent.HELP: self._help,
        }

    async def answer(self, question: Question) -> AsyncIterator[Step]:
        """Yield what is being done, then the answer; raises the AdfError of a tool."""
        yield Progress(doing="Reading Data Factory")
        pipelines = await self._inventory()
        names = [one.name for one in pipelines]
        meant = understand(question.text, names, question.now, question.zone)
        known = cast("str | None", question.memory.get("pipeline"))
        pipeline = meant.found.one or (known if meant.refers_back else None)
        turn = _Turn(question=question, meant=meant, pipelines=pipelines, pipeline=pipeline)
        yield _asked_back(turn) or await self._answers[meant.intent](turn)

    async def _status(self, turn: _Turn) -> Answer:
        times = turn.meant.asked.arguments
        runs = await self._runs(pipeline=turn.pipeline, latest_only=True, **times)
        return _remembering(turn, runs)

    async def _why(self, turn: _Turn) -> Answer:
        if turn.meant.run_id:
            return _remembering(turn, await self._report(turn.meant.run_id))
        runs = await self._runs(pipeline=turn.pipeline, latest_only=True)
        newest = runs.runs[0] if runs.runs else None
        if newest and newest.status in BROKEN:
            return _remembering(turn, await self._report(newest.run_id))
        failed = await self._runs(pipeline=turn.pipeline, status=[RunStatus.FAILED])
        if not failed.runs:
            return _remembering(turn, runs)
        report = await self._report(failed.runs[0].run_id)
        return _remembering(turn, replace(report, newer=newest))

    async def _details(self, turn: _Turn) -> Answer:
        run_id = turn.meant.run_id or self._run_talked_about(turn)
        if run_id is None:
            wanted = [RunStatus.FAILED] if turn.meant.broken_only else []
            only = {"status": wanted} if wanted else {}
            runs = await self._runs(pipeline=turn.pipeline, latest_only=True, **only)
            if not runs.runs:
                return _remembering(turn, runs)
            run_id = runs.runs[0].run_id
        report = await self._report(run_id)
        only_broken = turn.meant.broken_only and not turn.meant.refers_back
        table = ActivityTable(report=report, only=tuple(BROKEN) if only_broken else ())
        return _remembering(turn, table)

    def _run_talked_about(self, turn: _Turn) -> str | None:
        """The run of the talk so far; for its items, the run below it in which they broke."""
        if not turn.meant.refers_back:
            return None
        known, memory = ("cause_run_id" if turn.meant.items else "run_id"), turn.question.memory
        return cast("str | None", memory.get(known) or memory.get("run_id"))

    async def _report(self, run_id: str) -> RunReport:
        called = await self._toolbox.call("adf_pipeline_activity_runs", run_id=run_id)
        return cast("RunReport", called)

    async def _running(self, turn: _Turn) -> Answer:
        active = [RunStatus.IN_PROGRESS, RunStatus.QUEUED]
        return _remembering(turn, await self._runs(status=active))

    async def _failures(self, turn: _Turn) -> Answer:
        times = turn.meant.asked.arguments
        return _remembering(turn, await self._runs(status=[RunStatus.FAILED], **times))

    async def _help(self, turn: _Turn) -> Answer:
        return _remembering(turn, await self._toolbox.call("bot_help"))

    async def _runs(self, **arguments: object) -> RunList:
        return cast("RunList", await self._toolbox.call("adf_pipeline_runs", **arguments))


def _asked_back(turn: _Turn) -> Answer | None:
    """The answer to a question that no tool should be called for; None when one should."""
    meant, text = turn.meant, turn.question.text
    if meant.intent in {Intent.NOTHING, Intent.ACT}:
        said = NOT_MINE if meant.intent is Intent.NOTHING else NOT_YET
        return Answer(text=said, memory=turn.question.memory, sure=False)
    if meant.bad_run_id:
        return _kept(turn, _no_run_id(meant.bad_run_id, text))
    if meant.intent in {Intent.RUNNING, Intent.FAILURES, Intent.HELP} or meant.run_id:
        return None
    if len(meant.found.names) > 1:
        names = meant.found.names[:MOST_CHOICES]
        return _kept(turn, _which(f"Which pipeline do you mean by “{text}”?", names, meant.intent))
    if turn.pipeline is None:
        return _kept(turn, _no_pipeline(turn))
    if not meant.sure:
        return _kept(turn, _ways_on(turn.pipeline))
    return None


def _remembering(turn: _Turn, record: object) -> Answer:
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


def _kept(turn: _Turn, record: object) -> Answer:
    return Answer(records=(record,), memory=turn.question.memory, sure=False)


def _which(question: str, names: Sequence[str], intent: Intent) -> Picker:
    asking = "why did {} fail" if intent is Intent.WHY else "status of {}"
    choices = tuple(Choice(title=name, question=asking.format(name)) for name in names)
    return Picker(question=question, choices=choices)


def _ways_on(pipeline: str) -> Picker:
    return Picker(
        question=f"I am not sure what you want to know about {pipeline}.",
        choices=(
            Choice(title="Status", question=f"status of {pipeline}"),
            Choice(title="Why did it fail", question=f"why did {pipeline} fail"),
            Choice(title="What is running", question="what is running"),
        ),
    )


def _no_pipeline(turn: _Turn) -> object:
    """Nothing in the text is a known pipeline: the nearest names, never a default."""
    names = nearest(turn.question.text, [one.name for one in turn.pipelines])
    if turn.meant.refers_back:
        return _which("Which pipeline do you mean?", names, turn.meant.intent)
    return Trouble(
        area="name",
        asked=turn.question.text,
        happened="No pipeline of this factory has such a name.",
        mend="Choose one of the nearest names, or write it as Data Factory has it.",
        who="you",
        choices=_which("", names, turn.meant.intent).choices,
    )


def _no_run_id(said: str, asked: str) -> Trouble:
    return Trouble(
        area="input",
        asked=asked,
        happened=f"{said} is not a valid run id.",
        mend="A full run id has 36 characters, like 0f8fad5b-d9cb-469f-a165-70867728950e. "
        "Studio shows it under Monitor, Pipeline runs.",
        who="you",
    )
