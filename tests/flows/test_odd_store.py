"""A bot over a store of odd rows: it starts, answers, and lists what it set aside."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adf.simulator import load_world
from bot.state.store import MemoryStore, Store, list_quarantine, open_sqlite, read_all
from tests.bot.state.store.test_rows import filled, spoiled
from tests.doubles.teams import Client
from tests.evals.rows import WORLD
from tests.evals.world import factories_file
from tests.harness import running_product

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)


async def write_odd_rows(store: Store, count: int, chance: random.Random) -> None:
    """Rows of every partition as another version, or nobody, would write them."""
    sample = MemoryStore()
    await filled(sample)
    rows = [
        (partition, entry)
        for partition in await sample.partitions()
        for entry in await read_all(sample, partition)
    ]
    for number in range(count):
        partition, entry = rows[number % len(rows)]
        key = entry.key if number < len(rows) else f"{entry.key}-{number}"
        await store.insert(partition, key, spoiled(entry.value, chance))


async def start_over_odd_rows(folder: Path, count: int, seed: int) -> int:
    """Start the product over so many odd rows and ask it; how many rows it set aside."""
    file = str(folder / "store.db")
    store = await open_sqlite(file)
    await write_odd_rows(store, count, random.Random(seed))
    await store.close()
    world = json.loads(WORLD.read_text(encoding="utf-8"))
    declared = factories_file(world, folder)
    async with running_product(
        load_world(WORLD), declared, lambda: NOW, ADFOPS_STORE=f"sqlite:///{file}"
    ) as product:
        client = Client(service_url=product.connector.url)
        while not any("CustomerDataETL" in str(one.card) for one in product.connector.messages):
            await product.ask(client.personal("status of CustomerDataETL"))
        assert product.cards
    store = await open_sqlite(file)
    aside = len(await list_quarantine(store))
    await store.close()
    return aside


@pytest.mark.timeout(120)
async def test_a_bot_over_a_store_of_odd_rows_starts_and_answers(tmp_path: Path) -> None:
    assert await start_over_odd_rows(tmp_path, 120, 1) > 5


@pytest.mark.prove
@pytest.mark.timeout(600)
async def test_a_bot_over_two_thousand_odd_rows_starts_and_answers(tmp_path: Path) -> None:
    aside = await start_over_odd_rows(tmp_path, 2_000, 4711)
    print(f"started over 2,000 rows of other shapes; {aside} set aside")
    assert aside > 50
