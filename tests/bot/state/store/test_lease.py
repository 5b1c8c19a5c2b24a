"""One process owns a store: others wait, refuse, or take over from one that is gone or silent."""

import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.hosting.settings import process_environment
from bot.state.store import NotOwner, OwnedByOther, open_sqlite
from bot.state.store.files import is_on_network
from bot.state.store.lease import LEASE_SECONDS, VALID_SECONDS, StoreLease
from bot.state.store.processes import ProcessName, this_process

ROOT = Path(__file__).parents[4]
ELSEWHERE = ProcessName(host="other", machine="other", pid=1, began="1")
ENOUGH = 1_000_000
HANDOVER = 20.0


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def lease_of(file: Path, seconds: Seconds, name: ProcessName = ELSEWHERE) -> StoreLease:
    return StoreLease(file, seconds, lambda: name)


def test_the_first_to_ask_owns_it_and_the_next_one_once_it_is_given_back(tmp_path: Path) -> None:
    seconds, file = Seconds(), tmp_path / "store.db"
    first, second = lease_of(file, seconds), lease_of(file, seconds)
    assert first.try_acquire()
    assert not second.try_acquire()
    first.check()
    first.release()
    assert second.try_acquire()
    second.check()
    with pytest.raises(NotOwner):
        first.check()
    second.release()


def test_of_many_that_want_a_lease_that_is_free_one_gets_it(tmp_path: Path) -> None:
    seconds, file = Seconds(), tmp_path / "store.db"
    for _ in range(5):
        many = [lease_of(file, seconds) for _ in range(8)]
        owners = [one for one in many if one.try_acquire()]
        assert len(owners) == 1
        owners[0].release()


def test_a_silent_owner_of_another_machine_is_followed_after_a_lease_and_not_before(
    tmp_path: Path,
) -> None:
    seconds, file = Seconds(), tmp_path / "store.db"
    (tmp_path / "store.db.owner-7").write_text(
        json.dumps({**ELSEWHERE.to_json(), "beat": 5}), encoding="utf-8"
    )
    second = lease_of(file, seconds)
    assert not second.try_acquire()
    seconds.now += LEASE_SECONDS - 1
    assert not second.try_acquire()
    (tmp_path / "store.db.owner-7").write_text(
        json.dumps({**ELSEWHERE.to_json(), "beat": 6}), encoding="utf-8"
    )
    assert not second.try_acquire()
    seconds.now += LEASE_SECONDS
    assert second.try_acquire()
    assert second.is_after_silence
    assert [one.name for one in tmp_path.iterdir()] == ["store.db.owner-8"]
    second.release()


def test_an_owner_of_this_machine_that_is_gone_is_followed_at_once(tmp_path: Path) -> None:
    gone = {**this_process().to_json(), "began": "1"}
    (tmp_path / "store.db.owner-3").write_text(json.dumps(gone), encoding="utf-8")
    lease = lease_of(tmp_path / "store.db", Seconds())
    assert lease.try_acquire()
    assert not lease.is_after_silence
    lease.release()


