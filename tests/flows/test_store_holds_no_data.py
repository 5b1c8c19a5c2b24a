"""The store after a whole incident: names, ids, counts and times; never what the data said."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from adf.simulator.clock import wall_clock
from tests.doubles.connector import ConnectorDouble
from tests.doubles.teams import CHANNEL, Client
from tests.flows.crash.factory import (
    CLOSE,
    GROUP,
    LOAD,
    NAME,
    SECRET_PARAMETER,
    SECRET_ROWS,
    SECRET_WORDS,
    Factory,
)
from tests.harness import Product, running_product

SAID = "said Ottilie"
QUESTIONS = (
    f"why did {LOAD} fail {SAID}",
    f"what was the error message of {CLOSE} {SAID}",
    f"how many rows did {LOAD} copy {SAID}",
    f"show me the recipe for pancakes {SAID}",
)
# Whole and in pieces, and numbers as cards write them.
NOT_KEPT = (
    *(SECRET_WORDS, "row 4711", "Anna Example", "PK_Orders", "Operation on target"),
    *(SECRET_PARAMETER, "Customer-Anna"),
    *(str(SECRET_ROWS), f"{SECRET_ROWS:,}", f"{SECRET_ROWS:_}", "rowsRead", "rowsCopied"),
    *(SAID, "Ottilie", "why did", "error message", "pancakes", "tell us when"),
)


async def test_the_store_after_a_whole_incident_holds_no_error_text_and_no_pipeline_rows(
    tmp_path: Path,
) -> None:
    store, factory = tmp_path / "kept" / "store.db", Factory()
    settings: dict[str, Any] = {"ADFOPS_STORE": f"sqlite:///{store}", "ADFOPS_POLL_SECONDS": 1}
    declared = factories_file(tmp_path)
    async with running_product(
        factory.state, declared, wall_clock, before=None, **settings
    ) as product:
        run_ids = await whole_incident(product, factory, store)
        await product.ask(Client(service_url=product.connector.url).personal("help"))
        values = json.dumps(rows_of(store), ensure_ascii=False)
        assert all(one in values for one in (LOAD, "INC-1", *run_ids))
        assert found_in(values.encode()) == []
        assert {name: found for name, raw in files_of(store) if (found := found_in(raw))} == {}
    assert {name: found for name, raw in files_of(store) if (found := found_in(raw))} == {}
    told = json.dumps([one.activity for one in product.connector.sent])
    assert "Anna Example" in told


async def whole_incident(product: Product, factory: Factory, store: Path) -> Sequence[str]:
    """It breaks, again, people ask, somebody has it, it is well again; the ids of the runs."""
    maya = Client(service_url=product.connector.url)
    await product.ask(maya.in_channel("tell us when anything fails"))
    first = factory.breaks()
    alert = (await product.connector.wait_for(2))[-1]
    for question in QUESTIONS:
        await product.ask(maya.in_channel(question))
    await product.ask(maya.click("ask", {"question": QUESTIONS[0]}, on_message="message-9"))
    second = factory.breaks()
    await until_edited(product.connector, "2 times")
    press = {"incident": "INC-1", "rev": 1}
    await product.post(maya.click("ack", press, on_message="message-2", thread="message-2"))
    await until_edited(product.connector, "Acknowledged")
    well = factory.is_well()
    await until_edited(product.connector, "Resolved")
    assert alert.conversation == CHANNEL
    await until(lambda: not is_open(store))
    return first, second, well


async def until_edited(connector: ConnectorDouble, word: str) -> None:
    await until(lambda: any(word in json.dumps(one.activity) for one in connector.edits))


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not is_so():  # noqa: ASYNC110 - the store has no event for it
            await asyncio.sleep(0.02)


def factories_file(folder: Path) -> Path:
    where = {"subscription": "s", "resource_group": GROUP, "name": NAME}
    file = folder / "factories.json"
    file.write_text(json.dumps({"default": NAME, "factories": {NAME: where}}), encoding="utf-8")
    return file


def rows_of(store: Path) -> Sequence[tuple[str, str, str]]:
    with closing(sqlite3.connect(store)) as connection:
        return connection.execute("SELECT partition, key, value FROM entries").fetchall()


def is_open(store: Path) -> bool:
    """Whether a claim or a message is not done with yet."""
    return any(
        key.startswith("post-") or (partition == "inbox" and '"incoming"' in value)
        for partition, key, value in rows_of(store)
    )


def files_of(store: Path) -> list[tuple[str, bytes]]:
    """The store's file and what SQLite keeps beside it, as bytes."""
    return [(one.name, one.read_bytes()) for one in store.parent.iterdir()]


def found_in(raw: bytes) -> list[str]:
    """What must not be there, and is, in either way that SQLite may write text."""
    return [
        one
        for one in NOT_KEPT
        if any(one.encode(code) in raw for code in ("utf-8", "utf-16-le", "utf-16-be"))
    ]
