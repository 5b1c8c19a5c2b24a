"""The official Data Factory client, wrapped: one method for each REST operation, records out."""

from adf.client.client import AdfClient
from adf.client.connections import sdk_wires
from adf.client.definitions import Definitions
from adf.client.factories import Factories, NotGranted, UnknownFactory
from adf.client.inventory import Inventory

__all__ = [
    "AdfClient",
    "Definitions",
    "Factories",
    "Inventory",
    "NotGranted",
    "UnknownFactory",
    "sdk_wires",
]
