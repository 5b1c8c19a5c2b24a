"""Keeps what was used lately, a bounded number of it."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class RecentItems(Generic[Thing]):
    """Things by a key; those not used for longest are let go."""

    def __init__(self, most: int) -> None:
        """Keep at most so many."""
        self._most = most
        self._things: OrderedDict[str, Thing] = OrderedDict()

    def get(self, key: str, make: Callable[[], Thing]) -> Thing:
        """The thing of that key, made if it is not kept."""
        if key not in self._things:
            self.put(key, make())
        self._things.move_to_end(key)
        return self._things[key]

    def put(self, key: str, thing: Thing) -> None:
        """Keep a thing."""
        self._things[key] = thing
        if len(self._things) > self._most:
            self._things.popitem(last=False)
