"""The simulator as a web application: who may ask, what is logged, and what errors look like."""

import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime

from aiohttp import web

from adf.simulator.arm.access import Roles, check_access
from adf.simulator.arm.action_routes import REQUEST_ID, action_routes
from adf.simulator.arm.health_routes import health_routes
from adf.simulator.arm.monitor_routes import monitor_routes
from adf.simulator.arm.protocol import (
    ArmError,
    RateAllowance,
    add_headers,
    error_answer,
    missing,
    no_route,
    version_of,
)
from adf.simulator.arm.routes import STATE, Handler, arm_routes, counter_of
from adf.simulator.arm.run_queries import BadQuery
from adf.simulator.arm.tokens import PATH as TOKEN_PATH
from adf.simulator.arm.tokens import identity_of, token_routes
from adf.simulator.state import State, UnknownResource

LOG_SIZE = 1000

_CHANGES = re.compile(r"(?i)/(createRun|cancel|start|stop)$")

Before = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRequest:
    """One request that reached the simulator and how it was answered.

    `identity` is the client id of its token, else the token.
    """

    method: str
    path: str
    status: int
    query: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    request_id: str = field(default="", compare=False)
    identity: str = field(default="", compare=False)

    @property
    def changes(self) -> bool:
        """Whether it was to change something, whatever came of it."""
        return self.method == "POST" and _CHANGES.search(self.path) is not None


@dataclass(slots=True, kw_only=True)
class _ArmServer:
    before: Before | None
    roles: Roles | None = None
    allowance: RateAllowance = field(default_factory=RateAllowance)
    asked: deque[ArmRequest] = field(default_factory=lambda: deque(maxlen=LOG_SIZE))


_DESK = web.AppKey("desk", _ArmServer)


def make_simulator(
    state: State,
    *,
    before: Before | None = None,
    dated: bool = False,
    roles: Roles | None = None,
) -> web.Application:
    """The application that serves `state`; `before` may answer an ARM request in its place.

    With `roles`, an identity (the client id a token was made for, else the token) may do what the
    actions under its name allow, and any other what those under `*` do; else 403.
    With `dated`, answers carry the date of the factory's own clock instead of the machine's.
    """
    app = web.Application(middlewares=[_at_the_desk])
    app[STATE] = state
    app[_DESK] = _ArmServer(before=before, roles=roles)
    app.add_routes(
        [*arm_routes(), *action_routes(), *monitor_routes(), *health_routes(), *token_routes()]
    )
    if dated:
        app.on_response_prepare.append(_date)
    return app


async def _date(request: web.Request, response: web.StreamResponse) -> None:
    """Answers are dated by the factory's own clock."""
    now = request.app[STATE].clock()
    response.headers["Date"] = format_datetime(now.astimezone(UTC), usegmt=True)


def arm_requests(app: web.Application) -> tuple[ArmRequest, ...]:
    """The latest ARM requests, oldest first; token requests are not among them."""
    return tuple(app[_DESK].asked)


@web.middleware
async def _at_the_desk(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path == TOKEN_PATH:
        return await handler(request)
    desk = request.app[_DESK]
    instead = await desk.before(request) if desk.before else None
    answer = instead or await _answer(request, handler)
    if not answer.prepared:
        add_headers(answer, desk.allowance, counter_of(request))
        # As the service does for whoever takes it; a body that is broken on purpose stays as it is.
        accepted = request.headers.get("Accept-Encoding", "")
        has_body = isinstance(answer, web.Response) and bool(answer.body)
        if instead is None and answer.status == 200 and has_body and "gzip" in accepted:
            answer.enable_compression(web.ContentCoding.gzip)
    asked = ArmRequest(
        method=request.method,
        path=request.path,
        status=answer.status,
        query=dict(request.query),
        request_id=request.headers.get(REQUEST_ID, ""),
        identity=identity_of(request.headers.get("Authorization", "").partition(" ")[2].strip()),
    )
    # The root is no operation: a request for it wants the date.
    if request.path != "/":
        desk.asked.append(asked)
    return answer


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        token = _check(request)
        check_access(request, identity_of(token), request.app[_DESK].roles)
        return await handler(request)
    except ArmError as refused:
        return error_answer(refused)
    except UnknownResource as error:
        info = request.match_info
        return error_answer(missing(error, info.get("group", ""), info.get("factory", "")))
    except BadQuery as error:
        return error_answer(ArmError(400, "BadRequest", str(error)))
    except web.HTTPException as error:
        return error_answer(no_route(error.status, request.method))


def _check(request: web.Request) -> str:
    """The token of a request; it comes first, then the version: both are needed on each."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        text = "Authentication failed. The 'Authorization' header is missing."
        raise ArmError(401, "AuthenticationFailed", text)
    version = request.query.get("api-version")
    if not version:
        text = "The api-version query parameter (?api-version=) is required for all requests."
        raise ArmError(400, "MissingApiVersionParameter", text)
    supported = version_of(request.path)
    if version != supported:
        text = f"The api-version '{version}' is invalid. The supported version is '{supported}'."
        raise ArmError(400, "InvalidApiVersionParameter", text)
    return token.strip()
