"""The factories people may ask about, by alias; opens the SDK once for each subscription."""

import asyncio
import time
from collections.abc import Collection, Iterable

from adf.client.client import AdfClient
from adf.client.definitions import DefinitionsCache
from adf.client.run_cache import RunCache
from adf.client.transport import OpenWire, Wire
from adf.errors import BadArguments
from adf.records import Factory


class UnknownFactory(BadArguments):
    """No factory is known by that alias; `choices` are the known ones."""


class NotGranted(UnknownFactory):
    """That factory exists and is not for whoever asks here; `factory` is its alias."""

    def __init__(self, factory: str, granted: tuple[str, ...]) -> None:
        """Keep which factory was asked for."""
        super().__init__(f"you can't see {factory} here", choices=granted)
        self.factory = factory


class Wires:
    """Connections by subscription, each opened once for all who wait."""

    def __init__(self, open_wire: OpenWire) -> None:
        """Open nothing before the first use."""
        self._open_wire = open_wire
        self._wires: dict[str, Wire] = {}
        self._opening = asyncio.Lock()
        self.run_cache = RunCache(time.monotonic)
        self.published = DefinitionsCache(time.monotonic)

    async def to(self, subscription: str) -> Wire:
        """The connection to a subscription."""
        async with self._opening:
            wire = self._wires.get(subscription)
            if wire is None:
                wire = await asyncio.to_thread(self._open_wire, subscription)
                self._wires[subscription] = wire
        return wire

    async def close(self) -> None:
        """Close every connection that was opened."""
        await self.published.close()
        for wire in self._wires.values():
            await wire.close()
        self._wires.clear()


class Factories:
    """Clients by alias; `default` is meant when nobody named a factory."""

    def __init__(
        self,
        factories: Iterable[Factory],
        default: str,
        open_wire: OpenWire | Wires,
        granted: Collection[str] | None = None,
    ) -> None:
        """Remember the factories; nothing is opened before the first use.

        With `granted`, only the factories of those aliases are given out.
        """
        self._factories = {factory.alias: factory for factory in factories}
        self._granted = None if granted is None else frozenset(granted)
        self._wires = open_wire if isinstance(open_wire, Wires) else Wires(open_wire)
        self.default = default

    def only(self, aliases: Collection[str], default: str) -> "Factories":
        """The same connections, for some of the factories; `default` is one of them."""
        return Factories(self._factories.values(), default, self._wires, aliases)

    @property
    def aliases(self) -> tuple[str, ...]:
        """Every known alias that is given out, the default first."""
        given = [alias for alias in self._factories if self._gives(alias)]
        return tuple(sorted(given, key=lambda alias: (alias != self.default, alias)))

    async def client(self, alias: str | None = None) -> AdfClient:
        """The client of a factory; UnknownFactory for an alias nobody declared, or NotGranted."""
        factory = self._find(alias or self.default)
        wire = await self._wires.to(factory.subscription)
        return AdfClient(factory, wire, self._wires.run_cache, self._wires.published)

    def alias_of(self, named: str | None) -> str:
        """The alias as declared, or the default one; raises what `client` does."""
        return self._find(named or self.default).alias

    async def close(self) -> None:
        """Close every connection that was opened, also by views of these factories."""
        await self._wires.close()

    def _gives(self, alias: str) -> bool:
        return self._granted is None or alias in self._granted

    def _find(self, alias: str) -> Factory:
        known = {name.lower(): factory for name, factory in self._factories.items()}
        found = known.get(alias.lower())
        if found and not self._gives(found.alias):
            raise NotGranted(found.alias, self.aliases)
        if found:
            return found
        raise UnknownFactory(
            f"there is no factory called {alias}", asked="choose a factory", choices=self.aliases
        )
