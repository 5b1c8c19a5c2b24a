"""The states of Azure that rows ask for in words, as something that answers in ARM's place."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

Before = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


class UnknownState(Exception):
    """A state that this runner cannot make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """How ARM behaves for a row: what answers in its place, and how many rows a page has."""

    before: Before | None = None
    page_size: int | None = None


def arm_of(setup: Mapping[str, Any]) -> Arm:
    """The behaviour that a row's setup tells; UnknownState for what is not known."""
    known = {key: value for key, value in setup.items() if key != "llm"}
    if not known:
        return Arm()
    if known.keys() != {"arm"}:
        raise UnknownState(json.dumps(dict(setup)))
    words = str(known["arm"])
    for pattern, make in _STATES:
        match = re.fullmatch(pattern, words)
        if match:
            return make(match)
    raise UnknownState(words)


def _throttled(match: re.Match[str]) -> Arm:
    left = [{"once": 1, "twice": 2, "three times": 3}[match["times"]]]

    async def before(_: web.Request) -> web.StreamResponse | None:
        left[0] -= 1
        header = {"Retry-After": match["wait"]}
        return _error(429, "TooManyRequests", header) if left[0] >= 0 else None

    return Arm(before=before)


def _throttled_always(_: re.Match[str]) -> Arm:
    async def before(_: web.Request) -> web.StreamResponse:
        return _error(429, "TooManyPipelineRunQueryRequests", {})

    return Arm(before=before)


def _refused(match: re.Match[str]) -> Arm:
    status = int(match["status"])
    code = "AuthorizationFailed" if status == 403 else "InvalidAuthenticationToken"

    async def before(_: web.Request) -> web.StreamResponse:
        return _error(status, code, {})

    return Arm(before=before)


def _child_fails(match: re.Match[str]) -> Arm:
    path = re.compile(rf"/pipelineruns/{match['run']}[0-9a-f-]*/queryActivityruns$")

    async def before(request: web.Request) -> web.StreamResponse | None:
        return _error(500, "InternalServerError", {}) if path.search(request.path) else None

    return Arm(before=before)


def _hung_up(_: re.Match[str]) -> Arm:
    async def before(request: web.Request) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response()

    return Arm(before=before)


def _error(status: int, code: str, headers: Mapping[str, str]) -> web.Response:
    body = {"error": {"code": code, "message": f"The service answered {code}."}}
    return web.json_response(body, status=status, headers=dict(headers))


_STATES: tuple[tuple[str, Callable[[re.Match[str]], Arm]], ...] = (
    (r"429 (?P<times>once|twice|three times), Retry-After (?P<wait>\d+), then ok", _throttled),
    (r"429 always", _throttled_always),
    (r"(?:401/)?(?P<status>40[13])(?:/403)? for the bot identity", _refused),
    (r"connect timeout", _hung_up),
    (r"activity query for child (?P<run>[0-9a-f]+)-?\.\.\. returns 500", _child_fails),
    (
        r"results in 3 pages with continuationToken; newest failure on page 3",
        lambda _: Arm(page_size=9),
    ),
    (r"child activity query answers 100 rows.*page 2", lambda _: Arm(page_size=8)),
)
