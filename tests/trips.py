"""A way to Azure that takes its time: how many calls are made, and how many in a row."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(slots=True, kw_only=True)
class Trips:
    """Holds up each request for `delay` seconds, and remembers when each came and was let go."""

    delay: float
    stays: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])

    async def __call__(self, _: web.Request) -> web.StreamResponse | None:
        """Let it go on after the delay."""
        came = asyncio.get_running_loop().time()
        await asyncio.sleep(self.delay)
        self.stays.append((came, asyncio.get_running_loop().time()))
        return None

    @property
    def in_a_row(self) -> int:
        """The most calls of which each came after the one before it was let go."""
        number, free = 0, 0.0
        for came, gone in sorted(self.stays, key=lambda stay: stay[1]):
            if came >= free:
                number, free = number + 1, gone
        return number
