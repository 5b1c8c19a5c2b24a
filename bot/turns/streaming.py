"""An answer streamed to the reader: only in personal chats, where Teams has streams.

Teams takes an update a second, each beginning with the text before it, for two minutes at most; the
reader may stop it. Whatever goes wrong with a stream, the whole answer comes as one message.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from bot.agents.interface import Progress, Step, Words
from bot.messages import Address, Piece, Reply, Scope, Unreachable
from bot.outbox import NotDelivered

log = logging.getLogger("adfops.streaming")

PACE = 1.0
LONGEST_SECONDS = 110.0
LONGEST_PROGRESS = 1000
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
        """Show an answer as far as it is written; returns the id of the stream it begins."""
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
        seconds: Callable[[], float] | None = None,
    ) -> None:
        """Borrow the sender; `sleep` keeps the pace, `seconds` is a clock, else that of `sleep`."""
        self._sender = sender
        self._sleep = sleep
        self._seconds = seconds

    def at(self, address: Address) -> "LiveStream | None":
        """A stream for one answer; nothing is sent before there is something to show."""
        if address.scope is not Scope.PERSONAL:
            return None
        seconds = self._seconds or asyncio.get_running_loop().time
        return LiveStream(address, self._sender, self._sleep, seconds)


class LiveStream:
    """One answer as it is written."""

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
        self._progress: str = ""
        self._text: str = ""
        self._last_text: str = ""
        self._shown: str = ""
        self._is_new_paragraph = False
        self._sequence = 0
        self._stream = ""
        self._began = 0.0
        self._is_broken = False
        self._is_ending = False
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_shown(self) -> bool:
        """Whether the reader sees it, so that no typing sign is needed."""
        return bool(self._stream) and not self._is_broken

    def add(self, step: Step) -> None:
        """Add a step of the agent; returns at once."""
        match step:
            case Progress(doing=progress):
                self._progress = f"{progress}…"[:LONGEST_PROGRESS]
                self._is_new_paragraph = bool(self._text)
            case Words(text=text):
                gap = "\n\n" if self._is_new_paragraph else ""
                self._text += f"{gap}{unmarked(text)}"
                self._is_new_paragraph = False
            case _:
                return
        self._changed.set()
        if self._task is None:
            self._task = asyncio.create_task(self._show())

    async def finish(self, reply: Reply, streamed: Reply | None) -> str:
        """End with the answer: `streamed`, whose text continues what was shown, or `reply` instead.

        Returns the id of the message. Raises what a message would.
        """
        await self._settle()
        if not self._stream:
            return await self._sender.send(reply)
        ending = self._ending(streamed) if streamed else self._without_text(reply)
        if self._is_broken or self._is_late():
            return await self._send_whole(reply, is_kept=ending is not None)
        try:
            # Teams takes no end that does not begin with what it has shown.
            as_shown = Reply(address=self._address, text=self._shown)
            await self._sender.end_stream(ending or as_shown, self._stream)
        except Unreachable:
            raise
        except NotDelivered as error:
            log.info("a stream could not be ended: %s", error)
            return await self._replace_stream(reply)
        return self._stream if ending else await self._replace_stream(reply)

    async def close(self) -> None:
        """Show nothing more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _show(self) -> None:
        """Send what is new, at the pace of Teams, one update after the other."""
        self._began = self._seconds()
        while not self._is_ending:
            await self._changed.wait()
            self._changed.clear()
            if self._is_ending or self._is_late():
                return
            try:
                await self._send_update()
            except Exception as error:  # noqa: BLE001 - a stream that breaks costs nothing
                log.info("an answer is not streamed any further: %s", error)
                self._is_broken = True
                return
            await self._sleep(PACE)

    async def _send_update(self) -> None:
        answer = self._text[:LONGEST_TEXT]
        text = answer or self._progress
        if text == self._last_text:
            return
        self._last_text = text
        self._shown = answer
        self._sequence += 1
        piece = Piece(
            address=self._address,
            text=text,
            sequence=self._sequence,
            stream=self._stream,
            informative=not answer,
        )
        stream = await self._sender.stream(piece)
        self._stream = self._stream or stream
        self._is_broken = not self._stream

    async def _settle(self) -> None:
        """Let the update arrive that is under way, and keep the pace; begin no other."""
        self._is_ending = True
        self._changed.set()
        if self._task is not None:
            await self._task

    def _is_late(self) -> bool:
        return self._seconds() - self._began > LONGEST_SECONDS

    def _ending(self, streamed: Reply) -> Reply | None:
        """The last message, whose text begins with what was shown; None where it cannot."""
        final, streamed_text = unmarked(streamed.text or "").strip(), self._text.strip()
        text = streamed_text if final and streamed_text.endswith(final) else final
        if not text.startswith(self._shown.rstrip()):
            return None
        cited = "".join(f"[{place}]" for place, _ in enumerate(streamed.sources, start=1))
        return replace(streamed, text=f"{text} {cited}".rstrip())

    def _without_text(self, reply: Reply) -> Reply | None:
        """The answer itself, where no text was shown; with some text, as Teams requires."""
        if self._shown:
            return None
        summary = reply.card.summary if reply.card else ""
        return replace(reply, text=reply.text or summary or "…")

    async def _send_whole(self, reply: Reply, *, is_kept: bool) -> str:
        """The answer as a message of its own, or in the place of a text that is not kept."""
        if self._shown and not is_kept:
            return await self._replace_stream(reply)
        return await self._sender.send(reply)

    async def _replace_stream(self, reply: Reply) -> str:
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
    """Text without the marks of markdown: a stream shows them as they are."""
    return _MARKS.sub("", text)
