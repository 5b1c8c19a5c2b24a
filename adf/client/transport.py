"""What the client needs from the SDK: the REST operations of one subscription, JSON out.

A Protocol, so that the heavy SDK behind it is imported late, in a worker thread.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from adf.client.operations import ArmOperation
from adf.records import Factory

Json = Mapping[str, Any]


class Wire(Protocol):
    """The way to one subscription, for every operation of the table."""

    async def call(self, operation: ArmOperation, factory: Factory, /, *arguments: object) -> Json:
        """The decoded JSON of one answer (of a list: one page); raises an AdfError."""
        ...

    async def close(self) -> None:
        """Close connections and the credential."""
        ...


OpenWire = Callable[[str], Wire]
# Entered around each call with Microsoft's name of the operation and the alias of the factory.
CallHook = Callable[[str, str], AbstractContextManager[None]]
# Called with the same for each answer that refuses a call as one too many.
ThrottleHook = Callable[[str, str], None]
