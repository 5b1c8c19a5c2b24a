"""A Responses server that behaves as real ones were seen to behave, by a plan for each request.

llama.cpp, Qwen2.5 0.5B and 1.5B, and reasoning models behind plain servers did all of it; the kit
of `tests/live` has the real ones.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.doubles.foundry.wire import NO_TOOL
from tests.harness import listening

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one request gets: words in `pieces` at a pace, calls, or an error in their place."""

    words: str = ""
    pieces: tuple[str, ...] = ()
    pace: float = 0.0
    calls: tuple[tuple[str, str], ...] = ()
    is_cut: bool = False
    tokens: int = 2700
    error: Mapping[str, Any] = field(default_factory=dict[str, Any])
    status: int = 400


Plan = Callable[[int, Body], Step]
"""What the n-th request of a trial gets, given its body."""


class Misbehaving:
    """The server; a test sets its plan, and reads what it was asked.

    Where it `chooses`, requests to choose a tool get what the plan says too; else no tool fits.
    """

    def __init__(self, plan: Plan) -> None:
        self.url = ""
        self._plan = plan
        self.bodies: list[Body] = []
        self.chooses = False

    def behave(self, plan: Plan, *, chooses: bool = False) -> None:
        """Begin another trial."""
        self._plan = plan
        self.chooses = chooses
        self.bodies = []

    @property
    def outputs(self) -> list[str]:
        """What the lookups of the last request brought."""
        items: Sequence[Body] = self.bodies[-1]["input"]
        return [
            str(one.get("output")) for one in items if one.get("type") == "function_call_output"
        ]

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """One response, streamed event by event."""
        body: Body = await request.json()
        if self.chooses or not _is_choice(body):
            self.bodies.append(body)
            step = self._plan(len(self.bodies), body)
        else:
            step = Step(calls=((NO_TOOL, "{}"),))
        number = len(self.bodies)
        if step.error:
            return web.json_response({"error": step.error}, status=step.status)
        answer = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await answer.prepare(request)
        # A client that waits no longer has gone.
        with contextlib.suppress(ConnectionError):
            for event in _events(number, step):
                await answer.write(_wire(event))
                if event["type"] == "response.output_text.delta":
                    await asyncio.sleep(step.pace)
        return answer


@asynccontextmanager
async def running_misbehaving(plan: Plan) -> AsyncGenerator[Misbehaving]:
    """The server on a free port of this machine."""
    server = Misbehaving(plan)
    application = web.Application(client_max_size=1 << 26)
    application.router.add_post("/v1/responses", server.respond)
    async with listening(application) as url:
        server.url = f"{url}/v1"
        yield server


def _is_choice(body: Body) -> bool:
    return any(one.get("name") == NO_TOOL for one in body.get("tools", ()))


def _events(number: int, step: Step) -> list[dict[str, Any]]:
    output: list[dict[str, Any]] = []
    begun = _response(number, step, "in_progress", [])
    events: list[dict[str, Any]] = [{"type": "response.created", "response": begun}]
    place: dict[str, Any] = {"item_id": f"msg_{number}", "output_index": 0, "content_index": 0}
    events += [
        {"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []}
        for piece in step.pieces or ((step.words,) if step.words else ())
    ]
    if step.words:
        part: dict[str, Any] = {
            "type": "output_text",
            "text": step.words,
            "annotations": [],
            "logprobs": [],
        }
        kind = {"type": "message", "role": "assistant", "status": "completed"}
        output.append({"id": f"msg_{number}", **kind, "content": [part]})
    for at, (name, arguments) in enumerate(step.calls):
        ids = {"id": f"fc_{number}_{at}", "call_id": f"call_{number}_{at}", "status": "completed"}
        output.append({"type": "function_call", **ids, "name": name, "arguments": arguments})
    events += [
        {"type": "response.output_item.done", "output_index": at, "item": one}
        for at, one in enumerate(output)
    ]
    end = "incomplete" if step.is_cut else "completed"
    done = _response(number, step, end, output)
    return [*events, {"type": f"response.{end}", "response": done}]


def _response(number: int, step: Step, status: str, output: list[dict[str, Any]]) -> dict[str, Any]:
    usage: dict[str, Any] = {
        "input_tokens": step.tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 50,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": step.tokens + 50,
    }
    return {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 1,
        "status": status,
        "model": "m",
        "output": output,
        "tools": [],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "usage": usage,
        "incomplete_details": {"reason": "max_output_tokens"} if status == "incomplete" else None,
    }


def _wire(event: dict[str, Any]) -> bytes:
    data = json.dumps({**event, "sequence_number": 0})
    return f"event: {event['type']}\ndata: {data}\n\n".encode()
