"""Whether messages can be taken, and what else somebody who looks at night wants to know."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aiohttp import web

from bot.hosting.service_clock import ServiceClock
from bot.hosting.store_watch import StoreWatch
from bot.teams import TeamsAdapter

# A factory that was not seen for so many looks, and this long at least, is worth a line.
LOOKS = 4
LEAST = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; without a `blocks` it keeps no message away."""

    name: str
    problem: str = ""
    blocks: bool = False

    @property
    def line(self) -> str:
        """As the health endpoints of Kubernetes write it."""
        return f"[-]{self.name}: {self.problem}" if self.problem else f"[+]{self.name} ok"


@dataclass(slots=True)
class Readiness:
    """What `/healthz` and `/readyz` answer by; filled in as the bot opens."""

    signed_in: asyncio.Event = field(default_factory=asyncio.Event)
    store: StoreWatch = field(default_factory=StoreWatch)
    clock: ServiceClock | None = None
    adapter: TeamsAdapter | None = None
    watch: "WatchAge | None" = None

    def checks(self) -> tuple[Check, ...]:
        """Everything that can be wrong while the process runs."""
        waiting = "" if self.signed_in.is_set() else "warming"
        keys = self.adapter.keys_problem if self.adapter else ""
        return (
            Check(name="token", problem=waiting, blocks=True),
            Check(name="keys", problem=waiting or keys, blocks=bool(waiting)),
            Check(name="store", problem=self.store.problem, blocks=True),
            Check(name="clock", problem=self.clock.problem if self.clock else ""),
            Check(name="watch", problem=self.watch.problem if self.watch else ""),
        )

    def answer(self, request: web.Request) -> web.Response:
        """503 while messages cannot be taken; each check on a line of its own with `?verbose`."""
        checks = self.checks()
        blocked = next((one.problem for one in checks if one.blocks and one.problem), "")
        if "verbose" in request.query:
            text = "\n".join([*(one.line for one in checks), blocked or "ready"])
        else:
            noted = dict.fromkeys(one.problem for one in checks if one.problem)
            text = blocked or "; ".join(["ready", *noted])
        return web.Response(text=text, status=503 if blocked else 200)


class WatchAge:
    """How long ago the factories were last seen whole."""

    def __init__(
        self,
        seen: Callable[[], Mapping[str, datetime]],
        clock: Callable[[], datetime],
        every: float,
    ) -> None:
        """`seen` has nothing where another process watches; each is looked at `every` seconds."""
        self._seen = seen
        self._clock = clock
        self._most = max(LEAST, timedelta(seconds=LOOKS * every))

    @property
    def problem(self) -> str:
        """Which factory was seen too long ago; blank while each was seen in time."""
        ages = {alias: self._clock() - at for alias, at in self._seen().items()}
        late = {alias: age for alias, age in ages.items() if age > self._most}
        if not late:
            return ""
        alias = max(late, key=late.__getitem__)
        minutes = int(late[alias].total_seconds() // 60)
        others = f" and {len(late) - 1} more" if len(late) > 1 else ""
        return f"{alias}{others} was not seen for {minutes} min"
