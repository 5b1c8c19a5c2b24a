"""Writes a stream of events to the client, and breaks it where a fault says so."""

import asyncio
from collections.abc import Iterable

import orjson
from aiohttp import web

from tests.doubles.foundry.faults import Fault
from tests.doubles.foundry.wire import Item


class Broken(Exception):
    """The stream ended before its time, as a fault wanted."""


class Sending:
    """One event stream; `pace` are the seconds between two pieces of text."""

    def __init__(
        self, request: web.Request, headers: dict[str, str], fault: Fault | None, pace: float
    ) -> None:
        kind = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
        self._request = request
        self._response = web.StreamResponse(headers=kind | headers)
        self._fault = fault
        self._pace = pace
        self._number = 0
        self.events: list[Item] = []

    async def begin(self) -> None:
        """Send the head."""
        await self._response.prepare(self._request)

    async def send(self, events: Iterable[Item]) -> None:
        """Send events, at once where nothing comes between them."""
        waiting: list[bytes] = []
        for event in events:
            stops = self._fault and self._number == self._fault.at
            if waiting and (stops or self._is_paced(event)):
                await self._flush(waiting)
            if stops and self._fault:
                await self._break(self._fault)
            if self._is_paced(event):
                await asyncio.sleep(self._pace)
            waiting.append(self._line(event))
        if waiting:
            await self._flush(waiting)

    async def keep_alive(self) -> None:
        """Send a comment, so that nobody takes silence for death."""
        await self._response.write(b": keep-alive\n\n")

    async def end(self) -> web.StreamResponse:
        """End in good order."""
        await self._response.write_eof()
        return self._response

    def _is_paced(self, event: Item) -> bool:
        return bool(self._pace) and event["type"] == "response.output_text.delta"

    def _line(self, event: Item) -> bytes:
        numbered = {"type": event["type"], "sequence_number": self._number, **event}
        self._number += 1
        self.events.append(numbered)
        return b"event: %b\ndata: %b\n\n" % (event["type"].encode(), orjson.dumps(numbered))

    async def _flush(self, waiting: list[bytes]) -> None:
        await self._response.write(b"".join(waiting))
        waiting.clear()

    async def _break(self, fault: Fault) -> None:
        """Do to the stream what the fault says; Broken where it ends with that."""
        if fault.gap:
            await asyncio.sleep(fault.gap)
        if fault.error is not None:
            told = {"param": None, **fault.error}
            alone = b"data: %b\n\n" % orjson.dumps({"error": told})
            line = alone if fault.bare else self._line({"type": "error", **told})
            await self._response.write(line)
        if fault.junk:
            await self._response.write(
                b'event: response.output_text.delta\ndata: {"type": "resp\n\n'
            )
        if fault.cut_hard and self._request.transport:
            # What was written leaves first: an abort throws away what still waits.
            await asyncio.sleep(0.01)
            self._request.transport.abort()
        if fault.breaks_stream:
            raise Broken
