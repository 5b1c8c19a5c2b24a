"""How the model came to its words: redacted, for an hour, for operators alone."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.agents.interface import Question, Spent
from bot.agents.model import FailureKind, ModelAnswer, Traced
from bot.agents.recording import TurnRecorder
from bot.agents.traces import (
    LIFETIME,
    MOST_STEPS,
    MOST_TRACES,
    SHARED_TRACES,
    Traces,
)
from bot.state.erasure import erase_person
from bot.state.passing_rows import PassingRows
from bot.state.store import MemoryStore
from tests.bot.builders.nights import MAYA, channel

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
QUESTION = Question(
    text="why did X fail, Password=hunter2secret;",
    speaker=MAYA,
    address=channel(),
    now=NOW,
    zone=ZoneInfo("UTC"),
    factory="prod",
    factories=("prod", "test"),
)
ANSWER = ModelAnswer(
    text="the words",
    spent=Spent(input=900, cached=100, output=40, steps=2, calls=1),
    trace=(
        Traced(what="step", seconds=2.0, ended="completed", response="resp_1", begun=50.0),
        Traced(what="step", seconds=1.0, ended="completed", response="resp_2", begun=53.0),
        Traced(what="adf_x", seconds=0.5, ended="ok", begun=52.0, arguments=(("hours", "48"),)),
    ),
)


class World:
    """A clock and ids of a test."""

    def __init__(self) -> None:
        self.now = NOW
        self.made = 0
        self.store = MemoryStore()
        self.traces = self.replica()

    def replica(self, *, shared: bool = False) -> Traces:
        rows = PassingRows(self.store, SHARED_TRACES, lambda: self.now) if shared else None
        return Traces(model="gpt", clock=lambda: self.now, make_id=self._make_id, shared=rows)

    def _make_id(self) -> str:
        self.made += 1
        return f"t{self.made}"


def test_a_trace_tells_what_was_done_in_the_order_it_was_done() -> None:
    world = World()
    filed = world.traces.find(world.traces.keep(QUESTION, ANSWER, 4.2))
    assert filed
    trace = filed.trace
    assert [(one.what, one.after) for one in trace.steps] == [
        ("step", 0.0),
        ("adf_x", 2.0),
        ("step", 3.0),
    ]
    assert (trace.tokens_in, trace.cached, trace.tokens_out) == (900, 100, 40)
    assert (trace.model, trace.seconds, trace.at) == ("gpt", 4.2, NOW)
    assert filed.factories == ("prod", "test")


def test_nothing_of_the_words_and_no_secret_is_in_it() -> None:
    world = World()
    filed = world.traces.find(world.traces.keep(QUESTION, ANSWER, 1.0))
    assert "hunter2secret" not in str(filed)
    assert "the words" not in str(filed)


def test_a_turn_that_failed_says_why_and_a_long_one_is_cut() -> None:
    world = World()
    many = replace(ANSWER, trace=ANSWER.trace * MOST_STEPS, failure=FailureKind.BUDGET)
    filed = world.traces.find(world.traces.keep(QUESTION, many, 1.0))
    assert filed
    assert len(filed.trace.steps) == MOST_STEPS
    assert filed.trace.failure == FailureKind.BUDGET
    empty = world.traces.find(world.traces.keep(QUESTION, replace(ANSWER, trace=()), 1.0))
    assert empty
    assert empty.trace.steps == ()


def test_traces_go_after_an_hour_and_never_grow_beyond_a_bound() -> None:
    world = World()
    first = world.traces.keep(QUESTION, ANSWER, 1.0)
    world.now += LIFETIME - timedelta(seconds=1)
    second = world.traces.keep(QUESTION, ANSWER, 1.0)
    assert world.traces.find(first)
    world.now += timedelta(seconds=1)
    assert world.traces.find(first) is None
    assert world.traces.find(second)
    for _ in range(MOST_TRACES):
        world.traces.keep(QUESTION, ANSWER, 1.0)
    assert world.traces.find(second) is None
    assert world.traces.find(f"t{world.made}")


async def test_a_trace_is_shown_by_any_replica_for_an_hour() -> None:
    world = World()
    one, other = world.replica(shared=True), world.replica(shared=True)
    trace_id = one.keep(QUESTION, ANSWER, 4.2)
    await asyncio.sleep(0)
    assert other.find(trace_id) is None
    assert await other.find_anywhere(trace_id) == one.find(trace_id)
    assert await world.replica().find_anywhere(trace_id) is None
    world.now += LIFETIME
    assert await other.find_anywhere(trace_id) is None


async def test_a_trace_in_the_store_is_the_newest_and_is_erased_with_who_asked() -> None:
    world = World()
    one, other = world.replica(shared=True), world.replica(shared=True)
    trace_id = one.keep(QUESTION, ANSWER, 1.0)
    one.keep_turn(QUESTION, TurnRecorder(), 5.0, trace_id)
    await asyncio.sleep(0)
    found = await other.find_anywhere(trace_id)
    assert found is not None
    assert found.trace.seconds == 5.0
    await erase_person(world.store, MAYA.person_id)
    assert await other.find_anywhere(trace_id) is None
