"""The file keeps what was acknowledged, whatever ends the process; foreign files are refused."""

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.state.store import Insert, MemoryStore, StoreError, Unusable, open_sqlite, open_store

WRITER = """
import asyncio, sys
from bot.state.store import open_sqlite
async def main():
    store = await open_sqlite(sys.argv[1])
    for n in range(1000):
        await store.insert("p", f"{n:04}", {"n": n})
        print(n, flush=True)
asyncio.run(main())
"""
KEYS = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["insert", "replace", "delete", "batch"]), KEYS, st.integers(0, 3)),
    max_size=25,
)


async def test_an_acknowledged_write_outlives_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    writer = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", WRITER, str(file)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[4],
    )
    assert writer.stdout is not None
    acknowledged = [int(await writer.stdout.readline()) for _ in range(50)][-1]
    writer.kill()
    await writer.communicate()
    store = await open_sqlite(str(file))
    kept = await store.range("p")
    await store.close()
    assert len(kept) > acknowledged


async def test_what_was_replaced_or_deleted_is_in_no_file_after_the_next_write(
    tmp_path: Path,
) -> None:
    store = await open_sqlite(str(tmp_path / "store.db"))
    for number in range(50):
        version = await store.insert("p", f"{number}", {"said": "pancakes" * number})
        await store.insert("p", f"{number}-gone", {"said": "pancakes" * number})
        await store.replace("p", f"{number}", {"done": True}, version)
        await store.delete("p", f"{number}-gone")
    await store.insert("p", "next", {})
    assert files_with(tmp_path, b"pancakes") == []
    await store.close()


def files_with(folder: Path, words: bytes) -> list[str]:
    """The files of a folder that hold these bytes anywhere."""
    return [one.name for one in folder.iterdir() if words in one.read_bytes()]


async def test_a_file_is_opened_again_with_what_was_in_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/store.db"
    first = await open_store(url)
    await first.insert("p", "k", {"n": 1})
    await first.close()
    second = await open_store(url)
    entry = await second.get("p", "k")
    await second.close()
    assert entry is not None


async def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(Unusable, match="another program"):
        await open_sqlite(str(file))


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("this is no database at all, just text\n" * 100, encoding="utf-8")
    with pytest.raises(Unusable, match="ADFOPS_STORE"):
        await open_sqlite(str(file))


async def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    await (await open_sqlite(str(file))).close()
    with sqlite3.connect(file) as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(Unusable, match="newer"):
        await open_sqlite(str(file))


@pytest.mark.parametrize("url", ["", "sqlite:///", "redis://x", "sqlite:/x", "tables:https://x"])
async def test_a_setting_that_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(Unusable, match="ADFOPS_STORE"):
        await open_store(url)


async def test_a_path_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(Unusable, match="ADFOPS_STORE"):
        await open_store(f"sqlite:///{tmp_path}/file/below/store.db")


async def both_agree(steps: list[tuple[str, str, int]]) -> None:
    """Do the same to the stub and to SQLite; they must answer and end alike."""
    stub, real = MemoryStore(), await open_sqlite(":memory:")
    try:
        for verb, key, number in steps:
            assert await _done(stub, verb, key, number) == await _done(real, verb, key, number)
        ended = [[(one.key, one.value) for one in await each.range("p")] for each in (stub, real)]
        assert ended[0] == ended[1]
    finally:
        await real.close()


async def _done(store: MemoryStore | object, verb: str, key: str, number: int) -> str:
    """Do one step by the newest version or, for odd numbers, by a wrong one; the error's name."""
    assert isinstance(store, MemoryStore) or hasattr(store, "batch")
    each: MemoryStore = store  # pyright: ignore[reportAssignmentType]
    known = await each.get("p", key)
    version = known.version if known and number % 2 == 0 else "0"
    try:
        if verb == "insert":
            await each.insert("p", key, {"n": number})
        elif verb == "replace":
            await each.replace("p", key, {"n": number}, version)
        elif verb == "delete":
            await each.delete("p", key, version if number else None)
        else:
            await each.batch("p", [Insert(key=key, value={}), Insert(key="d", value={"n": number})])
    except StoreError as error:
        return type(error).__name__
    return "done"


@settings(max_examples=40, deadline=None)
@given(STEPS)
async def test_stub_and_sqlite_answer_alike(steps: list[tuple[str, str, int]]) -> None:
    await both_agree(steps)


@pytest.mark.prove
@settings(max_examples=3000, deadline=None)
@given(STEPS)
async def test_stub_and_sqlite_answer_alike_in_thousands_of_ways(
    steps: list[tuple[str, str, int]],
) -> None:
    await both_agree(steps)
