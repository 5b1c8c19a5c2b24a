"""The typing sign, while a person waits."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bot.messages import Address
from bot.outbox import MessageSender
from bot.turns.streaming import LiveStream

log = logging.getLogger("adfops.turn")
# Teams clients show the sign for a few seconds only.
TYPING_LASTS = 3.0


class TypingIndicator:
    """Shows typing where nothing else shows that an answer comes."""

    def __init__(self, sender: MessageSender, patience: float) -> None:
        """Begin after `patience` seconds."""
        self._sender = sender
        self._patience = patience

    @asynccontextmanager
    async def at(self, address: Address, live: LiveStream | None) -> AsyncGenerator[None]:
        """Show it while an answer takes longer than `patience`; it never delays the answer."""
        signs: list[asyncio.Task[None]] = []

        def begin() -> None:
            signs.append(asyncio.create_task(self._show(address, live)))

        # Most answers are there before: they cost a timer and no task.
        begins = asyncio.get_running_loop().call_later(self._patience, begin)
        try:
            yield
        finally:
            begins.cancel()
            for typing in signs:
                typing.cancel()
                await asyncio.wait([typing])

    async def _show(self, address: Address, live: LiveStream | None) -> None:
        while True:
            try:
                if live is None or not live.is_shown:
                    await self._sender.typing(address)
            except Exception:
                log.info("typing could not be shown", exc_info=True)
            await asyncio.sleep(TYPING_LASTS)
