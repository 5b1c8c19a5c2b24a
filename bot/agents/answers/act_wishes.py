"""What was read as an order and is none of ours, or is wanted later or under a condition.

A card to press on is made only of what the words ask for: an act of ours, on a thing of ours, now.
"""

import re

from adf.records import PipelineRun, RunList
from bot.agents.answers.bot import not_mine
from bot.agents.answers.clarify import MOST_CHOICES, readings
from bot.agents.answers.context import AnswerContext, asked_back
from bot.agents.answers.unavailable import edit
from bot.agents.interface import Answer
from bot.agents.understanding.act_words import (
    asks_for,
    begins_with,
    begins_with_a_condition,
    changes_something,
    is_about_others,
    is_order_of_button,
    is_under_a_condition,
    only_asks,
    orders_again,
)
from bot.agents.understanding.exact import question_for
from bot.agents.understanding.intents import PROPOSED, Intent
from cards.records import Choice, Picker, Problem

# What one may be taken off: in most languages that people write in here.
_OF_MESSAGES = re.compile(
    r"(?i)\b(?:alert|alarm|notif|messag|ping|subscri|abo|nachricht|benachricht|watch|list|avis"
    r"|mensaj|mensag|aviso|messagg|me|us|mich|uns|moi|nous|nos|room|channel|kanal|canal)\w*"
)
_MAY_ORDER = PROPOSED | {Intent.WHAT_IF}
# What is asked of everything that failed.
_OF_FAILED = frozenset(
    {Intent.FAILURES_LIST, Intent.OVERVIEW, Intent.CRITICAL_OVERVIEW, Intent.RUNS_LIST}
)
_OF_RUNS = frozenset({Intent.RERUN, Intent.RERUN_FROM_FAILED, Intent.CANCEL})
# A moment beside the pipeline or the run is that of the run; elsewhere it may be a reason.
_TIMED_RUN = re.compile(
    r"xtime (?:\w+ )?(?:of |for )?xpipe|xpipe (?:run |one |load )?xtime|runs? xtime"
    r"|xtime (?:run|one)\b"
)
_TO_COME = re.compile(
    r"(?i)(?:at|um|by|à|às|a las?|alle|om|tonight|this evening|heute abend)\b(?!\W?s\b)"
)
_TONIGHT = re.compile(r"(?i)(?:tonight|this evening|heute abend)\b")
_CLAUSES = re.compile(r"[,;.!?]+\s+|\s-\s")
_GOES_ON = re.compile(
    r"(?i)(?:but|only|just|not|and|then|please|pls|do|run|start|make|aber|nur|und|dann|bitte)\b"
)
WORDS_OF_A_REASON = 3
# So surely something else is asked, a verb at the beginning is no order.
CLEARLY_NO_ORDER = 0.9
_LATER = (
    "I can't do that later or under a condition: I propose an act as it can be done now, and "
    "somebody has to press."
)


def is_an_edit(turn: AnswerContext) -> bool:
    """Whether an unclear text begins with a verb of editing, and not of alerts or an incident."""
    said = turn.frame.masked
    of_ours = _OF_MESSAGES.search(said) or turn.frame.slots.incidents
    return not turn.settled and changes_something(said) and not of_ours


def is_for_all_failed(turn: AnswerContext) -> bool:
    """Whether what was read as a question about all begins with an order: "redo the red ones"."""
    may_be = turn.intent in _OF_FAILED or (turn.intent in _OF_RUNS and not turn.settled)
    is_of_all = may_be and turn.pipeline is None and not turn.unclear and turn.frame.slots.failed
    is_order = is_of_all and orders_again(turn.frame.masked)
    return is_order and not only_asks(turn.question.text) and "?" not in turn.question.text


