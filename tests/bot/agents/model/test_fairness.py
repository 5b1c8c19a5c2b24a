"""Streams that arrive at once share the event loop: none is heard to its end before another."""

import asyncio
import json
from itertools import pairwise
from typing import Any

import httpx2
import openai

from bot.agents.model.responses import ResponsesPlanner, ServiceTraits
from bot.agents.model.types import ConversationPlace, StateMode

PIECES = 5


def _whole(_: httpx2.Request) -> httpx2.Response:
    """A response that arrives in one piece."""
    piece: dict[str, Any] = {
        "item_id": "m",
        "output_index": 0,
        "content_index": 0,
        "delta": "a",
        "logprobs": [],
    }
    events: list[dict[str, Any]] = [
        {"type": "response.output_text.delta", **piece} for _ in range(PIECES)
    ]
    response: dict[str, Any] = {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "output": [],
    }
    events.append({"type": "response.completed", "response": response})
    said = "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events)
    return httpx2.Response(
        200, content=said.encode(), headers={"content-type": "text/event-stream"}
    )


async def test_two_streams_that_are_there_at_once_are_heard_in_turns() -> None:
    transport = httpx2.AsyncClient(transport=httpx2.MockTransport(_whole))
    async with openai.AsyncOpenAI(
        api_key="none", base_url="http://127.0.0.1/", http_client=transport
    ) as client:
        planner = ResponsesPlanner(client, {"model": "m"}, ServiceTraits(state=StateMode.PREVIOUS))
        heard: list[str] = []

        async def listen(name: str) -> None:
            await planner.step(ConversationPlace(), [], lambda _: heard.append(name))

        await listen("before")
        heard.clear()
        await asyncio.gather(listen("one"), listen("other"))
    changes = sum(a != b for a, b in pairwise(heard))
    assert len(heard) == 2 * PIECES
    assert changes > PIECES
