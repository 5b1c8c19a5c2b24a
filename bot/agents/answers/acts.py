"""Answers to what people want done: a proposal to press on, and never the act itself.

What does not fit is said first; where several things could be meant, the person chooses.
"""

from dataclasses import replace

from adf.records import ActionKind, PipelineRun, RerunMode, RunList, RunStatus
from bot.access.roles import Right
from bot.agents.answers import act_targets as targets
from bot.agents.answers import act_wishes
from bot.agents.answers.clarify import MOST_CHOICES, unclear
from bot.agents.answers.context import AnswerContext, answered, asked_back
from bot.agents.interface import Answer
from bot.agents.understanding.entities.acts import (
    means_children,
    means_stuck,
    names_among,
    parameters_in,
)
from bot.agents.understanding.intents import Intent
from bot.agents.understanding.references import is_in_a_state
from cards.records import Choice, Denied, Picker, Problem, ProposalReport

UNCHANGED = "I proposed nothing, and nothing was changed."


async def rerun(turn: AnswerContext) -> Answer:
    """A rerun or a run of what was named, of what is talked about, or of what failed."""
    chosen = await targets.run_named(turn)
    if isinstance(chosen, Answer):
        return chosen
    if chosen is not None:
        return await _propose_rerun(turn, chosen)
    back = _several(turn) or unclear(turn)
    if back is not None:
        return _wants(turn, back)
    if turn.pipeline is None:
        return await _rerun_of_failed(turn)
    given = parameters_in(turn.question.text)
    if given and turn.intent is Intent.RERUN:
        return await _propose(
            turn, action=ActionKind.RUN, pipeline=turn.pipeline, parameters=dict(given)
        )
    return await _rerun_of_pipeline(turn, turn.pipeline)


async def cancel(turn: AnswerContext) -> Answer:
    """A cancel of the run that was named, or of the one that goes on."""
    chosen = await targets.run_named(turn)
    if isinstance(chosen, Answer):
        return chosen
    if chosen is not None:
        return await _propose_cancel(turn, chosen)
    back = _several(turn) or unclear(turn)
    if back is not None:
        return _wants(turn, back)
    found = await turn.runs(pipeline=turn.pipeline, status=targets.ACTIVE_STATES)
    if not found.runs and turn.subject.recalled and is_in_a_state(turn.frame):
        # "The running one" is another than what was talked about: which, is asked back.
        turn = replace(turn, subject=replace(turn.subject, pipeline=None, recalled=False))
        found = await turn.runs(status=targets.ACTIVE_STATES)
    return await _cancel_among(turn, found)


async def switch_trigger(turn: AnswerContext) -> Answer:
    """A trigger that was named, or that starts the pipeline that was, turned on or off."""
    starts = turn.intent is Intent.TRIGGER_START
    found = await targets.triggers_meant(turn, starts=starts)
    if not found:
        return _wants(turn, await _no_trigger(turn))
    if len(found) > 1:
        verb = "start" if starts else "stop"
        choices = tuple(
            Choice(title=one, question=f"{verb} trigger {one}") for one in found[:MOST_CHOICES]
        )
        return _wants(turn, asked_back(turn, Picker(question="Which trigger?", choices=choices)))
    kind = ActionKind.START_TRIGGER if starts else ActionKind.STOP_TRIGGER
    return await _propose(turn, action=kind, trigger=found[0])


