"""Clients of acts by the alias of their factory, under the writer's identity.

Acts have connections of their own, so that no way leads from what reads to what writes. Without a
writer nothing can be done: the reader's identity never stands in for it.
"""

import asyncio
import importlib
from collections.abc import Callable, Iterable
from typing import Any

from adf.client.action_transport import ActionWire, OpenActionWire
from adf.client.actions import ActionClient
from adf.client.connections import unobserved
from adf.client.factories import UnknownFactory, Wires
from adf.client.identity import AzureIdentity, SignIn, WriterIdentity
from adf.client.transport import CallHook, Json
from adf.errors import Forbidden
from adf.records import Factory

# Gives an azure-core credential; without a type of the SDK, which is imported late.
OpenCredential = Callable[[], object]


class NoActs:
    """A way that no act goes."""

    async def post(self, *_: object, **_more: object) -> Json:
        """Refuse it."""
        raise Forbidden("this way is for looking only", asked="act in Data Factory")

    async def close(self) -> None:
        """Nothing is open."""


class ActionClients:
    """An ActionClient for each factory; opens the SDK once for each subscription."""

    def __init__(
        self, factories: Iterable[Factory], reads: Wires, open_wire: OpenActionWire
    ) -> None:
        """Borrow the reader's connections; nothing is opened before the first use."""
        self._factories = {factory.alias.lower(): factory for factory in factories}
        self._reads = reads
        self._open_wire = open_wire
        self._wires: dict[str, ActionWire] = {}
        self._opening = asyncio.Lock()

    async def client(self, alias: str) -> ActionClient:
        """The client of a factory; UnknownFactory for an alias nobody declared."""
        return await self.client_on(alias, await self._to(self.subscription_of(alias)))

    async def reader(self, alias: str) -> ActionClient:
        """One that only looks: at runs, and at what became of acts."""
        return await self.client_on(alias, NoActs())

    def subscription_of(self, alias: str) -> str:
        """The subscription of a factory; UnknownFactory for an alias nobody declared."""
        return self._factory(alias).subscription

    async def client_on(self, alias: str, wire: ActionWire) -> ActionClient:
        """The client of a factory whose acts go another way."""
        factory = self._factory(alias)
        return ActionClient(factory, wire, await self._reads.to(factory.subscription))

    async def close(self) -> None:
        """Close the connections for acts; the reader's are not ours."""
        for wire in self._wires.values():
            await wire.close()
        self._wires.clear()

    def _factory(self, alias: str) -> Factory:
        factory = self._factories.get(alias.lower())
        if factory is None:
            choices = tuple(one.alias for one in self._factories.values())
            said = f"there is no factory called {alias}"
            raise UnknownFactory(said, asked="choose a factory", choices=choices)
        return factory

    async def _to(self, subscription: str) -> ActionWire:
        async with self._opening:
            wire = self._wires.get(subscription)
            if wire is None:
                wire = await asyncio.to_thread(self._open_wire, subscription)
                self._wires[subscription] = wire
        return wire


def action_wires(
    arm_url: str, open_credential: OpenCredential, observe: CallHook = unobserved
) -> OpenActionWire:
    """Open the SDK for acts on `arm_url`, with a credential of the writer for each subscription."""

    def open_wire(subscription: str) -> ActionWire:
        module = importlib.import_module("adf.client.action_sdk")
        return module.SdkActionWire(subscription, arm_url, open_credential(), observe=observe)

    return open_wire


def open_writer(arm_url: str, writer: WriterIdentity | None) -> OpenCredential:
    """Gives the writer's credential, opened late; Forbidden where the bot only reads."""

    def opened() -> object:
        if writer is None:
            raise Forbidden("this bot has no identity to act with", asked="act in Data Factory")
        return _credentials().writer_credential(arm_url, writer)

    return opened


def open_reader(arm_url: str) -> OpenCredential:
    """Gives the credential that reads, to see that it may not act."""
    return lambda: _credentials().reader_credential(arm_url)


def writer_sign_in(arm_url: str, writer: WriterIdentity) -> SignIn:
    """How the writer signs in for `arm_url`."""

    async def sign_in() -> AzureIdentity:
        credential = _credentials().writer_credential(arm_url, writer)
        module = importlib.import_module("adf.client.credentials")
        return await module.sign_in(arm_url, credential)

    return sign_in


def _credentials() -> Any:  # noqa: ANN401 - a module that is imported late
    return importlib.import_module("adf.client.action_credentials")
