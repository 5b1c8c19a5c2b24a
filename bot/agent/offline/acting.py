"""Answers to orders: nothing is changed, and an unclear name is asked back as for any question."""

from dataclasses import replace

from adf.records import RunStatus
from bot.agent.interface import Answer
from bot.agent.offline.asking_back import which
from bot.agent.offline.intents import Intent
from bot.agent.offline.orders import ENDING
from bot.agent.offline.talk import Talk, kept
from bot.rights import Right
from cards.records import Picker

NOT_YET = (
    "I can read, not act, so far: no run was started, stopped or changed. "
    "Ask me for a status, for the reason of a failure, or for what is running."
)
_OPEN = [RunStatus.IN_PROGRESS, RunStatus.QUEUED]
MOST_CHOICES = 6


async def act(turn: Talk) -> Answer:
    """Say that nothing was changed; who may not act at all is told so instead."""
    return replace(await _not_yet(turn), wants=Right.ACT)


async def _not_yet(turn: Talk) -> Answer:
    """What was meant, as far as it is clear; else which pipeline is asked back."""
    if turn.unclear:
        return kept(turn, _which(turn, turn.unclear))
    unknown = None in turn.meant.signs
    if turn.pipeline or turn.meant.run_id or unknown or not turn.meant.refers_back:
        about = f" (You mean {turn.pipeline}.)" if turn.pipeline else ""
        return kept(turn, text=f"{NOT_YET}{about}")
    states = _OPEN if turn.meant.order in ENDING else [RunStatus.FAILED]
    found = await turn.runs(status=states)
    names = tuple(dict.fromkeys(run.pipeline for run in found.runs))
    return kept(turn, _which(turn, names)) if names else kept(turn, text=NOT_YET)


def _which(turn: Talk, names: tuple[str, ...]) -> Picker:
    asked = f"Which pipeline do you mean by “{turn.question.text}”? I can only read so far."
    return which(asked, names[:MOST_CHOICES], Intent.STATUS)