async def _rerun_of_pipeline(turn: AnswerContext, pipeline: str) -> Answer:
    """Of its newest run, or that of the time that was said; one that does not fit is shown."""
    timed = await act_wishes.runs_of_the_time(turn, pipeline)
    found = await targets.newest_runs(turn, pipeline)
    if timed is not None and len(timed.runs) != 1:
        newest = found.runs[0] if found.runs else None
        return _wants(turn, act_wishes.which_of_these(turn, timed, newest))
    found = timed or found
    if not found.runs:
        if turn.intent is Intent.RERUN:
            return await _propose(turn, action=ActionKind.RUN, pipeline=pipeline)
        note = f"{pipeline} has no run to repeat. {UNCHANGED}"
        return _wants(turn, answered(turn, found, note=note))
    newest = await targets.meant_run(turn, found.runs[0])
    failed = await targets.failed_ones(turn, newest)
    if failed is not None and len(failed.runs) > 1:
        return _wants(turn, act_wishes.which_of_these(turn, failed, newest))
    newest = failed.runs[0] if failed is not None and failed.runs else newest
    if newest.status in targets.ACTIVE:
        note = f"{_state(newest)} already: {UNCHANGED} Cancel that run first, or wait for it."
        return _wants(turn, answered(turn, found, note=note))
    is_from_failure = turn.intent is Intent.RERUN_FROM_FAILED
    if is_from_failure and newest.status is RunStatus.SUCCEEDED and not _begins_at(turn):
        note = f"Its newest run succeeded, so no failed activity is left to begin at. {UNCHANGED}"
        return _wants(turn, answered(turn, found, note=note))
    return await _propose_rerun(turn, newest)


async def _rerun_of_failed(turn: AnswerContext) -> Answer:
    """Nothing was named: the one pipeline whose newest run failed, or a choice; never all."""
    failed = await targets.failed_now(turn)
    if not failed.runs:
        return _wants(turn, answered(turn, failed, note=f"Nothing failed there. {UNCHANGED}"))
    if len(failed.runs) == 1 and turn.frame.slots.failed and not turn.frame.slots.each:
        return await _propose_rerun(turn, failed.runs[0])
    mode = " from failure" if _says_from(turn) else ""
    choices = tuple(
        Choice(
            title=f"{run.pipeline} ({targets.ended(run, turn.question.zone)})",
            question=f"rerun run {run.run_id}{mode}",
        )
        for run in failed.runs
    )
    picker = Picker(question="Which one? I propose them one at a time.", choices=choices)
    return _wants(turn, _listed(asked_back(turn, picker), failed))


async def _cancel_among(turn: AnswerContext, found: RunList) -> Answer:
    going = [run for run in found.runs if run.status is RunStatus.IN_PROGRESS]
    wanted = going or list(found.runs)
    if turn.pipeline is None:
        late = targets.overlong(found, wanted)
        wanted = late if late and means_stuck(turn.question.text) else wanted
    if not wanted:
        return _wants(turn, await _nothing_to_cancel(turn))
    # "Kill it" of nothing that was talked about is asked back, also where only one run goes on.
    is_named = turn.pipeline is not None or means_stuck(turn.question.text)
    if len(wanted) == 1 and is_named:
        return await _propose_cancel(turn, wanted[0])
    choices = tuple(
        Choice(
            title=f"{run.pipeline} {run.run_id[:8]} ({targets.since(run, turn.question.zone)})",
            question=f"cancel run {run.run_id}",
        )
        for run in wanted[:MOST_CHOICES]
    )
    return _wants(turn, asked_back(turn, Picker(question="Which run?", choices=choices)))


async def _nothing_to_cancel(turn: AnswerContext) -> Answer:
    """That nothing of it runs or waits, and how its newest run ended."""
    newest = await targets.newest_runs(turn, turn.pipeline) if turn.pipeline else None
    where = f"of {turn.pipeline} " if turn.pipeline else ""
    problem = Problem(
        area="action",
        asked=turn.question.text,
        happened=f"No run {where}is under way, so there is nothing to cancel. {UNCHANGED}",
        fix="",
        who="",
        last_known=newest.one_line(turn.question.zone) if newest and newest.runs else None,
        as_of=newest.as_of if newest else None,
    )
    answer = answered(turn, *(() if newest is None else (newest,)))
    return replace(answer, records=(problem,))


