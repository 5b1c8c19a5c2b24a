"""The factories people may ask about, by alias; opens the SDK once for each subscription."""

import asyncio
import importlib
from collections.abc import Callable, Iterable

from adf.client.client import AdfClient
from adf.client.wire import Wire
from adf.errors import BadArguments
from adf.records import Factory

OpenWire = Callable[[str], Wire]


class UnknownFactory(BadArguments):
    """No factory is known by that alias; `choices` are the known ones."""


class Factories:
    """Clients by alias; `default` is meant when nobody named a factory."""

    def __init__(self, factories: Iterable[Factory], default: str, open_wire: OpenWire) -> None:
        """Remember the factories; nothing is opened before the first use."""
        self._factories = {factory.alias: factory for factory in factories}
        self._open_wire = open_wire
        self._wires: dict[str, Wire] = {}
        self._opening = asyncio.Lock()
        self.default = default

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every known alias, the default first."""
        return tuple(sorted(self._factories, key=lambda alias: (alias != self.default, alias)))

    async def client(self, alias: str | None = None) -> AdfClient:
        """The client of a factory; UnknownFactory for an alias nobody declared."""
        factory = self._find(alias or self.default)
        async with self._opening:
            wire = self._wires.get(factory.subscription)
            if wire is None:
                wire = await asyncio.to_thread(self._open_wire, factory.subscription)
                self._wires[factory.subscription] = wire
        return AdfClient(factory, wire)

    async def close(self) -> None:
        """Close every connection that was opened."""
        for wire in self._wires.values():
            await wire.close()
        self._wires.clear()

    def _find(self, alias: str) -> Factory:
        known = {name.lower(): factory for name, factory in self._factories.items()}
        if alias.lower() in known:
            return known[alias.lower()]
        raise UnknownFactory(
            f"no factory is called {alias}", asked="choose a factory", choices=self.aliases
        )


def sdk_wires(arm_url: str) -> OpenWire:
    """Open official clients on `arm_url`; the SDK is imported at the first use (0.4 s, 40 MB)."""

    def open_wire(subscription: str) -> Wire:
        return importlib.import_module("adf.client.sdk").SdkWire(subscription, arm_url)

    return open_wire
