"""The stores that the contract is played on, each empty where it is opened."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.doubles.azurite import Azurite

STORES = ("memory", "sqlite", "tables")


def addresses(kind: str, request: pytest.FixtureRequest, folder: Path) -> Callable[[], str]:
    """Makes settings for stores of one kind that nobody has used."""
    if kind == "tables":
        emulator: Azurite = request.getfixturevalue("azurite")
        return emulator.new_table
    if kind == "sqlite":
        return lambda: f"sqlite:///{folder / uuid.uuid4().hex}.db"
    return lambda: "memory:"
