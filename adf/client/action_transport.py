"""What an act needs from the SDK: one POST to one subscription, never sent twice.

A Protocol, so that the heavy SDK behind it is imported late, in a worker thread.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from adf.client.transport import Json
from adf.client.write_operations import WriteOperation
from adf.records import Factory


class ActionWire(Protocol):
    """The way of an act to one subscription, under the writer's identity."""

    async def post(
        self,
        operation: WriteOperation,
        factory: Factory,
        name: str,
        *,
        request_id: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None,
    ) -> Json:
        """Send it once, under that id; an AdfError, OutcomeUnknown where no answer says more."""
        ...

    async def close(self) -> None:
        """Close connections and the credential."""
        ...


OpenActionWire = Callable[[str], ActionWire]
