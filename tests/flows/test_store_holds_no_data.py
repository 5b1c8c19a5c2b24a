"""The store after a whole incident: names, ids, counts and times; never what the data said."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

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
    *("assign INC", "for 2 hours", "merge INC", "split Billing", "longer than"),
)


async def test_the_store_after_a_whole_incident_holds_no_error_text_and_no_pipeline_rows(
    tmp_path: Path,
) -> None:
    await stays_clean(tmp_path, hangs=False)


@pytest.mark.prove
@pytest.mark.real_time
async def test_nor_does_it_after_a_run_that_took_too_long(tmp_path: Path) -> None:
    await stays_clean(tmp_path, hangs=True)


async def stays_clean(tmp_path: Path, *, hangs: bool) -> None:
    """Everything happens once; what must not be kept is looked for in the files as bytes."""
    store, factory = tmp_path / "kept" / "store.db", Factory()
    settings: dict[str, Any] = {"ADFOPS_STORE": f"sqlite:///{store}", "ADFOPS_POLL_SECONDS": 1}
    declared = factories_file(tmp_path)
    async with running_product(
        factory.state, declared, wall_clock, before=None, **settings
    ) as product:
        run_ids = await whole_incident(product, factory, store, hangs=hangs)
        await product.ask(Client(service_url=product.connector.url).personal("help"))
        values = json.dumps(rows_of(store), ensure_ascii=False)
        assert all(one in values for one in (LOAD, "INC-1", *run_ids))
        assert found_in(values.encode()) == []
        assert {name: found for name, raw in files_of(store) if (found := found_in(raw))} == {}
    assert {name: found for name, raw in files_of(store) if (found := found_in(raw))} == {}
    told = json.dumps([one.activity for one in product.connector.sent])
    assert "Anna Example" in told


async def whole_incident(
    product: Product, factory: Factory, store: Path, *, hangs: bool
) -> Sequence[str]:
    """It breaks, again, people ask, somebody has it, it is well again; the ids of the runs.

    Between that a run `hangs`, which is looked for twice a minute.
    """
    maya = Client(service_url=product.connector.url)
    await product.ask(maya.in_channel("tell us when anything fails"))
    first = factory.breaks()
    alert = (await product.connector.wait_for(2))[-1]
    for question in QUESTIONS:
        await product.ask(maya.in_channel(question))
    await product.ask(maya.click("ask", {"question": QUESTIONS[0]}, on_message="message-9"))
    second = factory.breaks()
    await until_edited(product.connector, "2 times")
    await handled_by_words(product, factory, store, maya)
    press = {"incident": "INC-1", "rev": 1}
    await product.post(maya.click("ack", press, on_message="message-2", thread="message-2"))
    await until_edited(product.connector, "Acknowledged")
    if hangs:
        await one_that_hangs(product, factory, store, maya)
    well = factory.is_well()
    factory.is_well(CLOSE)
    await until(lambda: not any(key.startswith("open-INC") for _, key, _ in rows_of(store)))
    assert alert.conversation == CHANNEL
    await until(lambda: not is_open(store))
    return first, second, well


async def handled_by_words(product: Product, factory: Factory, store: Path, maya: Client) -> None:
    """It is given, muted as a known issue, put together with another one and taken apart again."""
    await product.ask(maya.personal("assign INC-1 to me"))
    await product.ask(maya.personal("mute INC-1 for 2 hours because the vendor knows"))
    factory.breaks(CLOSE)
    await until(lambda: any(key == "open-INC-2" for _, key, _ in rows_of(store)))
    for order in (
        "merge INC-1 and INC-2",
        f"split {CLOSE} from INC-1",
        "handover",
        "what is muted",
    ):
        await product.ask(maya.personal(order))
    await product.ask(maya.personal(f"mute {CLOSE} for 2 hours"))
    kinds = [kind for _, _, value in rows_of(store) for kind in timeline_of(value)]
    assert {"assigned", "muted", "merged", "split"} <= set(kinds)


async def one_that_hangs(product: Product, factory: Factory, store: Path, maya: Client) -> None:
    """A run takes longer than somebody asked to be told of, and ends."""
    await product.ask(maya.personal(f"tell me when {LOAD} runs longer than 60 minutes"))
    hanging = factory.hangs()
    await until(lambda: any(key.startswith("open-overlong") for _, key, _ in rows_of(store)))
    factory.is_through(hanging)
    await until(lambda: any(key.startswith("past-overlong") for _, key, _ in rows_of(store)))


def timeline_of(value: str) -> list[str]:
    """The kinds of events in a record, if it has any."""
    read: Mapping[str, Any] = json.loads(value)
    events: Sequence[Mapping[str, Any]] = read.get("timeline", ())
    return [str(one["kind"]) for one in events]


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
