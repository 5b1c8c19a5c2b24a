"""MCP over streamable HTTP: stateless, JSON answers, each request by a person with a token."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import uvicorn
from mcp.server.auth.routes import (
    build_resource_metadata_url,
    create_protected_resource_routes,
)
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.access.admission import BACKLOG, HeaderAdmission
from bot.mcp_server.admission import AdmissionMiddleware
from bot.mcp_server.auth import PERSON, with_authentication
from bot.mcp_server.handler import McpHandler
from bot.mcp_server.run import LOOPBACK, HttpOptions
from bot.mcp_server.server import make_server
from bot.mcp_server.token_verifier import EntraTokenVerifier
from bot.messages import Person

PATH = "/mcp"
LARGEST_BODY = 256 * 1024
SHUTDOWN_SECONDS = 5


class _Uvicorn(uvicorn.Server):
    """The web server without its own signal handlers: the process ends in its own way."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals alone."""
        yield


def make_app(
    handler: McpHandler,
    options: HttpOptions,
    verifier: EntraTokenVerifier | None,
    version: str,
) -> Starlette:
    """The application: /mcp behind authentication, and where a client learns how to sign in."""
    server = make_server(handler, _person_of, version)
    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST_BODY,
        transport_security=_security(options),
    )
    routes, metadata = _metadata(options)
    admitted = AdmissionMiddleware(app, LARGEST_BODY)
    protected = with_authentication(admitted, handler, verifier, metadata)
    return Starlette(
        routes=[*routes, Mount("/", protected)],
        lifespan=lambda _: server.session_manager.run(),
    )


def _metadata(options: HttpOptions) -> tuple[Sequence[Route], AnyHttpUrl | None]:
    """The route that describes the sign-in, and its address; neither without a public name."""
    if not (options.names and options.sign_in):
        return (), None
    resource = AnyHttpUrl(f"https://{options.names[0]}{PATH}")
    routes = create_protected_resource_routes(
        resource,
        [AnyHttpUrl(options.sign_in)],
        [options.scope] if options.scope else [],
    )
    return routes, build_resource_metadata_url(resource)


@asynccontextmanager
async def serving(
    handler: McpHandler,
    options: HttpOptions,
    verifier: EntraTokenVerifier | None,
    version: str,
) -> AsyncGenerator[int]:
    """Serve on a socket of our own, so that a port in use stops the start; yields the port."""
    admissions: list[HeaderAdmission] = []

    def connection(**parts: Any) -> asyncio.Protocol:  # noqa: ANN401 - uvicorn's own parts
        """What uvicorn makes for each connection, once that has sent a header."""
        if not admissions:
            admissions.append(HeaderAdmission(lambda: H11Protocol(**parts)))
        return admissions[0]()

    with _listening(options.host, options.port) as listener:
        config = uvicorn.Config(
            make_app(handler, options, verifier, version),
            http=cast("type[asyncio.Protocol]", connection),
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        )
        server = _Uvicorn(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield listener.getsockname()[1]
        finally:
            for admission in admissions:
                admission.close()
            server.should_exit = True
            await task


def _listening(host: str, port: int) -> socket.socket:
    """A listening socket; made for TCP by name, or the loop leaves small answers waiting 40 ms."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _security(options: HttpOptions) -> TransportSecuritySettings:
    """Which names it may be called by: a page of elsewhere cannot reach it through DNS."""
    here = [f"[{one}]" if ":" in one else one for one in LOOPBACK]
    hosts = [*here, *options.names]
    return TransportSecuritySettings(
        allowed_hosts=[*hosts, *(f"{one}:*" for one in hosts)],
        allowed_origins=[
            *(f"http://{one}:*" for one in here),
            *(f"https://{one}" for one in options.names),
        ],
    )


def _person_of(context: Any) -> Person:  # noqa: ANN401 - the SDK's context
    """The person that the authentication put into the request."""
    person = context.request.scope[PERSON]
    if not isinstance(person, Person):
        raise TypeError("a request got past the authentication")
    return person
