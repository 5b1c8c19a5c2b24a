"""A talk that got stuck, locked, lost or cut off goes on with the next question."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest

from bot.agents.interface import Progress
from bot.agents.model import FailureKind, TurnLimits
from bot.agents.model.conversation import UnfinishedTurns
from bot.agents.model.history import SavedConversation, load_conversation
from bot.agents.model.types import ConversationPlace, abandoned_result
from bot.agents.model.types import RequestedCall as Call
from bot.state.conversations import LARGEST
from tests.bot.agents.answers.test_agent import BAD
from tests.bot.agents.model.room import BACKENDS, LEARN, Room, room_with
from tests.doubles.foundry import (
    TROUBLES,
    Answering,
    Babbling,
    EveryTurn,
    Fault,
    Heard,
    Item,
    Scripted,
    Slow,
    calls,
    says,
    wants_approval,
)

RUNS = calls("adf_pipeline_runs", pipeline="Stock")
INSIDE = calls("adf_pipeline_activity_runs", run_id=BAD)
FINE = EveryTurn([RUNS], [says("Ask its owner.")])
backends = pytest.mark.parametrize("backend", BACKENDS)


async def cut_off(room: Room, text: str, doing: str) -> None:
    """Ask, and stop listening when that is being done."""
    steps = room.agent.answer(room.question(text))
    async for step in steps:
        if isinstance(step, Progress) and step.doing == doing:
            await asyncio.sleep(1)  # over once nothing moves any more
            break
    await steps.aclose()  # type: ignore[attr-defined]


@backends
async def test_a_turn_cut_off_while_it_looks_something_up_leaves_the_next_one_working(
    backend: str,
) -> None:
    async with room_with(EveryTurn([says("Hello.")]), backend) as room:
        await room.ask("hello")
        room.double.brain = FINE
        waiting = asyncio.Event()
        query = room.wire.query_runs
        room.wire.query_runs = lambda *_: waiting.wait()  # type: ignore[method-assign,assignment]
        await cut_off(room, "how is stock?", "Looking at runs")
        room.wire.query_runs = query  # type: ignore[method-assign]
        assert (await room.ask("and now?")).answer.text == "Ask its owner."
        await room.double.settled()


async def test_the_calls_of_a_turn_that_was_cut_off_are_answered_by_the_next() -> None:
    async with room_with(EveryTurn([says("Hello.")])) as room:
        await room.ask("hello")
        conversation = room.kept["conversation"]
        room.double.brain = FINE
        room.wire.query_runs = lambda *_: asyncio.Event().wait()  # type: ignore[method-assign,assignment]
        await cut_off(room, "how is stock?", "Looking at runs")
        room.double.brain = EveryTurn([says("Ask its owner.")])
        await room.ask("and now?")
        kinds = [one["type"] for one in room.double.turns[-1]["input"]]
        assert kinds == ["function_call_output", "message"]
        assert room.kept["conversation"] == conversation


@pytest.mark.parametrize("carries_on", [True, False])
async def test_a_turn_cut_off_while_the_model_thinks_leaves_the_next_one_working(
    carries_on: bool,
) -> None:
    async with room_with(EveryTurn([says("Hello.")])) as room:
        await room.ask("hello")
        room.double.carries_on = carries_on
        room.double.brain = Slow(FINE, 20)
        await cut_off(room, "how is stock?", "Asking the language model")
        await room.double.settled()
        room.double.brain = FINE
        assert (await room.ask("and now?")).answer.text == "Ask its owner."


@pytest.mark.parametrize(
    "name",
    [
        "conversation_missing",
        "malformed_conversation",
        "no_tool_output",
        "no_tool_call",
        "failed_no_tool_output",
        "previous_missing",
        "too_long",
    ],
)
@backends
async def test_a_lost_or_broken_talk_goes_on_in_a_new_one(name: str, backend: str) -> None:
    async with room_with(FINE, backend) as room:
        await room.ask("how is stock doing?")
        before = room.kept["conversation"]
        room.double.faults.add(TROUBLES[name])
        answer = (await room.ask("and now?")).answer
        assert (answer.text, answer.failure) == ("Ask its owner.", None)
        assert backend != "foundry" or room.kept["conversation"] != before
        replayed = json.dumps(room.double.turns[-2]["input"])
        assert "how is stock doing?" in replayed
        assert "adf_pipeline_runs" in replayed


async def test_a_talk_that_breaks_again_in_a_new_one_is_given_up() -> None:
    async with room_with(FINE) as room:
        room.double.faults.add(*[TROUBLES["no_tool_output"]] * 2)
        assert (await room.ask("how is stock?")).answer.failure is FailureKind.CORRUPT
        assert (await room.ask("and now?")).answer.text == "Ask its owner."


async def test_what_was_looked_up_before_a_talk_broke_is_not_looked_up_again() -> None:
    async with room_with(EveryTurn([RUNS], [INSIDE], [says("Load broke.")])) as room:
        room.double.faults.add(Fault(at=99), Fault(at=99), TROUBLES["no_tool_output"])
        assert (await room.ask("why?")).answer.text == "Load broke."
        assert room.called == ["adf_pipeline_runs", "adf_pipeline_activity_runs"]


async def test_a_locked_conversation_is_waited_for() -> None:
    async with room_with(FINE) as room:
        room.double.faults.add(*[TROUBLES["conversation_locked"]] * 3)
        assert (await room.ask("how is stock?")).answer.text == "Ask its owner."
        assert room.waits == [2.0, 2.0, 2.0]


async def test_a_conversation_that_stays_locked_is_told() -> None:
    async with room_with(FINE) as room:
        room.double.faults.add(*[TROUBLES["conversation_locked"]] * 4)
        assert (await room.ask("how is stock?")).answer.failure is FailureKind.BUSY


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("fault", ["cut", "cut_hard"])
async def test_a_stream_that_broke_off_after_a_call_leaves_the_next_turn_working(
    fault: str,
    keeps: bool,
) -> None:
    async with room_with(FINE) as room:
        await room.ask("hello")
        before, events = room.kept["conversation"], len(room.double.streams[0])
        cut, hard = fault == "cut", fault == "cut_hard"
        room.double.faults.add(Fault(at=events - 1, keeps=keeps, cut=cut, cut_hard=hard))
        await room.ask("how is stock?")
        assert room.kept["conversation"] != before
        await room.double.settled()
        assert (await room.ask("and now?")).answer.text == "Ask its owner."


@backends
async def test_a_turn_that_asks_for_too_many_steps_ends_and_the_next_one_works(
    backend: str,
) -> None:
    def more(heard: Heard) -> Sequence[Item]:
        return [calls("adf_pipeline_runs", hours=len(heard.everything) + 1)]

    limits = TurnLimits(steps=3)
    async with room_with(Answering(more), backend, limits=limits) as room:
        answer = (await room.ask("how is stock?")).answer
        assert answer.failure is FailureKind.BUDGET
        assert "more than one question allows" in (answer.note or "")
        assert (len(room.double.turns), len(answer.records)) == (3, 3)
        room.double.brain = EveryTurn([says("Ask its owner.")])
        assert (await room.ask("and now?")).answer.text == "Ask its owner."


async def test_calls_over_the_limit_are_answered_and_not_made() -> None:
    brain = Scripted(
        [calls("adf_pipeline_runs", hours=hours) for hours in range(1, 7)], [says("Enough.")]
    )
    async with room_with(brain, limits=TurnLimits(calls=4)) as room:
        assert (await room.ask("how is it?")).answer.text == "Enough."
        assert len(room.calls) == 4
        outputs = [one["output"] for one in room.double.turns[-1]["input"]]
        assert ["no more lookups" in one for one in outputs] == [False] * 4 + [True] * 2


async def test_a_turn_that_reads_too_many_tokens_ends() -> None:
    async with room_with(Babbling("bot_help"), limits=TurnLimits(tokens=100)) as room:
        answer = (await room.ask("how is stock?")).answer
        assert (answer.failure, len(room.double.turns)) == (FailureKind.BUDGET, 1)


async def test_a_lookup_slower_than_the_turn_is_answered_in_the_next() -> None:
    async with room_with(EveryTurn([says("Hello.")]), limits=TurnLimits(seconds=5)) as room:
        await room.ask("hello")
        room.double.brain = FINE
        query = room.wire.query_runs
        room.wire.query_runs = lambda *_: asyncio.Event().wait()  # type: ignore[method-assign,assignment]
        assert (await room.ask("how is stock?")).answer.failure is FailureKind.TIMEOUT
        assert len(room.kept["pending"]) == 1
        room.wire.query_runs = query  # type: ignore[method-assign]
        assert (await room.ask("and now?")).answer.text == "Ask its owner."


async def test_an_allowed_call_whose_talk_was_lost_is_asked_for_again_in_a_new_one() -> None:
    wish = wants_approval("mslearn", "microsoft_docs_fetch")
    async with room_with(Scripted([wish], [says("Ask again.")]), remote=(LEARN,)) as room:
        (approval,) = (await room.ask("what do the docs say?")).approvals
        room.double.faults.add(TROUBLES["conversation_missing"])
        told = await room.ask(
            "what do the docs say?", decision="press-1", decided={approval.approval_id: True}
        )
        assert told.answer.text == "Ask again."
        assert "what do the docs say?" in str(room.double.turns[-1]["input"])


async def test_memory_stays_small_whatever_turns_did() -> None:
    name = "Größe" * 28
    brain = Scripted(
        *[
            [*[calls("adf_pipeline_runs", pipeline=name, hours=h) for h in range(1, 20)]]
            for _ in range(12)
        ]
    )
    async with room_with(brain, limits=TurnLimits(steps=2)) as room:
        room.names = [name]
        for number in range(6):
            await room.ask(f"{number} " + "ü" * 9000)
            assert len(json.dumps(dict(room.memory))) < LARGEST / 1.5
        assert room.kept["log"][-1][0].startswith("5 ")


def test_more_open_calls_than_can_be_kept_end_the_conversation() -> None:
    calls = tuple(
        abandoned_result(Call(call_id="c" * 64, name="n", arguments="")) for _ in range(200)
    )
    kept = SavedConversation(
        backend="foundry", place=ConversationPlace(conversation="conv_1"), pending=calls
    )
    assert kept.write_to({})["model"]["conversation"] == ""


async def test_memory_that_cannot_be_read_is_no_memory() -> None:
    wrong: list[Any] = [{"log": 7}, {"backend": "foundry"}, [], "x", {"log": [[]]}]
    for broken in wrong:
        assert load_conversation({"model": broken}, "foundry") == SavedConversation(
            backend="foundry"
        )


async def test_a_talk_of_another_backend_goes_on_with_its_log_alone() -> None:
    kept = SavedConversation(backend="previous", place=ConversationPlace(previous="resp_1")).logged(
        "how is it", ["a"]
    )
    read = load_conversation(kept.write_to({}), "foundry")
    assert (read.place, [one.asked for one in read.log]) == (ConversationPlace(), ["how is it"])


def test_only_so_many_cut_off_turns_are_kept_in_mind() -> None:
    unfinished = UnfinishedTurns(most=2)
    call = abandoned_result(Call(call_id="c", name="n", arguments=""))
    talks = [
        SavedConversation(backend="f", place=ConversationPlace(conversation=one))
        for one in ("a", "b", "c", "")
    ]
    for talk in talks:
        unfinished.add(SavedConversation(backend="f", place=talk.place, pending=(call,)))
    assert [len(unfinished.resume(one).pending) for one in talks] == [0, 1, 1, 0]


async def test_more_turns_than_may_go_on_at_once_are_told_that_the_model_is_busy() -> None:
    brain = Slow(EveryTurn([says("Ask its owner.")]), 40)
    async with room_with(brain, limits=TurnLimits(wait_seconds=30), at_once=1) as room:
        await room.agent.open()
        both = await asyncio.gather(room.ask("one"), room.ask("two"))
        assert [one.answer.failure for one in both] == [None, FailureKind.BUSY]
