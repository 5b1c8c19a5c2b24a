"""Makes an SDK client ready in a thread before the first turn, and asks a model for one word."""

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

import httpx2
import openai

from bot.agents.model.answer_size import bound_answer
from bot.agents.model.responses import BETWEEN_SECONDS, CONNECT_SECONDS
from bot.agents.model.sdk_errors import SDK_ERRORS, failure_of
from bot.agents.model.stream import StreamReader
from bot.agents.model.types import ConversationPlace

# They would tell each request again, and at debug level with all that was asked in it.
for _name, _level in {"httpx2": "WARNING", "httpcore2": "WARNING", "openai": "INFO"}.items():
    logging.getLogger(_name).setLevel(_level)

_MESSAGE: Mapping[str, Any] = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [{"type": "output_text", "text": "a", "annotations": [], "logprobs": []}],
}
_CALL: Mapping[str, Any] = {
    "id": "fc_1",
    "type": "function_call",
    "call_id": "call_1",
    "name": "a",
    "arguments": "{}",
    "status": "completed",
}
_SERVER: Mapping[str, Any] = {"server_label": "a", "name": "a", "arguments": "{}"}
_ITEMS: tuple[Mapping[str, Any], ...] = (
    _MESSAGE,
    _CALL,
    {"id": "rs_1", "type": "reasoning", "summary": []},
    {"id": "mcpl_1", "type": "mcp_list_tools", "server_label": "a", "tools": []},
    {"id": "mcpr_1", "type": "mcp_approval_request", **_SERVER},
    {"id": "mcp_1", "type": "mcp_call", **_SERVER, "output": "a"},
)
_RESPONSE: Mapping[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 0,
    "status": "completed",
    "model": "a",
    "output": _ITEMS,
    "parallel_tool_calls": True,
    "tool_choice": "auto",
    "tools": [],
    "usage": {
        "input_tokens": 1,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 1,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 2,
    },
}
_PLACE: Mapping[str, Any] = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
_EVENTS: tuple[Mapping[str, Any], ...] = (
    {"type": "response.created", "response": {**_RESPONSE, "status": "in_progress"}},
    {"type": "response.output_item.added", "output_index": 0, "item": _MESSAGE},
    {"type": "response.output_text.delta", **_PLACE, "delta": "a", "logprobs": []},
    *({"type": "response.output_item.done", "output_index": 0, "item": one} for one in _ITEMS),
    {"type": "response.completed", "response": _RESPONSE},
)


def http_client() -> openai.DefaultAsyncHttpxClient:
    """A pool of connections that honours the machine's proxies and bounds what it reads."""
    return openai.DefaultAsyncHttpxClient(event_hooks={"response": [bound_answer]})


def warm(client: openai.AsyncOpenAI) -> None:
    """Load what the SDK would load in the first turn; to be called where no loop runs."""
    _ = client.responses, client.conversations
    asyncio.run(_rehearse())


async def _rehearse() -> None:
    transport = httpx2.MockTransport(_answered)
    async with openai.AsyncOpenAI(
        api_key="none",
        base_url="http://127.0.0.1/",
        http_client=httpx2.AsyncClient(transport=transport),
    ) as client:
        await client.conversations.create()
        async with await client.responses.create(stream=True, model="a", input="a") as stream:
            reader = StreamReader(lambda _: None)
            async for event in stream:
                reader.take(event)
            reader.finish(ConversationPlace())


def _answered(request: httpx2.Request) -> httpx2.Response:
    if request.url.path.endswith("/conversations"):
        made: Mapping[str, Any] = {"id": "conv_1", "object": "conversation", "created_at": 0}
        return httpx2.Response(200, json=made)
    events = [
        f"event: {one['type']}\ndata: {json.dumps({**one, 'sequence_number': number})}\n\n"
        for number, one in enumerate(_EVENTS)
    ]
    headers = {"content-type": "text/event-stream"}
    return httpx2.Response(200, content="".join(events).encode(), headers=headers)


WORD = "Say the word ok and nothing else."
FEW_TOKENS = 64


async def probe(client: openai.AsyncOpenAI, model: str) -> None:
    """One response, which the service does not keep; raises ModelFailure."""
    reader = StreamReader(lambda _: None)
    wait = openai.Timeout(BETWEEN_SECONDS, connect=CONNECT_SECONDS)
    try:
        async with await client.responses.create(
            model=model,
            input=WORD,
            max_output_tokens=FEW_TOKENS,
            store=False,
            stream=True,
            timeout=wait,
        ) as stream:
            async for event in stream:
                reader.take(event)
    except SDK_ERRORS as error:
        raise failure_of(error, begun=reader.begun) from error
    reader.finish(ConversationPlace())
