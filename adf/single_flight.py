"""Equal questions on their way at the same moment are one question, shared by all who wait."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class _Flight(Generic[T]):
    """A question on its way, and how many wait for it."""

    task: asyncio.Task[T]
    waiting: int = 0


class SingleFlight(Generic[K, T]):
    """What is on its way, by key; who gives up leaves it to the others, the last one ends it."""

    def __init__(self) -> None:
        """Begin with nothing on its way."""
        self._flights: dict[K, _Flight[T]] = {}

    async def join(self, key: K, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer of the flight under `key`, which `ask` starts where there is none."""
        flight = self._flights.get(key) or self._start(key, ask)
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                self._land(key, flight)
                flight.task.cancel()

    def _start(self, key: K, ask: Callable[[], Awaitable[T]]) -> _Flight[T]:
        async def fly() -> T:
            return await ask()

        flight = _Flight(task=asyncio.create_task(fly()))
        self._flights[key] = flight
        flight.task.add_done_callback(lambda _: self._land(key, flight))
        return flight

    def _land(self, key: K, flight: _Flight[T]) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]
