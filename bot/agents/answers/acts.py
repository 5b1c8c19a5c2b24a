"""Orders to Data Factory: nothing is changed yet, but it is asked back what was meant."""

from collections.abc import Sequence
from dataclasses import replace

from adf.records import RunStatus
from bot.access.roles import Right
from bot.agents.answers.clarify import MOST_CHOICES, which
from bot.agents.answers.context import AnswerContext, asked_back
from bot.agents.answers.unavailable import unavailable
from bot.agents.interface import Answer
from bot.agents.understanding.intents import Intent

_OPEN = (RunStatus.IN_PROGRESS, RunStatus.QUEUED)
_ON_RUNS = frozenset({Intent.RERUN, Intent.RERUN_FROM_FAILED, Intent.CANCEL})


async def act(turn: AnswerContext) -> Answer:
    """Refuse by name what is clear; ask which pipeline is meant where it is not."""
    names = await _candidates(turn)
    if names:
        asked = f"Which pipeline do you mean by “{turn.question.text}”? I can only read so far."
        picker = which(asked, names[:MOST_CHOICES], Intent.STATUS_ONE)
        return replace(asked_back(turn, picker), wants=Right.ACT)
    return await unavailable(turn)


async def _candidates(turn: AnswerContext) -> Sequence[str]:
    """The pipelines it may be about: those that fit, or those that run or failed."""
    if turn.unclear:
        return turn.unclear
    if turn.intent not in _ON_RUNS or turn.frame.slots.names_something or turn.pipeline:
        return ()
    states = _OPEN if turn.intent is Intent.CANCEL else (RunStatus.FAILED,)
    found = await turn.runs(status=list(states))
    return tuple(dict.fromkeys(run.pipeline for run in found.runs))
