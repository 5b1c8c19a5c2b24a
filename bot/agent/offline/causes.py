"""Answers about what went wrong: the cause, what to do, what happened inside, whether before."""

from dataclasses import replace

from adf.errors import NotFound
from adf.records import BROKEN, ActivityTable, RunReport, RunStatus
from bot.agent.interface import Answer
from bot.agent.offline.callers import callers_told
from bot.agent.offline.docs import with_pages
from bot.agent.offline.more import more_about
from bot.agent.offline.phrases import Phrase
from bot.agent.offline.talk import Talk, remembering
from bot.agent.offline.words import Sign

MOST_TOLD = 3


async def why(turn: Talk) -> Answer:
    """The cause of the newest failure, with the newer run if it is well again."""
    if turn.meant.run_id:
        return remembering(turn, await turn.report(turn.meant.run_id))
    if turn.unclear:
        return await _why_each(turn)
    times = turn.meant.asked.arguments
    runs = await turn.runs(pipeline=turn.pipeline, latest_only=True, **times)
    newest = runs.runs[0] if runs.runs else None
    if newest and newest.status in BROKEN:
        return remembering(turn, await turn.report(newest.run_id))
    if newest is None:
        return remembering(turn, runs, note=await callers_told(turn))
    failed = await turn.runs(pipeline=turn.pipeline, status=[RunStatus.FAILED], **times)
    if not failed.runs:
        return remembering(turn, runs)
    report = await turn.report(failed.runs[0].run_id)
    return remembering(turn, replace(report, newer=newest))


async def _why_each(turn: Talk) -> Answer:
    """The cause for each pipeline that was named."""
    answers = [
        await why(replace(turn, pipeline=name, unclear=())) for name in turn.unclear[:MOST_TOLD]
    ]
    records = tuple(record for answer in answers for record in answer.records)
    return replace(answers[-1], records=records)


async def next_steps(turn: Talk) -> Answer:
    """The failure talked about, whose card tells meaning and steps; else the newest one.

    Who asks for more about an error gets what the catalogue has on it, with its page.
    """
    run_id = turn.remembered("run_id")
    if run_id and turn.question.memory.get("broken") and not turn.meant.run_id:
        answer = remembering(turn, await turn.report(run_id))
    else:
        answer = await why(turn)
    report = answer.records[0] if answer.records else None
    if Phrase.MORE not in turn.meant.phrases or not isinstance(report, RunReport):
        return answer
    more = more_about(report, turn.question.text)
    if more is None:
        return answer
    told = replace(turn, question=replace(turn.question, memory=answer.memory))
    return replace(answer, records=(await with_pages(told, more),))


async def details(turn: Talk) -> Answer:
    """The activity runs of a run: all of them, or those that failed."""
    run_id = turn.meant.run_id or run_talked_about(turn)
    if run_id is None:
        only = [RunStatus.FAILED] if turn.meant.broken_only else None
        runs = await turn.runs(pipeline=turn.pipeline, latest_only=True, status=only)
        if not runs.runs:
            return remembering(turn, runs)
        run_id = runs.runs[0].run_id
    only_broken = turn.meant.broken_only and not turn.meant.refers_back
    report = await turn.report(run_id)
    return remembering(
        turn, ActivityTable(report=report, only=tuple(BROKEN) if only_broken else ())
    )


async def history(turn: Talk) -> Answer:
    """Whether the error occurred before; a pipeline that is well has none to ask about."""
    try:
        found = await turn.call("adf_error_history", pipeline=turn.pipeline)
    except NotFound as error:
        found = await turn.runs(pipeline=turn.pipeline, latest_only=True)
        return remembering(turn, found, note=f"{error.said}.")
    return remembering(turn, found)


def run_talked_about(turn: Talk) -> str | None:
    """The run of the talk so far; for its items, the run below it in which they broke."""
    cause = turn.remembered("cause_run_id") if Sign.ITEMS in turn.meant.signs else None
    return cause or turn.remembered("run_id")
