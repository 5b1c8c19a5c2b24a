"""Answers about what went wrong: the cause, what to do, what happened inside, whether before."""

from dataclasses import replace

from adf.errors import NotFound
from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityTable,
    Meaning,
    PipelineRun,
    RunList,
    RunReport,
    RunStatus,
)
from bot.agents.answers.callers import describe_callers
from bot.agents.answers.context import AnswerContext, answered
from bot.agents.answers.docs import from_an_error, from_the_docs, is_about_the_last, with_pages
from bot.agents.answers.run_before import report_of_run
from bot.agents.answers.schedules import not_started
from bot.agents.interface import Answer
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.text import tokens_of
from cards.records import DocsAnswer, PageSource
from cards.text import duration

MOST_TOLD = 3
# "Error?" asks for the error itself.
MOST_BARE = 2


async def why(turn: AnswerContext) -> Answer:
    """The cause of the newest failure, with the newer run if it is well again."""
    if turn.frame.slots.run_id:
        return answered(turn, await turn.report(turn.frame.slots.run_id))
    if turn.unclear:
        return await _why_each(turn)
    if turn.other_run:
        return await report_of_run(turn, turn.other_run)
    runs = await turn.runs(pipeline=turn.pipeline, latest_only=True, **turn.times)
    newest = runs.runs[0] if runs.runs else None
    if newest and newest.status in BROKEN:
        return answered(turn, await turn.report(newest.run_id))
    if runs.is_held_up:
        return answered(turn, runs)  # it neither failed nor is it well: it was kept from starting
    if newest is None:
        idle = await not_started(turn, runs)
        return idle or answered(turn, runs, note=await describe_callers(turn))
    return await _failed_before(turn, runs, newest)


async def _failed_before(turn: AnswerContext, runs: RunList, newest: PipelineRun) -> Answer:
    """The last failure of what is well again; that there was none, or why no run came of it."""
    failed = await turn.runs(pipeline=turn.pipeline, status=[RunStatus.FAILED], **turn.times)
    if failed.runs:
        report = await turn.report(failed.runs[0].run_id)
        return answered(turn, replace(report, newer=newest))
    idle = await not_started(turn, runs)
    return idle or answered(turn, runs, note=_did_not_fail(turn, newest))


def _did_not_fail(turn: AnswerContext, newest: PipelineRun) -> str:
    """First of all: what was asked about did not happen."""
    when = "in that time" if turn.times else "in the last 48 hours"
    now = "is still running" if newest.status in ACTIVE else f"{newest.status}".lower()
    return f"{turn.pipeline} did not fail {when}: its newest run {now}."


async def _why_each(turn: AnswerContext) -> Answer:
    """The cause for each pipeline that was named."""
    subjects = (
        replace(turn.subject, pipeline=name, unclear=()) for name in turn.unclear[:MOST_TOLD]
    )
    answers = [await why(replace(turn, subject=one)) for one in subjects]
    records = tuple(record for answer in answers for record in answer.records)
    return replace(answers[-1], records=records)


async def next_steps(turn: AnswerContext) -> Answer:
    """The failure talked about, whose card tells meaning and steps; else the newest one."""
    run_id = turn.remembered("run_id")
    if run_id and turn.question.memory.get("broken"):
        return answered(turn, await turn.report(run_id))
    return await why(turn)


async def about_an_error(turn: AnswerContext) -> Answer:
    """What an error means: the one that was named, else the one that is talked about."""
    memory = turn.question.memory
    pasted = await from_an_error(turn)
    if pasted is not None:
        return pasted
    run_id = memory.get("run_id") if memory.get("broken") else None
    if turn.frame.slots.errors or not (run_id and is_about_the_last(turn)):
        return await from_the_docs(turn)
    report = await turn.report(str(run_id))
    if len(tokens_of(turn.question.text)) <= MOST_BARE:
        return answered(turn, report)
    more = more_about(report)
    return answered(turn, await with_pages(turn, more) if more else report)


async def details(turn: AnswerContext) -> Answer:
    """The activity runs of a run: all of them, or those that failed."""
    broken_only = turn.intent is Intent.FAILED_ACTIVITIES
    run_id = turn.frame.slots.run_id or run_talked_about(turn)
    if run_id is None:
        failed = [RunStatus.FAILED] if broken_only else None
        runs = await turn.runs(
            pipeline=turn.pipeline, latest_only=True, status=failed, **turn.times
        )
        if not runs.runs and broken_only and turn.pipeline:
            return await why(turn)  # it tells how the run went that did not fail
        if not runs.runs:
            return answered(turn, runs)
        run_id = runs.runs[0].run_id
    report = await turn.report(run_id)
    if broken_only and report.cause and len(report.cause.failed) == 1:
        return answered(turn, report)
    has_broken = any(one.status in BROKEN for one in report.activity_runs)
    if report.run.status in ACTIVE and not has_broken:
        broken_only = False  # "on which step" of a run that goes on
    only = tuple(one for one in RunStatus if one in BROKEN)  # a set has no order to show
    table = ActivityTable(report=report, only=only if broken_only else ())
    return answered(turn, table, note=_slowest(turn, report))


def _slowest(turn: AnswerContext, report: RunReport) -> str | None:
    """The activity run that took longest, where that is asked for."""
    timed = [
        (one.end - one.start, one.name)
        for one in report.activity_runs
        if one.end is not None and one.start is not None
    ]
    if turn.intent is not Intent.SLOWEST_STEP or not timed:
        return None
    length, name = max(timed)
    return f"The slowest step is {name}: {duration(length)}."


async def history(turn: AnswerContext) -> Answer:
    """Whether the error occurred before; a pipeline that is well has none to ask about."""
    try:
        found = await turn.call("adf_error_history", pipeline=turn.pipeline)
    except NotFound as error:
        found = await turn.runs(pipeline=turn.pipeline, latest_only=True)
        return answered(turn, found, note=f"{error.said}.")
    return answered(turn, found)


def run_talked_about(turn: AnswerContext) -> str | None:
    """The run of the conversation; for failed items, the run below it in which they broke."""
    if turn.times:
        return None
    failed = turn.intent is Intent.FAILED_ACTIVITIES
    cause = turn.remembered("cause_run_id") if failed else None
    return cause or turn.remembered("run_id")


MOST_WORDS = 260


def more_about(report: RunReport) -> DocsAnswer | None:
    """An answer from the catalogue of errors; None when it does not know this one."""
    cause, meaning = report.cause, report.meaning
    if cause is None or meaning is None:
        return None
    place = f"{cause.path[-1].activity} of {cause.path[-1].pipeline}" if cause.path else ""
    place = place or report.run.pipeline
    code = f" (error {cause.error.code})" if cause.error.code else ""
    return DocsAnswer(
        question=f"What the error of {report.run.pipeline} means",
        finding=f"{place}{code}: {meaning.cause}",
        points=(f"Error: {_first(cause.error.message)}", *meaning.next_steps),
        sources=_sources(meaning),
        built_in=True,
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
