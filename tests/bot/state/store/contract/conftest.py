"""Each test of the contract is played on every store there is."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.state.store import ListedStore, open_store
from tests.bot.state.store.contract.stores import STORES, addresses


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[ListedStore]:
    opened = await open_store(addresses(request.param, request, tmp_path)())
    yield opened
    await opened.close()
