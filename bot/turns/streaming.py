"""An answer that grows before the reader's eyes: only in personal chats, where Teams has streams.

Teams takes a piece a second, each holding the former text, for two minutes at most; the reader may
stop it. Whatever goes wrong with it, the whole answer comes as one message.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from bot.agents.interface import Progress, Step, Words
from bot.messages import Address, Piece, Reply, Scope, Unreachable
from bot.outbox import NotDelivered

log = logging.getLogger("adfops.streaming")

PACE = 1.0
LONGEST_SECONDS = 110.0
LONGEST_DOING = 1000
LONGEST_TEXT = 12_000
_MARKS = re.compile(r"\*\*|__|`")


class StreamSender(Protocol):
    """Carries messages and streams to Teams; raises NotDelivered, Unreachable."""

    async def send(self, reply: Reply) -> str:
        """Post a message; returns its id."""
        ...

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        """Put a message in the place of an earlier one."""
        ...

    async def stream(self, piece: Piece) -> str:
        """Show an answer as far as it has grown; returns the id of the stream it begins."""
        ...

    async def end_stream(self, reply: Reply, stream: str) -> None:
        """Post the last message of a stream."""
        ...


class StreamStarter:
    """Begins streams where Teams has them."""

    def __init__(
        self,
        sender: StreamSender,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Borrow the sender; `sleep` keeps the pace, `seconds` is a clock."""
        self._sender = sender
        self._sleep = sleep
        self._seconds = seconds

    def at(self, address: Address) -> "LiveStream | None":
        """A stream for one answer; nothing is sent before there is something to show."""
        if address.scope is not Scope.PERSONAL:
            return None
        return LiveStream(address, self._sender, self._sleep, self._seconds)


class LiveStream:
    """One answer as it grows."""

    def __init__(
        self,
        address: Address,
        sender: StreamSender,
        sleep: Callable[[float], Awaitable[None]],
        seconds: Callable[[], float],
    ) -> None:
        """Begin with nothing."""
        self._address = address
        self._sender = sender
        self._sleep = sleep
        self._seconds = seconds
        self._doing: str = ""
        self._said: str = ""
        self._told: str = ""
        self._shown: str = ""
        self._is_apart = False
        self._sequence = 0
        self._stream = ""
        self._begun = 0.0
        self._is_broken = False
        self._is_ending = False
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the reader sees it, so that no other sign is needed."""
        return bool(self._stream) and not self._is_broken

    def take(self, step: Step) -> None:
        """One more step of whoever answers; returns at once."""
        match step:
            case Progress(doing=doing):
                self._doing = f"{doing}…"[:LONGEST_DOING]
                self._is_apart = bool(self._said)
            case Words(text=text):
                gap = "\n\n" if self._is_apart else ""
                self._said += f"{gap}{unmarked(text)}"
                self._is_apart = False
            case _:
                return
        self._news.set()
        if self._task is None:
            self._task = asyncio.create_task(self._show())

    async def finish(self, reply: Reply, streamed: Reply | None) -> str:
        """End with the answer: `streamed` beside its words as they stand, or `reply` instead.

        Returns the id of the message. Raises what a message would.
        """
        await self._settle()
        if not self._stream:
            return await self._sender.send(reply)
        ending = self._ending(streamed) if streamed else self._unsaid(reply)
        if self._is_broken or self._is_late():
            return await self._otherwise(reply, is_kept=ending is not None)
        try:
            # Teams takes no end that does not begin with what it has shown.
            as_shown = Reply(address=self._address, text=self._shown)
            await self._sender.end_stream(ending or as_shown, self._stream)
        except Unreachable:
            raise
        except NotDelivered as error:
            log.info("a stream could not be ended: %s", error)
            return await self._in_place(reply)
        return self._stream if ending else await self._in_place(reply)

    async def close(self) -> None:
        """Show nothing more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _show(self) -> None:
        """Show what is new, a piece a second, one after the other."""
        self._begun = self._seconds()
        while not self._is_ending:
            await self._news.wait()
            self._news.clear()
            if self._is_ending or self._is_late():
                return
            try:
                await self._show_piece()
            except Exception as error:  # noqa: BLE001 - a stream that breaks costs nothing
                log.info("an answer is not streamed any further: %s", error)
                self._is_broken = True
                return
            await self._sleep(PACE)

    async def _show_piece(self) -> None:
        said = self._said[:LONGEST_TEXT]
        text = said or self._doing
        if text == self._told:
            return
        self._told = text
        self._shown = said
        self._sequence += 1
        piece = Piece(
            address=self._address,
            text=text,
            sequence=self._sequence,
            stream=self._stream,
            informative=not said,
        )
        stream = await self._sender.stream(piece)
        self._stream = self._stream or stream
        self._is_broken = not self._stream

    async def _settle(self) -> None:
        """Let the piece arrive that is under way, and the pace be kept; begin no other."""
        self._is_ending = True
        self._news.set()
        if self._task is not None:
            await self._task

    def _is_late(self) -> bool:
        return self._seconds() - self._begun > LONGEST_SECONDS

    def _ending(self, streamed: Reply) -> Reply | None:
        """The last message, whose text begins with what was shown; None where it cannot."""
        words, said = unmarked(streamed.text or "").strip(), self._said.strip()
        text = said if words and said.endswith(words) else words
        if not text.startswith(self._shown.rstrip()):
            return None
        cited = "".join(f"[{place}]" for place, _ in enumerate(streamed.sources, start=1))
        return replace(streamed, text=f"{text} {cited}".rstrip())

    def _unsaid(self, reply: Reply) -> Reply | None:
        """The answer itself, where no words were shown before it; the text that Teams wants too."""
        if self._shown:
            return None
        summary = reply.card.summary if reply.card else ""
        return replace(reply, text=reply.text or summary or "…")

    async def _otherwise(self, reply: Reply, *, is_kept: bool) -> str:
        """The answer as a message of its own; words that do not stand are replaced by it."""
        if self._shown and not is_kept:
            return await self._in_place(reply)
        return await self._sender.send(reply)

    async def _in_place(self, reply: Reply) -> str:
        """The answer where the stream stood, else as a message of its own."""
        try:
            await self._sender.update(self._address, self._stream, reply)
        except Unreachable:
            raise
        except NotDelivered as error:
            log.info("a stream could not be replaced: %s", error)
            return await self._sender.send(reply)
        return self._stream


def unmarked(text: str) -> str:
    """Words without the marks of markdown, which are not read where words are sent as they are."""
    return _MARKS.sub("", text)
