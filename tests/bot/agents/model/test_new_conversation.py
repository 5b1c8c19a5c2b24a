"""A talk that is lost, doubtful or filtered is asked anew, and nothing is sent twice into one."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import openai
import pytest

from bot.agents.model import FailureKind
from bot.agents.model.errors import ModelFailure
from bot.agents.model.responses import ResponsesPlanner, ServiceTraits
from bot.agents.model.retry import with_retries
from bot.agents.model.types import ConversationPlace, StateMode
from tests.bot.agents.model.room import BACKENDS, Room, room_with
from tests.doubles.foundry import TROUBLES, Brain, EveryTurn, Fault, calls, says

FINE = EveryTurn([says("Ask its owner.")])
RUNS = calls("adf_pipeline_runs", pipeline="Stock")
KEEPERS = ("foundry", "previous")
GONE = (
    {"code": "not_found", "message": "Conversation not found."},
    {"code": "NotFound", "message": "The requested resource was not found."},
    {"code": None, "message": "No such thing."},
)
backends = pytest.mark.parametrize("backend", BACKENDS)
keepers = pytest.mark.parametrize("backend", KEEPERS)


def refused(status: int, **error: object) -> Fault:
    return Fault(status=status, body={"error": {"code": None, **error}})


def said_in(room: Room, conversation: str, text: str) -> int:
    """How often a question stands in a conversation."""
    items = room.double.items(conversation)
    return sum(one.get("role") == "user" and text in str(one["content"]) for one in items)


@pytest.mark.parametrize("error", GONE)
@keepers
async def test_a_lost_talk_is_begun_anew_however_its_404_is_worded(
    error: dict[str, Any], backend: str
) -> None:
    async with room_with(FINE, backend) as room:
        await room.ask("how is stock doing?")
        before = (room.kept["conversation"], room.kept["previous"])
        room.double.faults.add(refused(404, **error))
        answer = (await room.ask("and now?")).answer
        assert (answer.text, answer.failure) == ("Ask its owner.", None)
        assert (room.kept["conversation"], room.kept["previous"]) != before
        assert "how is stock doing?" in json.dumps(room.double.turns[-1]["input"])


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize(
    "error",
    [
        {"message": "Previous response with id 'resp_1' not found."},
        {"message": "Not found.", "param": "previous_response_id"},
    ],
)
async def test_a_response_that_is_not_known_any_more_is_a_lost_talk(
    error: dict[str, Any], status: int
) -> None:
    async with room_with(FINE, "previous") as room:
        await room.ask("how is stock doing?")
        room.double.faults.add(refused(status, **error))
        assert (await room.ask("and now?")).answer.text == "Ask its owner."


@pytest.mark.parametrize("name", ["agent_missing", "deployment_missing"])
async def test_a_model_or_agent_that_is_not_there_costs_no_talk(name: str) -> None:
    async with room_with(FINE) as room:
        await room.ask("hello")
        before = room.kept["conversation"]
        room.double.faults.add(TROUBLES[name])
        assert (await room.ask("how is stock?")).answer.failure is FailureKind.CONFIG
        assert room.kept["conversation"] == before


@backends
async def test_what_is_not_found_in_a_new_talk_either_is_a_matter_of_settings(backend: str) -> None:
    async with room_with(FINE, backend) as room:
        await room.ask("hello")
        room.double.faults.add(*[refused(404, **GONE[1])] * 2)
        assert (await room.ask("how is stock?")).answer.failure is FailureKind.CONFIG
        assert len(room.double.turns) == (2 if backend == "stateless" else 3)
        room.double.faults.clear()
        assert (await room.ask("and now?")).answer.text == "Ask its owner."


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_question_that_may_be_kept_is_asked_in_another_conversation(status: int) -> None:
    async with room_with(FINE) as room:
        await room.ask("hello")
        before = room.kept["conversation"]
        room.double.faults.add(refused(status, message="The server had an error."))
        assert (await room.ask("how is stock?")).answer.text == "Ask its owner."
        turns = room.double.turns
        assert [one["conversation"] == before for one in turns] == [True, True, False]
        assert "hello" in json.dumps(turns[-1]["input"])
        assert room.waits == [0.5]


async def test_a_question_stands_once_where_an_error_came_after_it_was_kept() -> None:
    async with room_with(FINE) as room:
        await room.ask("hello")
        before = room.kept["conversation"]
        room.double.faults.add(refused(502, message="Bad gateway."))
        room.double.talks.conversations[before].add(
            [{"id": "msg_kept", "type": "message", "role": "user", "content": "how is stock?"}]
        )
        await room.ask("how is stock?")
        assert said_in(room, before, "how is stock?") == 1
        assert said_in(room, room.kept["conversation"], "how is stock?") == 1


@pytest.mark.parametrize("backend", ["previous", "stateless"])
async def test_where_nothing_is_added_to_a_talk_the_same_is_sent_again(backend: str) -> None:
    async with room_with(FINE, backend) as room:
        room.double.faults.add(TROUBLES["server_error"])
        assert (await room.ask("how is stock?")).answer.text == "Ask its owner."
        first, second = room.double.turns
        assert first == second


async def test_a_service_that_turned_the_question_away_is_asked_again_in_the_same_talk() -> None:
    async with room_with(FINE) as room:
        busy = {"error": {"code": "service_unavailable", "message": "Later."}}
        room.double.faults.add(Fault(status=503, body=busy, headers={"retry-after": "3"}))
        assert (await room.ask("how is stock?")).answer.text == "Ask its owner."
        assert len({one["conversation"] for one in room.double.turns}) == 1
        assert room.waits == [3.0]


async def test_a_lookup_that_was_made_is_not_made_again_in_another_conversation() -> None:
    async with room_with(EveryTurn([RUNS], [says("Ask its owner.")])) as room:
        room.double.faults.add(Fault(at=99), TROUBLES["server_error"])
        assert (await room.ask("how is stock?")).answer.text == "Ask its owner."
        assert room.called == ["adf_pipeline_runs"]


@asynccontextmanager
async def service(transport: httpx2.MockTransport) -> AsyncGenerator[ResponsesPlanner]:
    """Whoever plans with a service that is this transport."""
    async with openai.AsyncOpenAI(
        api_key="none",
        base_url="http://127.0.0.1/",
        max_retries=0,
        http_client=httpx2.AsyncClient(transport=transport),
    ) as client:
        yield ResponsesPlanner(client, {"model": "m"}, ServiceTraits(state=StateMode.PREVIOUS))


async def tries_of(transport: httpx2.MockTransport) -> tuple[FailureKind, list[float]]:
    """How a step failed, and the waits before it was tried again."""
    waits: list[float] = []

    async def pause(seconds: float) -> None:
        waits.append(seconds)

    async with service(transport) as planner:
        with pytest.raises(ModelFailure) as failed:
            await with_retries(lambda: planner.step(ConversationPlace(), [], lambda _: None), pause)
    return failed.value.kind, waits


@pytest.mark.parametrize(
    ("code", "kind"),
    [("server_error", FailureKind.SERVER), ("rate_limit_exceeded", FailureKind.RATE_LIMITED)],
)
async def test_what_the_service_took_is_not_sent_again(code: str, kind: FailureKind) -> None:
    said = f'data: {{"error":{{"code":"{code}","message":"Slow down."}}}}\n\n'
    head = {"content-type": "text/event-stream", "retry-after": "1"}
    stream = httpx2.MockTransport(lambda _: httpx2.Response(200, text=said, headers=head))
    assert await tries_of(stream) == (kind, [])


@pytest.mark.parametrize(("error", "waits"), [(httpx2.ConnectError, [0.5]), (httpx2.ReadError, [])])
async def test_a_service_that_was_never_reached_is_tried_again(
    error: type[httpx2.TransportError], waits: list[float]
) -> None:
    def fail(_: httpx2.Request) -> httpx2.Response:
        raise error("no")

    assert await tries_of(httpx2.MockTransport(fail)) == (FailureKind.NETWORK, waits)


@keepers
async def test_a_talk_that_a_filter_refused_is_begun_anew_without_what_was_asked(
    backend: str,
) -> None:
    async with room_with(FINE, backend) as room:
        await room.ask("how is stock doing?")
        before = (room.kept["conversation"], room.kept["previous"])
        room.double.faults.add(TROUBLES["prompt_filtered"])
        assert (await room.ask("something bad")).answer.failure is FailureKind.CONTENT_FILTER
        assert (await room.ask("and now?")).answer.text == "Ask its owner."
        assert (room.kept["conversation"], room.kept["previous"]) != before
        replayed = json.dumps(room.double.turns[-1]["input"])
        assert "how is stock doing?" in replayed
        assert "something bad" not in replayed


async def test_questions_that_a_filter_refuses_in_a_new_talk_are_not_told_again() -> None:
    async with room_with(FINE) as room:
        await room.ask("how is stock doing?")
        room.double.faults.add(*[TROUBLES["prompt_filtered"]] * 2)
        await room.ask("and now?")
        await room.ask("and now?")
        assert (await room.ask("hello")).answer.text == "Ask its owner."
        assert "how is stock doing?" not in json.dumps(room.double.turns[-1]["input"])


async def test_calls_left_open_in_a_filtered_talk_are_not_answered_elsewhere() -> None:
    brain: Brain = EveryTurn([RUNS], [says("Ask its owner.")])
    async with room_with(brain) as room:
        room.double.faults.add(Fault(at=99), TROUBLES["prompt_filtered"])
        assert (await room.ask("how is stock?")).answer.failure is FailureKind.CONTENT_FILTER
        assert room.kept["pending"] == []
        assert (await room.ask("and now?")).answer.text == "Ask its owner."
