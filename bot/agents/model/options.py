"""How turns with a model are run: limits, what it may read, where it may be."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.agents.model.remote_tools import RemoteToolServer, Use, never
from bot.agents.model.retry import Pause
from bot.agents.untrusted import make_nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnLimits:
    """Steps, tool calls, tokens and seconds of one turn; what stops it is told in the answer.

    A lookup has `tool_seconds`, of which `at_once` run at the same time. The turn before in the
    same conversation is waited for `wait_seconds`, for models often think half of that. It is begun
    anew after `turns` turns or when its input is longer than `long` tokens.
    """

    steps: int = 8
    calls: int = 24
    seconds: float = 120.0
    tokens: int = 120_000
    tool_seconds: float = 20.0
    wait_seconds: float = 60.0
    at_once: int = 4
    turns: int = 30
    long: int = 60_000


USUAL = TurnLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """Without `error_text` the model is told codes and meanings, never the words of an error.

    `servers` are MCP servers that we call ourselves, for a service that does not reach them; one
    that was away is asked again after `again` seconds.
    `use` writes down that a yes to a call is used, for each counts once.
    `at_once` turns go on at the same time; who finds no place soon is told that the model is busy.
    """

    limits: TurnLimits = USUAL
    at_once: int = 16
    error_text: bool = True
    pause: Pause = asyncio.sleep
    make_nonce: Callable[[], str] = make_nonce
    servers: tuple[RemoteToolServer, ...] = ()
    again: float = 60.0
    use: Use = never


_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_local(endpoint: str) -> bool:
    """Whether it is reached over plain HTTP on this machine, as a double is."""
    return _place_of(endpoint) in {("http", host) for host in _LOOPBACK}


def check_endpoint(endpoint: str) -> None:
    """Raise ValueError for an address that is neither TLS nor on this machine."""
    scheme, host = _place_of(endpoint)
    if not (scheme == "https" and host) and not is_local(endpoint):
        raise ValueError(f"{endpoint}: use https, or http on this machine only")


def _place_of(endpoint: str) -> tuple[str, str]:
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""
