"""Self-hosted integration runtimes that take no work."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from adf.client import AdfClient
from adf.records import (
    Condition,
    ConditionKind,
    Expectation,
    RuntimeStatus,
)
from adf.watch.conditions.findings import Findings

MOST_RUNTIMES = 50
# While a node restarts or is updated, a runtime is offline for a moment.
MAY_BLINK = timedelta(minutes=2)


class RuntimesCheck:
    """Asks each self-hosted runtime how it is; who is never heard from is not waited for."""

    kinds = frozenset({ConditionKind.RUNTIME})
    every = timedelta(minutes=2)

    def __init__(self, client: AdfClient) -> None:
        """Read one factory."""
        self._client = client
        self._since: dict[str, datetime] = {}

    async def find(self, expected: Sequence[Expectation], now: datetime) -> Findings:
        """The runtimes that are offline."""
        published = await self._client.list_runtimes()
        hosted = [
            one
            for one in published
            if one.is_self_hosted and any(each.covers(one.name) for each in expected)
        ]
        states = await asyncio.gather(
            *(self._client.get_runtime_status(one.name) for one in hosted[:MOST_RUNTIMES])
        )
        down = {one.name: self._down_since(one, now) for one in states if one.has_problem}
        self._since = {name: at for name, at in self._since.items() if name in down}
        found = [
            self._condition(one, since)
            for one in states
            if (since := down.get(one.name)) and now - since >= MAY_BLINK
        ]
        return Findings(standing=found, is_complete=len(hosted) <= MOST_RUNTIMES)

    def _down_since(self, runtime: RuntimeStatus, now: datetime) -> datetime:
        """The last word of its nodes, else when it was first seen like this."""
        return runtime.offline_since or self._since.setdefault(runtime.name, now)

    def _condition(self, runtime: RuntimeStatus, since: datetime) -> Condition:
        return Condition(
            factory=runtime.factory,
            kind=ConditionKind.RUNTIME,
            key=f"runtime|{runtime.name}",
            subject=runtime.name,
            since=since,
            pipelines=(runtime.name,),
        )
