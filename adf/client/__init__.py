"""The official Data Factory client, wrapped: one method for each REST operation, records out."""

from adf.client.client import AdfClient, ReadableRuns
from adf.client.connections import sdk_wires
from adf.client.definitions import Definitions
from adf.client.factories import Factories, NotGranted, UnknownFactory
from adf.client.inventory import Inventory, OtherNames
from adf.client.paging import UnreadRange

__all__ = [
    "AdfClient",
    "Definitions",
    "Factories",
    "Inventory",
    "NotGranted",
    "OtherNames",
    "ReadableRuns",
    "UnknownFactory",
    "UnreadRange",
    "sdk_wires",
]
