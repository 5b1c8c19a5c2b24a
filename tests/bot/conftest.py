"""Both stores, and the people and rooms in them."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.access.policy import AccessPolicy
from bot.state.rooms import Binding, Rooms
from bot.state.store import MemoryStore, Store, open_sqlite
from tests.bot.builders.people import NOW, Members, people_with


@pytest.fixture(params=["stub", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Store]:
    opened: Store = (
        MemoryStore() if request.param == "stub" else await open_sqlite(str(tmp_path / "store.db"))
    )
    yield opened
    await opened.close()


@pytest.fixture
def members() -> Members:
    return Members()


@pytest.fixture
def rooms(store: Store) -> Rooms:
    return Rooms(store, lambda: NOW, {"19:bound": Binding(factory="prod")})


@pytest.fixture
def people(rooms: Rooms, members: Members) -> AccessPolicy:
    return people_with(rooms, members)
