"""How turns with a model are conducted: limits, what it may read, how waiting is done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.agent.loop.deciding import Use, never
from bot.agent.loop.limits import Limits
from bot.agent.loop.patience import Pause
from bot.agent.loop.remote import Server
from bot.agent.untrusted import make_nonce

USUAL = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """Without `error_text` the model is told codes and meanings, never the words of an error.

    `servers` are MCP servers that we call ourselves, for a service that does not reach them; one
    that was away is asked again after `again` seconds.
    `use` writes down that a yes to a call is used, for each counts once.
    `at_once` turns go on at the same time; who finds no place soon is told that the model is busy.
    """

    limits: Limits = USUAL
    at_once: int = 16
    error_text: bool = True
    pause: Pause = asyncio.sleep
    make_nonce: Callable[[], str] = make_nonce
    servers: tuple[Server, ...] = ()
    again: float = 60.0
    use: Use = never