async def not_an_act(turn: AnswerContext) -> Answer | None:
    """The answer to what only looks like an order of ours; None for an order."""
    said, intent = turn.frame.masked, turn.frame.intent
    if turn.question.pressed and not is_order_of_button(turn.question.text):
        return readings(turn, without=PROPOSED)
    if turn.intent is not intent:
        return None
    if intent is Intent.UNSUBSCRIBE:
        is_edit = changes_something(said) and not _OF_MESSAGES.search(said)
        return await edit(turn) if is_edit else None
    if changes_something(said):
        return await edit(turn) if intent in _OF_RUNS else readings(turn)
    if only_asks(turn.question.text):
        return readings(turn, without=PROPOSED)
    if intent in _OF_RUNS and is_about_others(intent, said):
        return await not_mine(turn)
    if not asks_for(intent, said):
        return readings(turn)
    return _later(turn) if intent in _OF_RUNS and _is_later(turn) else None


def order_with_a_condition(turn: AnswerContext) -> Answer | None:
    """A refusal of an order that is to wait for something, whatever its words were likest to."""
    said = turn.frame.masked
    is_clear = turn.settled and turn.frame.confidence >= CLEARLY_NO_ORDER
    if turn.intent not in _MAY_ORDER and is_clear:
        return None
    is_order = not begins_with_a_condition(said) and (
        begins_with(Intent.RERUN, said) or begins_with(Intent.CANCEL, said)
    )
    is_question = only_asks(turn.question.text)
    return _later(turn) if is_order and not is_question and is_under_a_condition(said) else None


async def runs_of_the_time(turn: AnswerContext, pipeline: str) -> RunList | None:
    """The runs of the time that was said of them; None where none was."""
    if not turn.frame.slots.time.given or not _TIMED_RUN.search(turn.frame.masked):
        return None
    return await turn.runs(pipeline=pipeline, **turn.times)


def which_of_these(turn: AnswerContext, runs: RunList, newest: PipelineRun | None) -> Answer:
    """A choice where the time fits several runs, or none: then the newest one."""
    mode = " from failure" if turn.intent is Intent.RERUN_FROM_FAILED else ""
    wanted = list(runs.runs[:MOST_CHOICES]) or ([newest] if newest else [])
    zone = turn.question.zone
    choices = tuple(
        Choice(
            title=f"{run.status} {run.start.astimezone(zone):%a %H:%M}"
            if run.start
            else run.run_id,
            question=f"rerun run {run.run_id}{mode}",
        )
        for run in wanted
    )
    if runs.runs:
        return asked_back(turn, Picker(question="Which run?", choices=choices))
    return asked_back(
        turn,
        Problem(
            area="window",
            asked=turn.question.text,
            happened=f"{runs.pipeline} has no run there, so I propose nothing.",
            fix="Choose its newest run, or name another time.",
            who="you",
            choices=choices,
        ),
    )


def _is_later(turn: AnswerContext) -> bool:
    time = turn.frame.slots.time
    if time.deadline is not None or time.recurring or is_under_a_condition(turn.frame.masked):
        return True
    *_, last = _CLAUSES.split(turn.frame.masked.rstrip(" .!"))
    is_behind = last.endswith("xtime") and not _is_a_reason(last, turn.frame.intent)
    # "Tonight" said at night is the night that goes on.
    goes_on = _TONIGHT.match(time.said) and time.start and time.start <= turn.question.now
    return is_behind and not goes_on and _TO_COME.match(time.said) is not None


def _is_a_reason(clause: str, intent: Intent) -> bool:
    """Whether a clause behind an order says why: "..., I need the data by six"."""
    goes_on = _GOES_ON.match(clause) or begins_with(intent, clause)
    return not goes_on and len(clause.split()) >= WORDS_OF_A_REASON


def _later(turn: AnswerContext) -> Answer:
    intent = turn.intent if turn.intent in PROPOSED else Intent.RERUN
    now = question_for(intent, turn.pipeline) if turn.pipeline else None
    return asked_back(
        turn,
        Problem(
            area="action",
            asked=turn.question.text,
            happened=_LATER,
            fix="Ask for it when the time has come, or have me tell you when something is done.",
            who="you",
            choices=(Choice(title=f"{now[0].upper()}{now[1:]} now", question=now),) if now else (),
        ),
    )
