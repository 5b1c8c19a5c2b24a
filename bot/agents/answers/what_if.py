"""Answers to what an act would do, and to who did what: nothing is proposed."""

import re
from collections.abc import Sequence
from dataclasses import replace

from adf.errors import AdfError
from adf.records import ActionKind, PipelineRun, RerunMode, RunStatus
from bot.agents.answers import act_targets as targets
from bot.agents.answers.changes import changes
from bot.agents.answers.clarify import MOST_CHOICES, unclear
from bot.agents.answers.context import AnswerContext, answered, asked_back, said
from bot.agents.answers.queue_order import after_it_ends
from bot.agents.answers.rerun_odds import does_it_help
from bot.agents.answers.schedules import restart_of_a_runtime
from bot.agents.interface import Answer
from cards.records import AuditReport, Choice, Denied, Picker

NOTHING = "Name a pipeline or a run, and I show what a rerun or a cancel of it would do."
# Which act is asked about, in the languages people write in; a rerun where none of these is said.
_CANCEL = re.compile(
    r"(?i)\b(?:cancel\w*|abort\w*|kill\w*|stop\w*|abbrech\w*|abbruch|abgebrochen|stopp\w*|annul\w*"
    r"|interromp\w*|det[ée]n\w*|par[ao]r?|arr[êe]t\w*|ferm\w*)\b"
)
_WHOLE = re.compile(r"(?i)\b(?:whole|entire|beginning|scratch|full(?:y)?|ganz\w*|von vorn\w*)\b")
# The kind of thing by its common names.
_RUNTIME = re.compile(r"(?i)\b(?:shir|ir|self.?hosted|(?:integration ?)?runtimes?|gateways?)\b")
_AUDITED = (
    (re.compile(r"(?i)\b(?:re-?r[au]n\w*|restart\w*|neu ?gestartet)\b"), "rerun"),
    (_CANCEL, "cancel"),
)


async def what_if(turn: AnswerContext) -> Answer:
    """What a cancel or the rerun of a child would do, or a restart of a runtime hit.

    Else whether a rerun helps.
    """
    is_named = turn.pipeline is not None and not turn.subject.recalled
    if not is_named and _RUNTIME.search(turn.frame.masked):
        return await restart_of_a_runtime(turn)
    is_of_several = len(turn.unclear) > 1 and turn.pipeline is None
    if not is_of_several and not _CANCEL.search(turn.frame.masked):
        is_rerun = _AUDITED[0][0].search(turn.frame.masked) is not None
        waiting = None if is_rerun else await after_it_ends(turn)
        return waiting or await does_it_help(turn)
    run = await _run_meant(turn)
    if isinstance(run, Answer):
        return run
    if run is None:
        return said(turn, NOTHING, sure=False)
    cancels = _CANCEL.search(turn.frame.masked) is not None
    if cancels and run.status not in targets.ACTIVE:
        text = f"{run.pipeline} is not running, so there is nothing to cancel."
        return said(turn, text, sure=turn.settled)
    is_broken = run.status not in {*targets.ACTIVE, RunStatus.SUCCEEDED}
    from_failure = is_broken and not _WHOLE.search(turn.frame.masked)
    record = await turn.call(
        "adf_preview_action",
        action=ActionKind.CANCEL if cancels else ActionKind.RERUN,
        pipeline=run.pipeline,
        run_id=run.run_id,
        mode=RerunMode.FROM_FAILURE if from_failure and not cancels else None,
        factory=run.factory or None,
    )
    if isinstance(record, Denied):
        return asked_back(turn, record)
    answer = answered(turn, record)
    memory = {**answer.memory, "pipeline": run.pipeline, "run_id": run.run_id}
    return replace(answer, memory=memory)


async def audit(turn: AnswerContext) -> Answer:
    """Who reran, cancelled, approved or was refused what."""
    if turn.unclear and not turn.pipeline:
        names = turn.unclear[:MOST_CHOICES]
        choices = tuple(Choice(title=one, question=f"who reran {one}") for one in names)
        return asked_back(turn, Picker(question="Which pipeline do you mean?", choices=choices))
    hours = _hours(turn)
    record = await turn.call(
        "ops_audit",
        pipeline=turn.pipeline,
        run_id=turn.frame.slots.run_id,
        incident=turn.frame.slots.incident,
        action=_act_meant(turn),
        hours=hours,
    )
    if isinstance(record, Denied):
        return asked_back(turn, record)
    is_empty = isinstance(record, AuditReport) and not record.lines
    if turn.pipeline and is_empty and _act_meant(turn) is None:
        # Nothing was done through the bot or to a run: what was changed is in Azure's log.
        return await changes(turn)
    return answered(turn, record)


async def _run_meant(turn: AnswerContext) -> PipelineRun | Answer | None:
    """The run that is asked about: by id, of the pipeline, or the child of two that were named."""
    named = await targets.run_named(turn)
    if named is not None:
        return named
    several = turn.unclear if len(turn.unclear) > 1 else ()
    if several and turn.pipeline is None:
        return await _child_among(turn, several)
    back = unclear(turn)
    if back is not None:
        return back
    if turn.pipeline is None:
        return None
    found = await targets.newest_runs(turn, turn.pipeline)
    return await targets.meant_run(turn, found.runs[0]) if found.runs else None


async def _child_among(turn: AnswerContext, names: Sequence[str]) -> PipelineRun | Answer:
    """Of two names of which one calls the other, the run that was called."""
    newest: list[PipelineRun] = []
    for name in names[:MOST_CHOICES]:
        try:
            found = await turn.runs(pipeline=name, latest_only=True)
        except AdfError:
            continue
        newest += found.runs[:1]
    ids = {run.run_id for run in newest}
    called = [run for run in newest if run.invoked_by and run.invoked_by.pipeline_run_id in ids]
    if len(called) == 1:
        return called[0]
    choices = tuple(Choice(title=one, question=f"will a rerun of {one} help") for one in names)
    return asked_back(
        turn, Picker(question="Which of them would be run again?", choices=choices[:MOST_CHOICES])
    )


def _hours(turn: AnswerContext) -> float | None:
    """How far back, so that the whole of the time that was asked about is in it."""
    time = turn.frame.slots.time
    if not time.given or time.start is None:
        return None
    return max(1.0, (turn.question.now - time.start).total_seconds() / 3600)


def _act_meant(turn: AnswerContext) -> str | None:
    text = turn.frame.masked
    return next((act for pattern, act in _AUDITED if pattern.search(text)), None)
