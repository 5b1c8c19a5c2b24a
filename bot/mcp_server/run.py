"""Serves our tools over the standard streams, or over HTTP with a token."""

import asyncio
import importlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from adf.client.identity import SignIn
from adf.errors import AdfError
from bot.mcp_server.container import McpSetup
from bot.mcp_server.handler import McpHandler
from bot.mcp_server.token_verifier import CannotServe, EntraTokenVerifier
from bot.messages import Person

LOCAL = "local"


async def person_who_started(setup: McpSetup, named: str | None, sign_in: SignIn) -> Person:
    """The person `named` by object id, else the one signed in to Azure on this machine."""
    if named:
        tenant = setup.tenants[0] if setup.tenants else ""
        return Person(person_id=named.lower(), name="", tenant=tenant)
    if setup.everybody.is_open:
        return Person(person_id=LOCAL, name="", tenant="")
    try:
        who = await sign_in()
    except AdfError as error:
        raise CannotServe(f"not signed in to Azure ({error.said}): run `az login`") from None
    if who.object_id is None:
        raise CannotServe("the sign-in to Azure does not tell who you are: name your object id")
    return Person(person_id=who.object_id.lower(), name=who.name, tenant=who.tenant or "")


LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpOptions:
    """Where HTTP is served: the address to listen on, the names it is called by from outside.

    `sign_in` is the Entra authority a client signs in at, which clients without a token are told.
    """

    host: str = LOOPBACK[0]
    port: int = 0
    names: tuple[str, ...] = ()
    sign_in: str = ""
    scope: str = ""

    def __post_init__(self) -> None:
        """Refuse to be open to the network under no name: any page could then reach it by DNS."""
        if self.host not in LOOPBACK and not self.names:
            raise CannotServe(
                f"{self.host} is open to the network: name the hosts that clients may call it by"
            )


async def serve_stdio(handler: McpHandler, person: Person, version: str = "") -> None:
    """Answer on the standard streams until they are closed; nothing else may write to stdout."""
    await (await _late("server")).serve_streams(handler, person, version)


@asynccontextmanager
async def serving_http(
    handler: McpHandler,
    options: HttpOptions,
    verifier: EntraTokenVerifier | None,
    version: str = "",
) -> AsyncGenerator[int]:
    """Serve over HTTP below /mcp; yields the port it took.

    Without a `verifier` everybody who can reach it may call: on this machine only.
    """
    if verifier is None and (options.host not in LOOPBACK or options.names):
        raise CannotServe("without sign-in the server is for this machine only: set MicrosoftAppId")
    async with (await _late("http")).serving(handler, options, verifier, version) as port:
        yield port


async def _late(module: str) -> Any:  # noqa: ANN401 - imported late, so there is no type
    """A module that imports the MCP SDK, off the event loop."""
    return await asyncio.to_thread(importlib.import_module, f"bot.mcp_server.{module}")
