"""The offline agent: understands, calls the tools and answers with their records."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityTable,
    Pipeline,
    PipelineRun,
    RunList,
    RunReport,
    RunStatus,
)
from bot.agent.interface import Answer, Progress, Question, Step, ToolboxFor
from bot.agent.offline.asking_back import asked_back, nothing_to_compare
from bot.agent.offline.talk import Talk, kept, remembering
from bot.agent.offline.times import Asked
from bot.agent.offline.understanding import Intent, understand

LONG_AGO = 24 * 14.0
Inventory = Callable[[], Awaitable[Sequence[Pipeline]]]


class OfflineAgent:
    """Answers from the words alone, with the tools of the toolbox."""

    def __init__(self, toolbox_for: ToolboxFor, inventory: Inventory) -> None:
        """Borrow the tools for each question and the list of pipelines that exist."""
        self._toolbox_for = toolbox_for
        self._inventory = inventory
        self._answers = {
            Intent.STATUS: self._status,
            Intent.WHY: self._why,
            Intent.DETAILS: self._details,
            Intent.TREND: self._trend,
            Intent.COMPARE: self._compare,
            Intent.HISTORY: self._history,
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
        turn = Talk(
            question=question,
            tools=self._toolbox_for(question),
            meant=meant,
            pipelines=pipelines,
            pipeline=pipeline,
        )
        yield asked_back(turn) or await self._answers[meant.intent](turn)

    async def _status(self, turn: Talk) -> Answer:
        times = turn.meant.asked.arguments
        runs = await _runs(turn, pipeline=turn.pipeline, latest_only=True, **times)
        return remembering(turn, runs)

    async def _why(self, turn: Talk) -> Answer:
        if turn.meant.run_id:
            return remembering(turn, await _report(turn, turn.meant.run_id))
        runs = await _runs(turn, pipeline=turn.pipeline, latest_only=True)
        newest = runs.runs[0] if runs.runs else None
        if newest and newest.status in BROKEN:
            return remembering(turn, await _report(turn, newest.run_id))
        failed = await _runs(turn, pipeline=turn.pipeline, status=[RunStatus.FAILED])
        if not failed.runs:
            return remembering(turn, runs)
        report = await _report(turn, failed.runs[0].run_id)
        return remembering(turn, replace(report, newer=newest))

    async def _details(self, turn: Talk) -> Answer:
        run_id = turn.meant.run_id or self._run_talked_about(turn)
        if run_id is None:
            wanted = [RunStatus.FAILED] if turn.meant.broken_only else []
            only = {"status": wanted} if wanted else {}
            runs = await _runs(turn, pipeline=turn.pipeline, latest_only=True, **only)
            if not runs.runs:
                return remembering(turn, runs)
            run_id = runs.runs[0].run_id
        report = await _report(turn, run_id)
        only_broken = turn.meant.broken_only and not turn.meant.refers_back
        table = ActivityTable(report=report, only=tuple(BROKEN) if only_broken else ())
        return remembering(turn, table)

    async def _trend(self, turn: Talk) -> Answer:
        asked = turn.meant.asked
        since = (turn.question.now - asked.start) / timedelta(hours=1) if asked.start else None
        wanted = {
            "pipeline": turn.pipeline,
            "hours": asked.hours or since,
            "critical": turn.meant.critical or None,
        }
        given = {name: value for name, value in wanted.items() if value is not None}
        return remembering(turn, await turn.tools.call("adf_run_stats", **given))

    async def _history(self, turn: Talk) -> Answer:
        """Whether the error occurred before; a pipeline that is well has none to ask about."""
        if not turn.meant.refers_back:
            runs = await _runs(turn, pipeline=turn.pipeline, latest_only=True)
            if not any(run.status in BROKEN for run in runs.runs):
                return remembering(turn, runs)
        found = await turn.tools.call("adf_error_history", pipeline=turn.pipeline)
        return remembering(turn, found)

    async def _compare(self, turn: Talk) -> Answer:
        """The run talked about, or the newest, against the one before it or of the time asked."""
        runs = (await _runs(turn, pipeline=turn.pipeline, hours=LONG_AGO)).runs
        run_id = self._run_talked_about(turn)
        mine = next((run for run in runs if run.run_id == run_id), runs[0] if runs else None)
        others = [run for run in runs if mine and _is_before(run, mine, turn.meant.asked)]
        if mine is None or not others:
            return kept(turn, nothing_to_compare(turn))
        found = await turn.tools.call(
            "adf_compare_runs", run_id_a=mine.run_id, run_id_b=others[0].run_id
        )
        return remembering(turn, found)

    def _run_talked_about(self, turn: Talk) -> str | None:
        """The run of the talk so far; for its items, the run below it in which they broke."""
        if not turn.meant.refers_back:
            return None
        known, memory = ("cause_run_id" if turn.meant.items else "run_id"), turn.question.memory
        return cast("str | None", memory.get(known) or memory.get("run_id"))

    async def _running(self, turn: Talk) -> Answer:
        active = [RunStatus.IN_PROGRESS, RunStatus.QUEUED]
        return remembering(turn, await _runs(turn, status=active))

    async def _failures(self, turn: Talk) -> Answer:
        times = turn.meant.asked.arguments
        return remembering(turn, await _runs(turn, status=[RunStatus.FAILED], **times))

    async def _help(self, turn: Talk) -> Answer:
        return remembering(turn, await turn.tools.call("bot_help"))


async def _report(turn: Talk, run_id: str) -> RunReport:
    called = await turn.tools.call("adf_pipeline_activity_runs", run_id=run_id)
    return cast("RunReport", called)


async def _runs(turn: Talk, **arguments: object) -> RunList:
    return cast("RunList", await turn.tools.call("adf_pipeline_runs", **arguments))


def _is_before(run: PipelineRun, mine: PipelineRun, asked: Asked) -> bool:
    """Whether a run can be held against mine: older, ended, and of the time that was asked for."""
    if run.run_id == mine.run_id or run.start is None or run.status in ACTIVE:
        return False
    if asked.start and not asked.start <= run.start <= (asked.end or run.start):
        return False
    return mine.start is None or run.start < mine.start
