"""Tests do not know the clock of the machine: waiting takes no time, and work is never late."""

import asyncio
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.harness import apart
from tests.simulated_time import QUIET_SECONDS


async def test_an_hour_is_over_at_once() -> None:
    begun = asyncio.get_running_loop().time()
    await asyncio.sleep(3600)
    assert asyncio.get_running_loop().time() - begun == pytest.approx(3600)


async def test_computing_takes_no_time() -> None:
    async with asyncio.timeout(0.01):
        sum(range(2_000_000))
        await asyncio.sleep(0)


async def test_timers_come_in_their_order() -> None:
    came: list[int] = []

    async def come(after: int) -> None:
        await asyncio.sleep(after)
        came.append(after)

    await asyncio.gather(*(come(after) for after in (30, 10, 20)))
    assert came == [10, 20, 30]


async def test_what_never_comes_is_given_up_at_once() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3600):
            await asyncio.Event().wait()


async def test_an_answer_over_a_socket_comes_before_any_timeout() -> None:
    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        for _ in range(100):
            writer.write((await reader.readline()).upper())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        async with asyncio.timeout(0.001):
            for _ in range(100):
                writer.write(b"hello\n")
                assert await reader.readline() == b"HELLO\n"
        writer.close()


async def test_a_thread_is_waited_for() -> None:
    async with asyncio.timeout(60):
        assert await asyncio.to_thread(lambda: time.sleep(0.05) or "done") == "done"


async def test_a_process_is_waited_for() -> None:
    async with asyncio.timeout(60):
        process = await asyncio.create_subprocess_exec("sleep", "0.05")
        assert await process.wait() == 0


@asynccontextmanager
async def slow_answers() -> AsyncGenerator[int]:
    """A port that answers a line after work that lasts longer than any quiet."""

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        while line := await reader.readline():
            time.sleep(5 * QUIET_SECONDS)  # noqa: ASYNC251 - it stands for work
            writer.write(line.upper())
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def test_what_is_served_from_a_thread_comes_before_any_timeout_and_waiting_is_no_work() -> (
    None
):
    async with apart(slow_answers()) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begun = asyncio.get_running_loop().time()
        for _ in range(5):
            async with asyncio.timeout(60):
                writer.write(b"hello\n")
                assert await reader.readline() == b"HELLO\n"
            await asyncio.sleep(3600)
        assert asyncio.get_running_loop().time() - begun == pytest.approx(5 * 3600, abs=60)
        writer.close()


@pytest.mark.real_time
async def test_time_is_real_where_a_test_says_so() -> None:
    assert asyncio.get_running_loop().time() == pytest.approx(time.monotonic(), abs=60)
