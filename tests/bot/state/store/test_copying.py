"""A copy is exact, goes on where it was stopped, and is never taken for a store of its own."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.state.store import (
    Copied,
    Insert,
    ListedStore,
    MemoryStore,
    Operation,
    Unusable,
    check_no_copy,
    copy_between,
    copy_store,
    open_sqlite,
    open_store,
    parts,
    read_all,
)
from tests.bot.state.store.contract.stores import STORES, addresses
from tests.doubles.azurite import ROOT, Azurite

pytestmark = pytest.mark.real_time
ODD = {"ü": [1, 1.0, True, None, "😀", {"deep": ["x" * 30_000] * 3}], "": ""}


class Stopped(Exception):
    """The copy is stopped here."""


class StoppingStore(MemoryStore):
    """A store whose process ends before one of the batches, or right after it."""

    def __init__(self) -> None:
        super().__init__()
        self.batches_left = 1_000_000
        self.is_done = True

    async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
        self.batches_left -= 1
        if self.batches_left == 0 and not self.is_done:
            raise Stopped
        versions = await super().batch(partition, operations)
        if self.batches_left == 0:
            raise Stopped
        return versions


async def fill(store: ListedStore, partitions: int, entries: int) -> None:
    for number in range(partitions):
        rows = [Insert(key=f"{n:06}", value={"n": n, "p": number}) for n in range(entries)]
        for some in parts(rows):
            await store.batch(f"p{number}", some)


async def contents(store: ListedStore) -> dict[str, list[tuple[str, object]]]:
    return {
        partition: [(one.key, one.value) for one in await read_all(store, partition)]
        for partition in await store.partitions()
    }


@pytest.mark.parametrize("target", STORES)
@pytest.mark.parametrize("source", STORES[1:])
async def test_a_copy_between_any_two_stores_is_exact(
    source: str, target: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    one = await open_store(addresses(source, request, tmp_path)())
    other = await open_store(addresses(target, request, tmp_path)())
    await fill(one, 2, 210)
    await one.insert("odd's", "\ue000😀", ODD)
    for n in range(12):
        await one.insert("large", f"{n}", {"x": ["y" * 30_000] * 12})
    assert await copy_store(one, other, "one") == Copied(written=433)
    assert repr(await contents(other)) == repr(await contents(one))
    await check_no_copy(other)
    await one.close()
    await other.close()


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize("stop", range(1, 9))
async def test_a_copy_that_was_stopped_goes_on(stop: int, is_done: bool) -> None:
    source, target = MemoryStore(), StoppingStore()
    await fill(source, 4, 150)
    target.batches_left, target.is_done = stop, is_done
    with pytest.raises(Stopped):
        await copy_store(source, target, "source")
    with pytest.raises(Unusable, match="not finished"):
        await check_no_copy(target)
    there = sum(len(rows) for rows in (await contents(target)).values())
    again = await copy_store(source, target, "source")
    assert again == Copied(written=600 - there, same=there)
    assert await contents(target) == await contents(source)


async def test_what_changed_since_the_stop_is_copied_as_it_is_now() -> None:
    source, target = MemoryStore(), StoppingStore()
    await fill(source, 1, 300)
    target.batches_left = 2
    with pytest.raises(Stopped):
        await copy_store(source, target, "source")
    await source.delete("p0", "000007")
    entry = await source.get("p0", "000009")
    assert entry is not None
    await source.replace("p0", "000009", {"n": "new"}, entry.version)
    await source.insert("p0", "0000075", {"n": "between"})
    copied = await copy_store(source, target, "source")
    assert copied.deleted == 1
    assert await contents(target) == await contents(source)


async def test_numbers_and_truth_values_that_python_takes_for_equal_are_told_apart() -> None:
    source, target = MemoryStore(), StoppingStore()
    await source.insert("p", "k", {"n": 1})
    target.batches_left = 1
    with pytest.raises(Stopped):
        await copy_store(source, target, "source")
    entry = await source.get("p", "k")
    assert entry is not None
    await source.replace("p", "k", {"n": True}, entry.version)
    await copy_store(source, target, "source")
    assert repr(await contents(target)) == repr({"p": [("k", {"n": True})]})


async def test_nothing_is_copied_over_what_somebody_uses() -> None:
    source, target = MemoryStore(), MemoryStore()
    await fill(source, 1, 3)
    await target.insert("p", "theirs", {})
    with pytest.raises(Unusable, match="not empty"):
        await copy_store(source, target, "source")
    assert await contents(target) == {"p": [("theirs", {})]}


async def test_another_source_does_not_go_on_with_a_copy() -> None:
    source, target = MemoryStore(), StoppingStore()
    await fill(source, 1, 3)
    target.batches_left = 1
    with pytest.raises(Stopped):
        await copy_store(source, target, "one")
    with pytest.raises(Unusable, match="copy from one"):
        await copy_store(source, target, "other")


async def test_a_copy_of_a_source_that_is_written_to_is_not_called_done() -> None:
    class Busy(MemoryStore):
        async def batch(self, partition: str, operations: Sequence[Operation]) -> Sequence[str]:
            await source.insert("p0", "zz", {})
            return await super().batch(partition, operations)

    source, target = MemoryStore(), Busy()
    await fill(source, 1, 3)
    with pytest.raises(Unusable, match="somebody wrote"):
        await copy_store(source, target, "source")
    with pytest.raises(Unusable, match="not finished"):
        await check_no_copy(target)


async def test_a_backup_is_a_file_that_is_restored(tmp_path: Path) -> None:
    live, backup, restored = (f"sqlite:///{tmp_path}/{name}.db" for name in ("a", "b", "c"))
    store = await open_store(live)
    await fill(store, 3, 10)
    before = await contents(store)
    await store.close()
    assert (await copy_between(live, backup)).written == 30
    assert (await copy_between(backup, restored)).written == 30
    again = await open_store(restored)
    assert await contents(again) == before
    await again.close()


@pytest.mark.parametrize("source", ["sqlite:///{0}/none.db", "sqlite:///{0}/a.db"])
async def test_a_copy_of_nothing_or_onto_itself_is_refused(source: str, tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        await copy_between(source.format(tmp_path), f"sqlite:///{tmp_path}/a.db")
    assert not await asyncio.to_thread(os.listdir, tmp_path)


@pytest.mark.prove
async def test_a_copy_of_a_hundred_thousand_entries_is_exact_and_goes_on(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    source = await open_sqlite(str(tmp_path / "many.db"))
    await fill(source, 100, 1000)
    target = StoppingStore()
    target.batches_left = 500
    with pytest.raises(Stopped):
        await copy_store(source, target, "many")
    copied = await copy_store(source, target, "many")
    assert copied.written + copied.same == 100_000
    assert await contents(target) == await contents(source)
    await source.close()


@pytest.mark.prove
@pytest.mark.real_time
@pytest.mark.timeout(3600)
async def test_a_copy_of_a_hundred_thousand_entries_that_is_killed_goes_on_and_is_exact(
    tmp_path: Path, azurite: Azurite
) -> None:
    file, url = tmp_path / "many.db", azurite.new_table()
    source = await open_sqlite(str(file))
    await fill(source, 100, 1000)
    before = await contents(source)
    await source.close()
    target = await open_store(url)
    began = time.monotonic()
    killed = await copying(f"sqlite:///{file}", url)
    while await target.get("p30", "000000") is None:  # noqa: ASYNC110 - another process writes it
        await asyncio.sleep(0.1)
    killed.kill()
    await killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    with pytest.raises(Unusable, match="not finished"):
        await check_no_copy(target)
    again = await copying(f"sqlite:///{file}", url)
    said, _ = await again.communicate()
    seconds = time.monotonic() - began
    print(f"100,000 entries in {seconds:.0f} s with a kill -9: {said.decode().strip()}")
    assert again.returncode == 0
    after = await contents(target)
    await target.close()
    assert after == before


async def copying(source: str, target: str) -> asyncio.subprocess.Process:
    """`app.py store copy` in a process of its own."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "app.py", "store", "copy", "--from", source, "--to", target),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
