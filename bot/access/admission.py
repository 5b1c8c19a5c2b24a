"""Lets a connection in once it has sent a whole header, so that silent ones hold nothing up.

No server of ours limits how long a header may take. Here a connection is only a few bytes until
then, waits a bounded time, and is handed to the server's own protocol when there is a request.
"""

import asyncio
from collections.abc import Callable
from typing import cast

HEADER_SECONDS = 10.0
# Longer headers are the server's to refuse; it answers with the right status.
LONGEST_HEADER = 16 * 1024
MOST_WAITING = 512
# Connections that the system keeps until we take them; a burst above it waits a second and more.
BACKLOG = 1_024
_END = b"\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

MakeProtocol = Callable[[], asyncio.Protocol]


class HeaderAdmission:
    """Makes the connections of one server; of too many silent ones, the oldest have to go."""

    def __init__(
        self,
        make_protocol: MakeProtocol,
        seconds: float = HEADER_SECONDS,
        most: int = MOST_WAITING,
    ) -> None:
        """`make_protocol` makes the server's own for each connection that sent a header."""
        self._make_protocol = make_protocol
        self._seconds = seconds
        self._most = most
        self._waiting: dict[WaitingConnection, None] = {}

    def __call__(self) -> asyncio.Protocol:
        """The protocol of a new connection."""
        return WaitingConnection(self, self._make_protocol, self._seconds)

    @property
    def waiting(self) -> int:
        """How many connections have not sent a header yet."""
        return len(self._waiting)

    def add(self, connection: "WaitingConnection") -> None:
        """A connection came in."""
        self._waiting[connection] = None
        if len(self._waiting) > self._most:
            next(iter(self._waiting)).abort()

    def remove(self, connection: "WaitingConnection") -> None:
        """It sent its header, or it is gone."""
        self._waiting.pop(connection, None)

    def close(self) -> None:
        """Drop those that still wait."""
        for one in list(self._waiting):
            one.abort()


class WaitingConnection(asyncio.Protocol):
    """A connection until its first header is whole."""

    def __init__(
        self, admission: HeaderAdmission, make_protocol: MakeProtocol, seconds: float
    ) -> None:
        """Begin to wait when the connection is there."""
        self._admission = admission
        self._make_protocol = make_protocol
        self._seconds = seconds
        self._read = bytearray()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a header, and no longer than that."""
        self._transport = cast("asyncio.Transport", transport)
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._give_up)
        self._admission.add(self)

    def data_received(self, data: bytes) -> None:
        """Keep what comes; the server's protocol takes over once the header is whole."""
        begin = max(0, len(self._read) - len(_END))
        self._read += data
        is_whole = self._read.find(_END, begin) >= 0 or len(self._read) > LONGEST_HEADER
        if is_whole and self._transport is not None:
            self._leave()
            protocol = self._make_protocol()
            self._transport.set_protocol(protocol)
            protocol.connection_made(self._transport)
            protocol.data_received(bytes(self._read))

    def connection_lost(self, exc: Exception | None) -> None:
        """It went before it asked anything."""
        self._leave()

    def abort(self) -> None:
        """Drop it at once."""
        self._leave()
        if self._transport is not None:
            self._transport.abort()

    def _give_up(self) -> None:
        self._leave()
        if self._transport is not None:
            self._transport.write(_TOO_SLOW)
            self._transport.close()

    def _leave(self) -> None:
        self._admission.remove(self)
        if self._timer is not None:
            self._timer.cancel()
