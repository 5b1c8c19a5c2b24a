"""A replica that is asked to end finishes what is under way, and then another one leads."""

import asyncio

from bot.hosting.replicas import Replica
from bot.state.replicas.wakeups import POLL_SECONDS
from bot.state.store import MemoryStore
from bot.state.store.lease import LEASE_SECONDS, RENEW_SECONDS

LONG_WORK = LEASE_SECONDS + 2


async def lead(replica: Replica, said: list[str], due: asyncio.Event) -> None:
    """Lead, and take longer over the end than a lease lasts."""

    async def work() -> None:
        said.append(f"{replica.name} begins")
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(LONG_WORK)
            await replica.store.insert("p", replica.name, {})
            said.append(f"{replica.name} ends")

    await replica.lead([work], due, lambda: said.append(f"{replica.name} is woken"))


async def test_the_next_one_leads_as_soon_as_what_is_under_way_is_finished() -> None:
    store, said, due = MemoryStore(), list[str](), asyncio.Event()
    first, second = Replica(store), Replica(store)
    first.name, second.name = "first", "second"
    leading = asyncio.create_task(lead(first, said, due))
    await asyncio.sleep(1)
    following = asyncio.create_task(lead(second, said, asyncio.Event()))
    await asyncio.sleep(2 * LEASE_SECONDS)
    assert said == ["first begins"]
    begun = asyncio.get_running_loop().time()
    await first.stop_leading()
    assert LONG_WORK <= asyncio.get_running_loop().time() - begun < LONG_WORK + 1
    await asyncio.sleep(RENEW_SECONDS + POLL_SECONDS)
    assert said == ["first begins", "first ends", "second begins"]
    due.set()
    await asyncio.sleep(2 * POLL_SECONDS)
    assert said[3:] == ["second is woken"]
    for task in (leading, following):
        task.cancel()
    await asyncio.gather(leading, following, return_exceptions=True)


async def test_one_that_never_led_ends_at_once() -> None:
    store, said = MemoryStore(), list[str]()
    first, second = Replica(store), Replica(store)
    tasks = [asyncio.create_task(lead(one, said, asyncio.Event())) for one in (first, second)]
    await asyncio.sleep(3)
    begun = asyncio.get_running_loop().time()
    await next(one for one in (first, second) if not one.leadership.term).stop_leading()
    assert asyncio.get_running_loop().time() == begun
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
