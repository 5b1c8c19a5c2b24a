"""How turns with a model are run: limits, what it may read, where it may be."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.agents.model.remote_tools import RemoteToolServer, Use, never
from bot.agents.model.retry import Pause
from bot.agents.untrusted import make_nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLimits:
    """Steps, tool calls, tokens and seconds of one turn; the answer says what stopped it.

    A tool call has `tool_seconds`, and `at_once` of them run at the same time. Where too many turns
    go on, the next waits `wait_seconds`, for models often think half of that. A conversation is
    replaced by a new one after `turns` turns or when its input is longer than `long` tokens. The
    choice of a tool by which an unsure question is routed takes `route_seconds` at most.
    """

    steps: int = 8
    calls: int = 24
    seconds: float = 120.0
    tokens: int = 120_000
    tool_seconds: float = 20.0
    wait_seconds: float = 60.0
    route_seconds: float = 20.0
    at_once: int = 4
    turns: int = 30
    long: int = 60_000


USUAL = TurnLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """Without `error_text` the model gets codes and meanings, never the words of an error.

    `servers` are MCP servers that we call ourselves, for a service that does not reach them; one
    that was away is asked again after `again` seconds.
    `use` writes down that a yes to a call is used, for each counts once.
    `at_once` turns go on at the same time; the next waits, and then hears that the model is busy.
    """

    limits: TurnLimits = USUAL
    at_once: int = 16
    error_text: bool = True
    pause: Pause = asyncio.sleep
    make_nonce: Callable[[], str] = make_nonce
    servers: tuple[RemoteToolServer, ...] = ()
    again: float = 60.0
    use: Use = never
