"""Everything that is published in a factory, and what is worked out of it, kept for some minutes.

Who waits and who uses what is a question about all definitions at once. A factory of 344 pipelines
has 3 MB of them: they are redacted in a thread, and read once for all who ask.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from cachetools import TTLCache

from adf.client.decode_triggers import trigger_definition
from adf.client.operations import (
    LIST_DATA_FLOWS,
    LIST_DATASETS,
    LIST_LINKED_SERVICES,
    LIST_PIPELINES,
    LIST_RUNTIMES,
    LIST_TRIGGERS,
    ArmOperation,
)
from adf.client.wire_values import Json, frozen, object_of, text_of
from adf.errors import AdfError, Forbidden
from adf.records import Factory, TriggerDefinition
from adf.redaction import redact_json
from adf.single_flight import SingleFlight

# A publish shows after that long; whoever asks in between is told as of when it is.
LASTS = 300.0
MOST_RESULTS = 100

T = TypeVar("T")
Rows = Sequence[Json]
Resources = Mapping[str, Json]
"""The `properties` of resources of one kind, by name."""
Listed = Callable[[ArmOperation], Awaitable[Rows]]
"""Reads every row of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What is published: JSON by name, redacted; `gaps` say what could not be read."""

    factory: Factory
    pipelines: Resources
    triggers: tuple[TriggerDefinition, ...] = ()
    trigger_resources: Resources
    datasets: Resources
    data_flows: Resources
    linked_services: Resources
    runtimes: Resources = field(default_factory=dict[str, Json])
    gaps: tuple[str, ...] = ()


class DefinitionsCache:
    """Definitions and what was worked out of them, by factory; each is made once for all."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin with nothing known."""
        self._known: TTLCache[Hashable, object] = TTLCache(MOST_RESULTS, LASTS, monotonic)
        self._flights: SingleFlight[Hashable, object] = SingleFlight()
        self._behind: set[asyncio.Task[Any]] = set()

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """What is kept under a key, or what `make` gives; an error is not kept."""
        known = self._known.get(key)
        if known is None:
            known = await self._flights.join(key, lambda: self._make(key, make))
        return cast("T", known)

    async def soon(
        self, key: Hashable, make: Callable[[], Awaitable[T]], seconds: float
    ) -> T | None:
        """The same within a time; later than that it is kept for the next who asks."""
        task = asyncio.create_task(self.get(key, make))
        self._behind.add(task)
        task.add_done_callback(self._done)
        await asyncio.wait({task}, timeout=seconds)
        return task.result() if task.done() else None

    async def close(self) -> None:
        """End what is still read behind."""
        for task in self._behind:
            task.cancel()
        await asyncio.gather(*self._behind, return_exceptions=True)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._behind.discard(task)
        if not task.cancelled():
            task.exception()

    async def _make(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        made = await make()
        self._known[key] = made
        return made


async def read_definitions(factory: Factory, listed: Listed) -> Definitions:
    """Everything published in a factory; only its pipelines have to be readable."""
    pipelines, *others = await asyncio.gather(
        listed(LIST_PIPELINES),
        _readable(listed, LIST_TRIGGERS, "triggers"),
        _readable(listed, LIST_DATASETS, "datasets"),
        _readable(listed, LIST_DATA_FLOWS, "data flows"),
        _readable(listed, LIST_LINKED_SERVICES, "linked services"),
        _readable(listed, LIST_RUNTIMES, "integration runtimes"),
    )
    triggers = others[0][0]
    known = [await _by_name(rows) for rows in (pipelines, *(rows for rows, _ in others))]
    return Definitions(
        factory=factory,
        pipelines=known[0],
        triggers=tuple(trigger_definition(factory, row) for row in triggers),
        trigger_resources=known[1],
        datasets=known[2],
        data_flows=known[3],
        linked_services=known[4],
        runtimes=known[5],
        gaps=tuple(gap for _, gap in others if gap),
    )


async def _readable(listed: Listed, operation: ArmOperation, what: str) -> tuple[Rows, str]:
    """The rows of a list, or none and a sentence about why."""
    try:
        return await listed(operation), ""
    except AdfError as error:
        action = error.action if isinstance(error, Forbidden) else None
        why = f"needs {action}" if action else error.said
        return [], f"could not read the {what} ({why})"


async def _by_name(rows: Rows) -> Resources:
    """The `properties` of the rows by name, redacted, in a thread: there may be megabytes."""
    return await asyncio.to_thread(_redacted, rows)


def _redacted(rows: Rows) -> Resources:
    clean = (frozen(redact_json(row)) for row in rows)
    return {text_of(row.get("name")): object_of(row.get("properties")) for row in clean}
