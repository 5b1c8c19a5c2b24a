"""Answers about what went wrong: the cause, what to do, what happened inside, whether before."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from adf.errors import NotFound
from adf.records import BROKEN, ActivityTable, Meaning, PipelineRun, RunReport, RunStatus
from bot.agents.answers.context import AnswerContext, remembering
from bot.agents.answers.docs import with_pages
from bot.agents.interface import Answer
from bot.agents.understanding.lexicon import Phrase, Sign
from cards.records import DocsAnswer, PageSource

MOST_TOLD = 3


async def why(turn: AnswerContext) -> Answer:
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


async def _why_each(turn: AnswerContext) -> Answer:
    """The cause for each pipeline that was named."""
    answers = [
        await why(replace(turn, pipeline=name, unclear=())) for name in turn.unclear[:MOST_TOLD]
    ]
    records = tuple(record for answer in answers for record in answer.records)
    return replace(answers[-1], records=records)


async def next_steps(turn: AnswerContext) -> Answer:
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


async def details(turn: AnswerContext) -> Answer:
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


async def history(turn: AnswerContext) -> Answer:
    """Whether the error occurred before; a pipeline that is well has none to ask about."""
    try:
        found = await turn.call("adf_error_history", pipeline=turn.pipeline)
    except NotFound as error:
        found = await turn.runs(pipeline=turn.pipeline, latest_only=True)
        return remembering(turn, found, note=f"{error.said}.")
    return remembering(turn, found)


def run_talked_about(turn: AnswerContext) -> str | None:
    """The run of the talk so far; for its items, the run below it in which they broke."""
    cause = turn.remembered("cause_run_id") if Sign.ITEMS in turn.meant.signs else None
    return cause or turn.remembered("run_id")


MOST_WORDS = 260


def more_about(report: RunReport, question: str) -> DocsAnswer | None:
    """An answer from the catalogue of errors; None when it does not know this one."""
    cause, meaning = report.cause, report.meaning
    if cause is None or meaning is None:
        return None
    place = f"{cause.path[-1].activity} of {cause.path[-1].pipeline}" if cause.path else ""
    place = place or report.run.pipeline
    code = f" (error {cause.error.code})" if cause.error.code else ""
    return DocsAnswer(
        question=question,
        finding=f"{place}{code}: {meaning.cause}",
        points=(f"Its own words: {_first(cause.error.message)}", *meaning.next_steps),
        sources=_sources(meaning),
        factory=report.run.factory,
    )


def _sources(meaning: Meaning) -> tuple[PageSource, ...]:
    if not meaning.page:
        return ()
    about = meaning.code or "this error"
    return (PageSource(title=f"Microsoft Learn about {about}", url=meaning.page),)


def _first(message: str) -> str:
    plain = " ".join(message.split())
    return plain if len(plain) <= MOST_WORDS else f"{plain[:MOST_WORDS]}…"


MOST_CALLERS = 3


async def callers_told(turn: AnswerContext) -> str | None:
    """A sentence on the newest runs of those that call the pipeline; None when nobody does."""
    callers = _callers(turn)
    if not callers:
        return None
    found = await asyncio.gather(*(turn.runs(pipeline=one, latest_only=True) for one in callers))
    told = [_told(name, runs.runs) for name, runs in zip(callers, found, strict=True)]
    return f"{turn.pipeline} is started by {'; '.join(told)}."


def _callers(turn: AnswerContext) -> Sequence[str]:
    meant = turn.factory or turn.question.factory
    return [
        one.name
        for one in turn.pipelines
        if turn.pipeline in one.calls and meant in {"", one.factory}
    ][:MOST_CALLERS]


def _told(name: str, runs: Sequence[PipelineRun]) -> str:
    if not runs:
        return f"{name}, which did not run either"
    newest = runs[0]
    if newest.status in BROKEN:
        return f"{name}, whose newest run failed: ask why {name} failed"
    return f"{name}, whose newest run is {newest.status}"
