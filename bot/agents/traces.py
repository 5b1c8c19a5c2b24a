"""How an answer came about: in memory for an hour, for operators to look at.

A trace holds what was understood and done, in what time, with which ids and redacted arguments;
nothing of what was said or found. A restart loses it; where there are several replicas it lies in
the store, so that any of them can show it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cachetools import FIFOCache, TTLCache

from adf.redaction import redact_start
from bot.agents.interface import NOTHING, Question
from bot.agents.model import ModelAnswer, Traced
from bot.agents.recording import NotedWork, TurnRecorder, WorkKind
from bot.state.passing_rows import PassingPlace, PassingRows
from bot.state.store import Moment, RowCodec
from cards.records import Trace, TraceStep

LIFETIME = timedelta(hours=1)
MOST_TRACES = 200
MOST_STEPS = 60
LONGEST_QUESTION = 200
MODEL_STEPS = frozenset({"step", "choice"})
OK = "ok"
_TurnKey = tuple[str, str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTrace:
    """A trace, and the factories that a person must operate to see it."""

    trace: Trace
    factories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A step with the time it began on the clock of the process."""

    begun: float
    step: TraceStep


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTrace:
    """A trace in the store; `person` is the Entra object id of who asked."""

    trace: Trace
    factories: tuple[str, ...]
    person: str
    at: Moment


SHARED_TRACES = PassingPlace(partition="traces", codec=RowCodec(SharedTrace), lifetime=LIFETIME)


class Traces:
    """Traces by id; the oldest go first, and all of them after an hour."""

    def __init__(
        self,
        *,
        model: str,
        clock: Callable[[], datetime],
        make_id: Callable[[], str],
        shared: PassingRows[SharedTrace] | None = None,
    ) -> None:
        """`model` is the name of the model, if any; `make_id` makes ids that nobody can guess.

        `shared` is where other replicas find what was kept here.
        """
        self._shared = shared
        self._model = model
        self._clock = clock
        self._make_id = make_id
        self._turns: FIFOCache[_TurnKey, tuple[_Step, ...]] = FIFOCache(MOST_TRACES)
        self._models: FIFOCache[str, tuple[ModelAnswer | None, tuple[_Step, ...]]] = FIFOCache(
            MOST_TRACES
        )
        self._readings: FIFOCache[_TurnKey, tuple[str, float]] = FIFOCache(MOST_TRACES)
        self._stored: TTLCache[str, StoredTrace] = TTLCache(
            MOST_TRACES, LIFETIME.total_seconds(), timer=lambda: clock().timestamp()
        )

    def keep_turn(
        self, question: Question, recorder: TurnRecorder, took: float, trace_id: str = ""
    ) -> str:
        """Keep what code did for a question, in so many seconds; returns the id of its trace.

        With a `trace_id` that is put in front of what a model did for it in the same turn.
        """
        work = tuple(_steps(recorder))
        key = _key(question)
        before = self._turns.get(key, ())
        by_model, after = self._models.get(trace_id, (None, before))
        self._readings[key] = recorder.intents[0] if recorder.intents else ("", 0.0)
        self._turns[key] = (*work, *before)
        return self._store(
            question, self._trace(question, by_model, took, (*work, *after)), trace_id
        )

    def keep(
        self,
        question: Question,
        answer: ModelAnswer,
        took: float,
        recorder: TurnRecorder | None = None,
        *,
        leads: bool = False,
    ) -> str:
        """Keep how an answer of a model came about that took so many seconds; returns its id.

        What was done before for the same question stands in front; this itself does so for what
        follows, where it `leads`.
        """
        mine = tuple(_steps(recorder)) if recorder else ()
        work = (*self._turns.get(_key(question), ()), *mine, *map(_of_model, answer.trace))
        if leads:
            self._turns[_key(question)] = work
        trace_id = self._store(question, self._trace(question, answer, took, work))
        self._models[trace_id] = answer, work
        return trace_id

    def _store(self, question: Question, trace: Trace, trace_id: str = "") -> str:
        trace_id = trace_id or self._make_id()
        self._stored[trace_id] = StoredTrace(trace=trace, factories=question.factories)
        if self._shared is not None:
            person = question.speaker.person_id
            self._shared.put(trace_id, lambda: self._row_of(trace_id, person))
        return trace_id

    def find(self, trace_id: str) -> StoredTrace | None:
        """A trace of this process by its id; None when it is gone."""
        return self._stored.get(trace_id)

    async def find_anywhere(self, trace_id: str) -> StoredTrace | None:
        """A trace of any replica by its id; None when it is gone."""
        found = self.find(trace_id)
        if found is not None or self._shared is None:
            return found
        row = await self._shared.get(trace_id)
        return StoredTrace(trace=row.trace, factories=row.factories) if row else None

    def _row_of(self, trace_id: str, person: str) -> SharedTrace | None:
        """What the other replicas should find, as it is now."""
        found = self._stored.get(trace_id)
        if found is None:
            return None
        return SharedTrace(
            trace=found.trace, factories=found.factories, person=person, at=self._clock()
        )

    def _trace(
        self,
        question: Question,
        answer: ModelAnswer | None,
        took: float,
        work: Sequence[_Step],
    ) -> Trace:
        intent, confidence = self._readings.get(_key(question), ("", 0.0))
        done = sorted(work, key=lambda one: one.begun)[:MOST_STEPS]
        first = done[0].begun if done else 0.0
        spent = answer.spent if answer else NOTHING
        return Trace(
            asked=redact_start(question.text, LONGEST_QUESTION)[:LONGEST_QUESTION],
            factory=question.factory,
            model=self._model if answer else "",
            at=self._clock(),
            seconds=took,
            intent=intent,
            confidence=confidence,
            tokens_in=spent.input,
            cached=spent.cached,
            tokens_out=spent.output,
            steps=tuple(replace(one.step, after=max(0.0, one.begun - first)) for one in done),
            said=answer.said if answer else 0,
            dropped=answer.dropped if answer else 0,
            failure=str(answer.failure or "") if answer else "",
        )


def _key(question: Question) -> _TurnKey:
    return question.speaker.person_id, question.address.conversation, question.now


def _steps(recorder: TurnRecorder) -> Iterator[_Step]:
    """What was done, in order; the pages of one list are one step."""
    pages: dict[tuple[str, tuple[tuple[str, str], ...]], list[NotedWork]] = {}
    for one in recorder.work:
        if one.kind is WorkKind.AZURE:
            pages.setdefault((one.what, one.arguments), []).append(one)
        else:
            yield _step_of([one])
    for together in pages.values():
        yield _step_of(together)


def _step_of(work: Sequence[NotedWork]) -> _Step:
    first = work[0]
    count = (("calls", str(len(work))),) if first.kind is WorkKind.AZURE else ()
    ended = next((one.ended for one in work if one.ended != OK), OK)
    step = TraceStep(
        what=first.what,
        kind=str(first.kind),
        after=0.0,
        seconds=sum(one.seconds for one in work),
        ended=ended,
        arguments=(*first.arguments, *count),
    )
    return _Step(begun=first.begun, step=step)


def _of_model(one: Traced) -> _Step:
    step = TraceStep(
        what=one.what,
        kind="model" if one.what in MODEL_STEPS else "tool",
        after=0.0,
        seconds=one.seconds,
        ended=one.ended,
        arguments=one.arguments,
        response=one.response,
    )
    return _Step(begun=one.begun, step=step)
