"""Many who do some work at once leave the loop room for everybody else."""

import asyncio

from adf.fairness import FairLock


async def test_one_is_let_through_in_each_round_of_the_loop() -> None:
    turnstile, order, rounds = FairLock(), list[str](), list[int]()

    async def work(name: str) -> None:
        await turnstile.passed()
        order.append(name)

    async def count() -> None:
        while len(order) < 5:
            rounds.append(len(order))
            await asyncio.sleep(0)

    await asyncio.gather(count(), *(work(name) for name in "abcde"))
    assert order == list("abcde")
    assert {0, 1, 2, 3, 4} <= set(rounds)
