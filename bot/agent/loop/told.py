"""What a turn of a language model gives: an Answer, and what it cost."""

from dataclasses import dataclass

from bot.agent.interface import NOTHING, Answer, Spent
from bot.agent.loop.failures import FailureKind
from cards.records import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One thing a turn did: a step of the model or a tool call; nothing of what was said or found.

    `ended` is the status of a step, or "ok" or the kind of error of a call. `begun` is when, on a
    clock that only tells what came before what; `arguments` are redacted and short.
    """

    what: str
    seconds: float
    ended: str
    response: str = ""
    begun: float = 0.0
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelAnswer(Answer):
    """An answer with words of a model; `missing` is the one line to show when they are not there.

    `sources` are the pages the words cite. `failure` says what kind of thing went wrong.
    """

    sources: tuple[Source, ...] = ()
    missing: str = ""
    failure: FailureKind | None = None
    spent: Spent = NOTHING
    trace: tuple[Traced, ...] = ()