async def _propose_rerun(turn: AnswerContext, run: PipelineRun) -> Answer:
    begins_at = await targets.activity_named(turn, run)
    if isinstance(begins_at, Problem):
        return _wants(turn, asked_back(turn, begins_at))
    mode = RerunMode.FROM_FAILURE if turn.intent is Intent.RERUN_FROM_FAILED else RerunMode.WHOLE
    return await _propose(
        turn,
        action=ActionKind.RERUN,
        pipeline=run.pipeline,
        run_id=run.run_id,
        mode=RerunMode.FROM_ACTIVITY if begins_at else mode,
        activity=begins_at,
        factory=run.factory or None,
    )


async def _propose_cancel(turn: AnswerContext, run: PipelineRun) -> Answer:
    return await _propose(
        turn,
        action=ActionKind.CANCEL,
        pipeline=run.pipeline,
        run_id=run.run_id,
        recursive=True if means_children(turn.question.text) else None,
        factory=run.factory or None,
    )


async def _propose(turn: AnswerContext, **arguments: object) -> Answer:
    """The card of a proposal, or why there is none; the talk goes on about the same run."""
    record = await turn.call("adf_propose_action", **arguments)
    if isinstance(record, Denied | Problem):
        return replace(asked_back(turn, record), sure=True)
    answer = answered(turn, record)
    if not isinstance(record, ProposalReport):
        return answer
    target = record.target
    about = {"pipeline": target.pipeline, "run_id": target.run_id} if target.run_id else {}
    memory = {**answer.memory, **about, "proposal": record.proposal_id}
    # A proposal is a question itself: nobody else has to be asked what was meant.
    return replace(answer, memory=memory, sure=True)


def _several(turn: AnswerContext) -> Answer | None:
    """A choice where several pipelines were named or are meant: one act at a time."""
    if not turn.unclear or turn.pipeline is not None or turn.frame.slots.factory.unknown:
        return None
    names = turn.unclear
    verb = "cancel the run of" if turn.intent is Intent.CANCEL else "rerun"
    mode = " from failure" if turn.intent is Intent.RERUN_FROM_FAILED else ""
    choices = tuple(
        Choice(title=name, question=f"{verb} {name}{mode}") for name in names[:MOST_CHOICES]
    )
    return asked_back(turn, Picker(question="Which pipeline do you mean?", choices=choices))


async def _no_trigger(turn: AnswerContext) -> Answer:
    known = await targets.trigger_names(turn)
    verb = "start" if turn.intent is Intent.TRIGGER_START else "stop"
    near = list(names_among(turn.question.text, known)) or list(known)
    return asked_back(
        turn,
        Problem(
            area="name",
            asked=turn.question.text,
            happened="I don't know which trigger that is.",
            fix="Pick one, or type its name as it appears in Data Factory.",
            who="",
            choices=tuple(
                Choice(title=one, question=f"{verb} trigger {one}") for one in near[:MOST_CHOICES]
            ),
        ),
    )


def _listed(answer: Answer, runs: RunList) -> Answer:
    """The choices by number and by name: "the second", "payments"."""
    return replace(answer, memory={**answer.memory, "listed": [one.pipeline for one in runs.runs]})


def _wants(turn: AnswerContext, answer: Answer) -> Answer:
    """What is asked back is asked of somebody who may act; others are told so first."""
    is_here = turn.factory in {None, "", turn.question.factory}
    return replace(answer, wants=Right.ACT) if is_here else answer


def _begins_at(turn: AnswerContext) -> bool:
    return bool(turn.frame.slots.unknown)


def _says_from(turn: AnswerContext) -> bool:
    """Whether "from failure" was said, and not only that something failed."""
    return turn.intent is Intent.RERUN_FROM_FAILED and " from " in f" {turn.frame.masked.lower()} "


def _state(run: PipelineRun) -> str:
    queued = run.status is RunStatus.QUEUED
    return f"{run.pipeline} is {'queued' if queued else 'running'}"