@pytest.mark.parametrize("broken", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff\xfe"])
def test_a_record_that_cannot_be_read_is_waited_for_like_any_other(
    tmp_path: Path, broken: bytes
) -> None:
    seconds = Seconds()
    (tmp_path / "store.db.owner-1").write_bytes(broken)
    lease = lease_of(tmp_path / "store.db", seconds)
    assert not lease.try_acquire()
    seconds.now += LEASE_SECONDS
    assert lease.try_acquire()
    lease.release()


def test_an_owner_that_was_away_asks_before_it_writes_again(tmp_path: Path) -> None:
    seconds, file = Seconds(), tmp_path / "store.db"
    first = lease_of(file, seconds)
    assert first.try_acquire()
    seconds.now += VALID_SECONDS + 1
    first.check()
    (tmp_path / "store.db.owner-2").write_bytes(b"")
    seconds.now += VALID_SECONDS + 1
    with pytest.raises(NotOwner):
        first.check()
    first.release()


async def test_a_store_that_is_open_is_refused_with_who_has_it(tmp_path: Path) -> None:
    first = await open_sqlite(str(tmp_path / "store.db"))
    with pytest.raises(OwnedByOther, match=rf"in use by process {os.getpid()} on .*; stop that"):
        await open_sqlite(str(tmp_path / "store.db"), wait=0)
    await first.close()
    await (await open_sqlite(str(tmp_path / "store.db"), wait=0)).close()


async def test_a_store_that_was_lost_is_not_written_any_more(tmp_path: Path) -> None:
    store = await open_sqlite(str(tmp_path / "store.db"))
    await store.insert("p", "before", {})
    (tmp_path / "store.db.owner-2").write_bytes(b"")
    for write in (store.insert("p", "after", {}), store.delete("p", "before"), store.check()):
        with pytest.raises(NotOwner):
            await write
    assert [one.key for one in await store.range("p")] == ["before"]
    await store.close()


async def test_a_share_of_the_network_gets_no_write_ahead_log_and_forgets_at_once(
    tmp_path: Path,
) -> None:
    for on_network in (False, True, False, True):
        store = await open_sqlite(str(tmp_path / "store.db"), on_network=on_network)
        version = await store.insert("p", f"{on_network}", {"said": "pancakes"})
        await store.replace("p", f"{on_network}", {}, version)
        await store.insert("q", f"{on_network}", {})
        files = contents(tmp_path)
        assert bool(files.get("store.db-wal")) is not on_network
        assert not any(b"pancakes" in content for content in files.values())
        await store.delete("p", f"{on_network}")
        await store.delete("q", f"{on_network}")
        await store.close()


def contents(folder: Path) -> Mapping[str, bytes]:
    """The files of a folder."""
    return {one.name: one.read_bytes() for one in folder.iterdir()}


@pytest.mark.parametrize(
    ("path", "is_one"),
    [("/data/adfops.db", True), ("/home/x/a b/s.db", True), ("/home/x/s.db", False), ("/s", False)],
)
def test_the_mount_of_a_file_tells_whether_it_is_on_the_network(
    path: str, is_one: bool, tmp_path: Path
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "2 1 0:50 / /data rw,relatime shared:7 - cifs //account/store rw,nobrl\n"
        "3 1 0:51 / /home rw - nfs4 server:/home rw\n"
        "4 3 8:2 / /home/x rw - xfs /dev/sdb rw\n"
        "5 4 0:52 / /home/x/a\\040b rw - fuse.sshfs y: rw\n",
        encoding="utf-8",
    )
    assert is_on_network(Path(path), mounts) is is_one
    assert not is_on_network(Path(path), tmp_path / "none")


class Owner:
    """A process that writes into a store, heard line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[str] = []

    async def until(self, word: str) -> str:
        """Read on until a line begins so."""
        assert self.process.stdout is not None
        while line := (await self.process.stdout.readline()).decode().strip():
            self.said.append(line)
            if line.startswith(word):
                return line
        return ""

    @property
    def written(self) -> int:
        """How many rows it knows to be written."""
        return sum(word.isdecimal() for word in self.said)


@asynccontextmanager
async def owning(
    file: Path, label: str, host: str = "", wait: float = 60, rows: int = ENOUGH, lib: str = ""
) -> AsyncGenerator[Owner]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bot.state.store.owners"),
        *(str(file), label, host, str(wait), str(rows)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env={**process_environment(), "LD_PRELOAD": lib},
    )
    try:
        yield Owner(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def rows_of(file: Path) -> Sequence[str]:
    """The keys in the file, in the order in which they were written; fails where it is corrupt."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [row[0] for row in connection.execute("SELECT key FROM entries ORDER BY version")]


@pytest.mark.timeout(90)
async def test_a_killed_owner_of_this_machine_is_followed_at_once_with_all_it_wrote(
    tmp_path: Path,
) -> None:
    file = tmp_path / "store.db"
    async with owning(file, "a") as first:
        await first.until("20")
        async with owning(file, "b", wait=0) as refused:
            assert (await refused.until("refused")).endswith("stop that bot first")
        first.process.kill()
        await first.until("never")
        async with owning(file, "b", wait=HANDOVER, rows=5) as second:
            began = time.monotonic()
            await second.until("closed")
            assert time.monotonic() - began < HANDOVER
    kept = rows_of(file)
    assert [one for one in kept if one.startswith("b")] == [f"b-{n:06}" for n in range(5)]
    assert len([one for one in kept if one.startswith("a")]) >= first.written


LOCKS_STAY_LOCAL = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
/* Two hosts on a share without shared locks: every lock is granted, shared memory is private. */
static int granted(int command, struct flock *lock) {
  if (command == F_GETLK) lock->l_type = F_UNLCK;
  return 0;
}
#define LOCKING(NAME)                                                              \
  int NAME(int file, int command, ...) {                                           \
    va_list rest; va_start(rest, command); void *argument = va_arg(rest, void *);  \
    va_end(rest);                                                                  \
    if (command == F_SETLK || command == F_SETLKW || command == F_GETLK)           \
      return granted(command, argument);                                           \
    int (*real)(int, int, ...) = dlsym(RTLD_NEXT, #NAME);                          \
    return real(file, command, argument);                                          \
  }
LOCKING(fcntl)
LOCKING(fcntl64)
static int is_shared_memory(int file) {
  char link[64], name[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t size = readlink(link, name, sizeof name - 1);
  return size > 4 && memcmp(name + size - 4, "-shm", 4) == 0;
}
#define MAPPING(NAME)                                                              \
  void *NAME(void *at, size_t size, int rights, int flags, int file, off_t from) { \
    void *(*real)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, #NAME); \
    if (file >= 0 && is_shared_memory(file))                                       \
      flags = (flags & ~MAP_SHARED) | MAP_PRIVATE;                                 \
    return real(at, size, rights, flags, file, from);                              \
  }
MAPPING(mmap)
MAPPING(mmap64)
"""


@pytest.fixture(scope="module")
def local_locks(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A library that gives a process locks and shared memory of its own."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("no compiler")
    folder = tmp_path_factory.mktemp("locks")
    (folder / "locks.c").write_text(LOCKS_STAY_LOCAL, encoding="utf-8")
    flags = ("-shared", "-fPIC", "-O1", "-w", "-o")
    source = str(folder / "locks.c")
    subprocess.run([compiler, *flags, str(folder / "locks.so"), source, "-ldl"], check=True)
    return str(folder / "locks.so")


async def followed(file: Path, how: str, host: bool, lib: str, chance: random.Random) -> float:
    """One owner ends in a way while another one waits; the seconds until that one writes."""
    names = ("host-a", "host-b") if host else ("", "")
    async with owning(file, "a", names[0], lib=lib) as first:
        await first.until(str(chance.randint(5, 60)))
        async with owning(file, "b", names[1], wait=60, lib=lib, rows=200) as second:
            await second.until("started")
            await asyncio.sleep(chance.uniform(0.0, 0.3))
            began = time.monotonic()
            first.process.send_signal({"killed": signal.SIGKILL}.get(how, signal.SIGSTOP))
            await second.until("open")
            taken = time.monotonic() - began
            await second.until("50")
            if how == "paused":
                first.process.send_signal(signal.SIGCONT)
                assert await first.until("lost") == "lost"
            await second.until("closed")
    kept = rows_of(file)
    mine = [one for one in kept if one.startswith("b")]
    assert mine == [f"b-{n:06}" for n in range(200)]
    assert kept[-200:] == mine, "the first one wrote after it was followed"
    assert len(kept) - 200 >= first.written, "what was acknowledged is gone"
    return taken


@pytest.mark.prove
@pytest.mark.timeout(900)
@pytest.mark.parametrize("how", ["killed", "paused"])
@pytest.mark.parametrize("host", [False, True], ids=["one host", "two hosts"])
async def test_an_owner_that_falls_silent_is_followed_in_time_and_cannot_write_any_more(
    tmp_path: Path, how: str, host: bool, local_locks: str
) -> None:
    chance = random.Random(f"{how} {host}")
    lib = local_locks if host else ""
    waits: list[float] = []
    for number in range(10):
        folder = tmp_path / str(number)
        folder.mkdir()
        waits.append(await followed(folder / "store.db", how, host, lib, chance))
    print(f"handover from a {how} owner: {' '.join(f'{one:.1f}' for one in waits)} s")
    assert max(waits) <= HANDOVER


@pytest.mark.prove
@pytest.mark.timeout(300)
@pytest.mark.parametrize("host", [False, True], ids=["one host", "two hosts"])
async def test_a_second_process_never_writes_beside_the_first(
    tmp_path: Path, host: bool, local_locks: str
) -> None:
    lib = local_locks if host else ""
    names = ("host-a", "host-b") if host else ("", "")
    for number in range(10):
        file = tmp_path / f"{number}.db"
        async with owning(file, "a", names[0], lib=lib) as first:
            await first.until("open")
            async with owning(file, "b", names[1], wait=4, lib=lib, rows=100) as second:
                await asyncio.gather(first.until("500"), second.until("refused"))
                first.process.kill()
                await first.until("never")
        kept = rows_of(file)
        assert {one[0] for one in kept} == {"a"}
        assert len(kept) == len(set(kept)) >= first.written
