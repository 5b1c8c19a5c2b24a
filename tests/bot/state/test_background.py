"""Background work is owned: it is waited for or stopped, and none of it breaks off unheard."""

import asyncio
import gc

import pytest

from bot.state.background import BackgroundTasks
from bot.state.locks import KeyedLocks


async def test_work_is_known_by_its_key_until_it_ends() -> None:
    tasks, gate = BackgroundTasks(), asyncio.Event()

    async def work() -> int:
        await gate.wait()
        return 7

    task = tasks.start(work(), "k")
    assert "k" in tasks
    gate.set()
    await tasks.settled()
    assert ("k" in tasks, len(tasks), task.result()) == (False, 0, 7)


async def test_what_takes_too_long_at_the_end_is_stopped() -> None:
    tasks, ended = BackgroundTasks(), list[str]()

    async def quick() -> None:
        await asyncio.sleep(0)
        ended.append("quick")

    tasks.start(quick())
    slow = tasks.start(asyncio.Event().wait())
    await tasks.close(grace=0.05)
    assert (ended, slow.cancelled(), len(tasks)) == (["quick"], True, 0)


async def test_work_that_breaks_off_is_told_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    tasks = BackgroundTasks()

    async def breaks() -> None:
        raise RuntimeError("out of paper")

    tasks.start(breaks())
    await tasks.settled()
    assert "background work broke off" in caplog.text


async def test_one_key_is_entered_by_one_at_a_time_and_forgotten_after() -> None:
    locks, order = KeyedLocks[str](), list[str]()

    async def enter(name: str, key: str) -> None:
        async with locks.at(key):
            order.append(f"{name} in")
            await asyncio.sleep(0)
            order.append(f"{name} out")

    await asyncio.gather(enter("a", "k"), enter("b", "k"))
    assert order == ["a in", "a out", "b in", "b out"]
    gc.collect()
    assert len(locks) == 0
