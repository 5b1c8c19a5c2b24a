"""A store that cannot be written is said by readyz, and one that is lost ends the bot."""

import asyncio
import os
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.hosting.store_watch import StoreWatch
from bot.state.store import MemoryStore, NotOwner, open_sqlite
from tests.flows.conftest import Run, clock, declared, run
from tests.harness import Product

__all__ = ["clock", "declared", "run"]


class Failing(MemoryStore):
    """A store with a problem that comes and goes."""

    problem: Exception | None = None

    async def check(self) -> None:
        if self.problem:
            raise self.problem


async def test_a_problem_is_said_while_it_lasts_and_a_loss_for_good() -> None:
    watch, store = StoreWatch(), Failing()
    for problem, said in ((None, ""), (OSError("disk full"), "disk full"), (None, "")):
        store.problem = problem
        await watch.check(store)
        assert (watch.problem, watch.lost.is_set()) == (said, False)
    store.problem = NotOwner("another process owns the store now")
    await watch.check(store)
    assert watch.lost.is_set()


async def test_a_file_that_was_removed_under_the_bot_is_noticed(tmp_path: Path) -> None:
    store, watch = await open_sqlite(str(tmp_path / "store.db")), StoreWatch()
    await watch.check(store)
    assert watch.problem == ""
    os.remove(tmp_path / "store.db")  # noqa: PTH107 - a plain call, as whoever removed it made
    await watch.check(store)
    assert "removed or replaced" in watch.problem
    await store.close()


async def status_of(product: Product, path: str) -> tuple[int, str]:
    url = product.endpoint.replace("api/messages", path)
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


@pytest.mark.timeout(60)
async def test_readyz_and_healthz_turn_red_when_the_store_is_anothers(
    tmp_path: Path, run: Run
) -> None:
    settings: dict[str, Any] = {"ADFOPS_STORE": f"sqlite:///{tmp_path / 'store.db'}"}
    async with run(**settings) as product:
        assert await status_of(product, "readyz") == (200, "ready")
        assert await status_of(product, "healthz") == (200, "ok")
        (tmp_path / "store.db.owner-2").write_bytes(b"")
        await asyncio.sleep(6)
        assert await status_of(product, "readyz") == (503, "another process owns the store now")
        assert (await status_of(product, "healthz"))[0] == 503
