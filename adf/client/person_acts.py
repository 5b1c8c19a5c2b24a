"""Acts with a person's own token, so that Azure decides by their rights and logs their name."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from adf.client.action_clients import ActionClients
from adf.client.action_transport import ActionWire
from adf.client.connections import unobserved
from adf.client.transport import CallHook
from adf.records import ActionReceipt, ActionTarget

# The token of somebody by their object id, and when it ends, in seconds since 1970.
TokenOf = Callable[[str], Awaitable[tuple[str, int]]]
OpenPersonWire = Callable[[str, TokenOf, str], ActionWire]


class PersonActs:
    """Opens a connection for one act of one person, and closes it after."""

    def __init__(
        self, clients: ActionClients, open_wire: OpenPersonWire, token_of: TokenOf
    ) -> None:
        """Borrow the clients; nothing is opened before an act."""
        self._clients = clients
        self._open_wire = open_wire
        self._token_of = token_of

    async def perform(self, target: ActionTarget, request_id: str, person_id: str) -> ActionReceipt:
        """Do it, once, under that id, as that person; every AdfError as usual."""
        subscription = self._clients.subscription_of(target.factory)
        wire = await asyncio.to_thread(self._open_wire, subscription, self._token_of, person_id)
        try:
            client = await self._clients.client_on(target.factory, wire)
            return await client.perform(target, request_id)
        finally:
            await wire.close()


def person_wires(arm_url: str, observe: CallHook = unobserved) -> OpenPersonWire:
    """Open the SDK for one act on `arm_url` with the token of a person."""

    def open_wire(subscription: str, token_of: TokenOf, person_id: str) -> ActionWire:
        credentials: Any = importlib.import_module("adf.client.action_credentials")
        module: Any = importlib.import_module("adf.client.action_sdk")
        credential = credentials.PersonCredential(partial(token_of, person_id))
        return module.SdkActionWire(subscription, arm_url, credential, observe=observe)

    return open_wire
