"""What is examined: the values that were read, and the ways to reach what they name."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp

from adf.client.identity import SignIn, WriterIdentity
from adf.client.transport import OpenWire
from adf.records import Factory
from bot.access.directory import DirectorySetup
from bot.access.directory_lookups import Token
from bot.agents.backends import try_model
from bot.agents.mcp import McpServer
from bot.agents.model.endpoints import ModelEndpoint
from bot.teams import TeamsIdentity
from bot.tickets.setup import TicketSetup


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorInput:
    """The settings as read, and what was refused.

    Each of `problems` begins with the name of its setting. `declared` counts the people and rooms
    of the factories file; `is_file` tells whether the factories come from it; `identity` is None
    where its settings are among the problems, `model` where rules alone answer, `writer` where the
    bot only reads, `tickets` where none are opened. `acts_as_people` is the connection that people
    sign in by to act for themselves, blank where nobody does.
    """

    problems: tuple[str, ...] = ()
    identity: TeamsIdentity | None = None
    factories: tuple[Factory, ...] = ()
    is_file: bool = False
    arm_url: str = "https://management.azure.com"
    directory: DirectorySetup = field(default_factory=DirectorySetup)
    writer: WriterIdentity | None = None
    store: str = "memory:"
    bind: str = "127.0.0.1"
    port: int = 0
    zone: str = "UTC"
    operators: tuple[str, ...] = ()
    model: ModelEndpoint | None = None
    servers: tuple[McpServer, ...] = ()
    declared: int = 0
    tickets: TicketSetup | None = None
    acts_as_people: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """How the checks reach out; a test puts doubles here. `limit` bounds each step, in seconds."""

    session: aiohttp.ClientSession
    sign_in: SignIn
    token: Token
    open_wire: OpenWire
    now: Callable[[], datetime]
    try_model: Callable[[ModelEndpoint], Awaitable[None]] = try_model
    limit: float = 5.0
