"""The double as a service: routes, sign-in, faults in an answer's place, errors as bodies."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.doubles.foundry.agents import Agents
from tests.doubles.foundry.brains import Answering, Brain, Outputs, Speechless
from tests.doubles.foundry.double import ASKED, FAULT, FoundryDouble
from tests.doubles.foundry.faults import TROUBLES, Fault
from tests.doubles.foundry.heard import Heard
from tests.doubles.foundry.talks import Talks
from tests.doubles.foundry.wire import Asked, Item, Refused, answer, read_request

PROJECT = "/api/projects/{project}"
WITH_AGENTS = (f"{PROJECT}/openai/v1", f"{PROJECT}/agents/{{agent}}/endpoint/protocols/openai")
PLAIN = ("/openai/v1", "/openai")
Answer = Callable[[Heard], Outputs | str | Awaitable[Outputs | str]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _gate(double: FoundryDouble) -> Middleware:
    """Keep what is asked, refuse who is not signed in, let faults happen, tell errors as bodies."""

    @web.middleware
    async def pass_on(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await _pass(double, request, handler)
        except Refused as refused:
            return answer(refused.body, refused.status, double.head())
        except web.HTTPException as missing:
            error = {"code": str(missing.status), "message": missing.reason}
            return answer({"error": error}, missing.status, double.head())
        except Speechless as error:
            double.broken.append(error)
            return answer({"error": {"code": "speechless", "message": str(error)}}, 418)

    return pass_on


async def _pass(
    double: FoundryDouble, request: web.Request, handler: Handler
) -> web.StreamResponse:
    request[ASKED] = asked = await read_request(request)
    if asked.is_choice:
        double.choices.append(asked)
    if double.chooses or not asked.is_choice:
        double.asked.append(asked)
    _check_signed_in(asked)
    if asked.is_choice and not double.chooses:
        return await handler(request)
    if fault := double.faults.take(asked):
        await asyncio.sleep(fault.delay)
        if fault.is_instead:
            return _failed(request, fault, double.head())
        request[FAULT] = fault
    return await handler(request)


def _failed(request: web.Request, fault: Fault, head: dict[str, str]) -> web.Response:
    if fault.drop and request.transport:
        request.transport.abort()
    is_text = isinstance(fault.body, str)
    kind = {"Content-Type": "text/html" if is_text else "application/json"}
    named = {name.title(): value for name, value in fault.headers.items()}
    body = fault.body.encode() if isinstance(fault.body, str) else orjson.dumps(fault.body)
    return web.Response(body=body, status=fault.status or 500, headers=head | kind | named)


def _check_signed_in(asked: Asked) -> None:
    headers = {name.lower(): value for name, value in asked.headers.items()}
    is_bearer = headers.get("authorization", "").startswith("Bearer ")
    if not is_bearer and not headers.get("api-key"):
        told: Any = TROUBLES["bad_token"].body
        raise Refused(401, "401", told["error"]["message"])
    needs_version = "/openai/v1" not in asked.path and asked.path.startswith("/api/projects")
    if needs_version and asked.query.get("api-version") != "v1":
        raise Refused(400, "MissingApiVersionParameter", "api-version must be v1.")


def _told(tell: Callable[..., Item]) -> Handler:
    """A handler that answers with what is told about the named parts of the path."""

    async def handle(request: web.Request) -> web.StreamResponse:
        parts = {k: v for k, v in request.match_info.items() if k not in {"project", "served"}}
        return answer(tell(request[ASKED], **parts))

    return handle


def _agents_routes(app: web.Application, agents: Agents) -> None:
    one, versions = f"{PROJECT}/agents/{{name}}", f"{PROJECT}/agents/{{name}}/versions"
    app.router.add_get(f"{PROJECT}/agents", _told(agents.list))
    app.router.add_get(one, _told(agents.get))
    app.router.add_delete(one, _told(agents.delete))
    app.router.add_patch(one, _told(agents.update))
    app.router.add_get(versions, _told(agents.list_versions))
    app.router.add_post(versions, _told(agents.create_version))
    app.router.add_get(f"{versions}/{{version}}", _told(agents.get_version))
    app.router.add_delete(f"{versions}/{{version}}", _told(agents.delete_version))


def _talks_routes(app: web.Application, base: str, talks: Talks) -> None:
    one = f"{base}/conversations/{{conversation}}"
    app.router.add_post(f"{base}/conversations", _told(talks.create))
    app.router.add_get(one, _told(talks.get))
    app.router.add_delete(one, _told(talks.delete))
    app.router.add_get(f"{one}/items", _told(talks.list_items))
    app.router.add_post(f"{one}/items", _told(talks.add_items))


def make_foundry(double: FoundryDouble) -> web.Application:
    """The double as an application of aiohttp."""
    app = web.Application(middlewares=[_gate(double)], client_max_size=2**24)
    _agents_routes(app, double.agents)
    for base in (*WITH_AGENTS, *PLAIN):
        app.router.add_post(f"{base}/responses", double.respond)
        app.router.add_get(f"{base}/responses/{{response}}", _told(double.talks.get_response))
        app.router.add_delete(f"{base}/responses/{{response}}", _told(double.talks.delete_response))
    for base in WITH_AGENTS:
        _talks_routes(app, base.replace("{agent}", "{served}"), double.talks)
    return app


@asynccontextmanager
async def running_foundry(
    brain: Brain | Answer | None = None,
) -> AsyncGenerator[FoundryDouble]:
    """A Foundry on a free port; without a brain it says back what it heard."""
    double = FoundryDouble(Answering(brain) if callable(brain) else brain or Answering(_echo))
    runner = web.AppRunner(make_foundry(double), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield double
    finally:
        await runner.cleanup()


def _echo(heard: Heard) -> str:
    return f"You said: {heard.text}"
