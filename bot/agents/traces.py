"""How the language model came to its answers: in memory for an hour, for operators to look at.

A trace holds what was done, in what time, with which ids and redacted arguments; nothing of what
was said or found. A restart loses it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import TTLCache

from adf.redaction import redact
from bot.agents.interface import Question
from bot.agents.model import ModelAnswer, Traced
from cards.records import Trace, TraceStep

LIFETIME = timedelta(hours=1)
MOST_TRACES = 200
MOST_STEPS = 60
LONGEST_QUESTION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTrace:
    """A trace, and the factories that a person must operate to see it."""

    trace: Trace
    factories: tuple[str, ...]


class Traces:
    """Traces by id; the oldest go first, and all of them after an hour."""

    def __init__(
        self, *, model: str, clock: Callable[[], datetime], make_id: Callable[[], str]
    ) -> None:
        """`model` is the name of the model; `make_id` makes ids that nobody can guess."""
        self._model = model
        self._clock = clock
        self._make_id = make_id
        self._stored: TTLCache[str, StoredTrace] = TTLCache(
            MOST_TRACES, LIFETIME.total_seconds(), timer=lambda: clock().timestamp()
        )

    def keep(self, question: Question, answer: ModelAnswer, took: float) -> str:
        """Keep how an answer came about that took so many seconds; returns its id."""
        trace_id = self._make_id()
        self._stored[trace_id] = StoredTrace(
            trace=self._trace(question, answer, took),
            factories=question.factories,
        )
        return trace_id

    def find(self, trace_id: str) -> StoredTrace | None:
        """A trace by its id; None when it is gone."""
        return self._stored.get(trace_id)

    def _trace(self, question: Question, answer: ModelAnswer, took: float) -> Trace:
        spent = answer.spent
        done = sorted(answer.trace, key=lambda one: one.begun)[:MOST_STEPS]
        first = done[0].begun if done else 0.0
        return Trace(
            asked=redact(question.text)[:LONGEST_QUESTION],
            factory=question.factory,
            model=self._model,
            at=self._clock(),
            seconds=took,
            tokens_in=spent.input,
            cached=spent.cached,
            tokens_out=spent.output,
            steps=tuple(_step(one, first) for one in done),
            failure=str(answer.failure or ""),
        )


def _step(one: Traced, first: float) -> TraceStep:
    return TraceStep(
        what=one.what,
        after=one.begun - first,
        seconds=one.seconds,
        ended=one.ended,
        arguments=one.arguments,
        response=one.response,
    )
