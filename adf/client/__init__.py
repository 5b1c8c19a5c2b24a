"""The official Data Factory client, wrapped: one method for each REST operation, records out."""

from adf.client.client import AdfClient
from adf.client.factories import Factories, UnknownFactory

__all__ = ["AdfClient", "Factories", "UnknownFactory"]
