"""What passes over the wire: items, requests as they came, and refusals in the service's words."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

Json = Mapping[str, Any]
Item = dict[str, Any]
# The function by which a model says that no other one fits.
NO_TOOL = "no_tool_fits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived; `at` is the clock of the event loop in seconds."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Item
    at: float

    @property
    def is_response(self) -> bool:
        """Whether a response of a model was asked for."""
        return self.method == "POST" and self.path.endswith("/responses")

    @property
    def is_choice(self) -> bool:
        """Whether the model shall choose a tool for a question, and say nothing."""
        return any(one.get("name") == NO_TOOL for one in self.body.get("tools") or ())


class Refused(Exception):
    """The service answers with an error; `body` is what it then sends."""

    def __init__(
        self, status: int, code: str | None, message: str, param: str | None = None, **more: object
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers: dict[str, str] = {}
        self.error: Item = {"code": code, "message": message, "param": param, **more}
        self.error.setdefault("type", "invalid_request_error" if status < 500 else "server_error")

    @property
    def body(self) -> Json:
        """The error in the envelope of the service."""
        return {"error": self.error}


@dataclass(slots=True, kw_only=True)
class Ids:
    """Ids of one prefix each, counted up, as long as those of the service."""

    next: int = field(default=0)

    def __call__(self, prefix: str) -> str:
        self.next += 1
        return f"{prefix}_{self.next:032x}"


async def read_request(request: web.Request) -> Asked:
    """A request as it arrived; Refused if its body is no JSON object."""
    raw = await request.read()
    try:
        body: object = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "invalid_payload", "The request body is not a JSON object.")
    return Asked(
        method=request.method,
        path=request.path,
        query=dict(request.query),
        headers=dict(request.headers),
        body=body,  # pyright: ignore[reportUnknownArgumentType]
        at=asyncio.get_running_loop().time(),
    )


def answer(body: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer."""
    return web.Response(
        body=orjson.dumps(body),
        status=status,
        headers=headers,
        content_type="application/json",
    )


def tokens_in(told: object) -> int:
    """About as many tokens as a model counts in something: one for four characters."""
    return len(orjson.dumps(told)) // 4
