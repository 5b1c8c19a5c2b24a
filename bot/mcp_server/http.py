"""MCP over streamable HTTP: stateless, JSON answers, each request by a person with a token."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from bot.mcp_server.auth import PERSON, BearerGate
from bot.mcp_server.handler import McpHandler
from bot.mcp_server.run import LOOPBACK, HttpOptions
from bot.mcp_server.server import make_server
from bot.mcp_server.token_verifier import Bearer
from bot.messages import Person

PATH = "/mcp"
WELL_KNOWN = f"/.well-known/oauth-protected-resource{PATH}"
LARGEST_BODY = 256 * 1024
MOST_AT_ONCE = 64
GOODBYE_SECONDS = 5


class _Uvicorn(uvicorn.Server):
    """The web server without its own signal handlers: the process ends in its own way."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals alone."""
        yield


def make_app(desk: McpHandler, door: HttpOptions, bearer: Bearer | None, version: str) -> Starlette:
    """The application: /mcp behind the gate, and where a client without a token signs in."""
    server = make_server(desk, _person_of, version)
    inner = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST_BODY,
        transport_security=_security(door),
    )
    base = f"https://{door.names[0]}" if door.names else ""
    metadata = f"{base}{WELL_KNOWN}" if base and door.sign_in else ""
    routes: list[Route | Mount] = []
    if metadata:
        told = {
            "resource": f"{base}{PATH}",
            "authorization_servers": [door.sign_in],
            "scopes_supported": [door.scope] if door.scope else [],
            "bearer_methods_supported": ["header"],
        }

        async def describe(_: Request) -> JSONResponse:
            return JSONResponse(told)

        routes.append(Route(WELL_KNOWN, describe))
    routes.append(Mount("/", BearerGate(inner, desk, bearer, metadata)))
    return Starlette(routes=routes, lifespan=lambda _: server.session_manager.run())


@asynccontextmanager
async def serving(
    desk: McpHandler, door: HttpOptions, bearer: Bearer | None, version: str
) -> AsyncGenerator[int]:
    """Serve on a socket of our own, so that a port in use stops the start; yields the port."""
    with _listening(door.host, door.port) as taken:
        config = uvicorn.Config(
            make_app(desk, door, bearer, version),
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            limit_concurrency=MOST_AT_ONCE,
            timeout_graceful_shutdown=GOODBYE_SECONDS,
        )
        server = _Uvicorn(config)
        task = asyncio.create_task(server.serve(sockets=[taken]))
        try:
            yield taken.getsockname()[1]
        finally:
            server.should_exit = True
            await task


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket; made for TCP by name, or the loop leaves small answers waiting 40 ms."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(128)
    except OSError:
        taken.close()
        raise
    return taken


def _security(door: HttpOptions) -> TransportSecuritySettings:
    """Which names it may be called by: a page of elsewhere cannot reach it through DNS."""
    here = [f"[{one}]" if ":" in one else one for one in LOOPBACK]
    hosts = [*here, *door.names]
    return TransportSecuritySettings(
        allowed_hosts=[*hosts, *(f"{one}:*" for one in hosts)],
        allowed_origins=[
            *(f"http://{one}:*" for one in here),
            *(f"https://{one}" for one in door.names),
        ],
    )


def _person_of(context: Any) -> Person:  # noqa: ANN401 - the SDK's context
    """Who the gate let in with this request."""
    person = context.request.scope[PERSON]
    if not isinstance(person, Person):
        raise TypeError("a request got past the gate")
    return person
