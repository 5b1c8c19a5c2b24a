"""Looks again and again whether the store can be written, for the platform and for ourselves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.state.store import NotOwner, Store

log = logging.getLogger("adfops.store")

CHECK_SECONDS = 5.0


class StoreWatch:
    """What is wrong with the store, blank while nothing is; `lost` once it is another process's."""

    def __init__(self) -> None:
        """Begin without a problem."""
        self.problem = ""
        self.lost = asyncio.Event()

    async def keep_checking(
        self, store: Store, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """Check every few seconds until the store is lost for good."""
        while not self.lost.is_set():
            await self.check(store)
            await sleep(CHECK_SECONDS)

    async def check(self, store: Store) -> None:
        """Try the store, and say once what came of it."""
        problem = ""
        try:
            await store.check()
        except NotOwner as error:
            problem = str(error)
            self.lost.set()
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing can be written
            problem = str(error)
        if problem != self.problem:
            log.error("%s", problem) if problem else log.info("the store can be written again")
        self.problem = problem
