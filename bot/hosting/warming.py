"""Fetches and reads at the start what the first question would wait for."""

import asyncio
import contextlib
import logging

from adf.diagnosis import load_knowledge
from adf.errors import AdfError
from bot.agents.understanding.classifier import the_classifier
from bot.hosting.container import BotContainer

log = logging.getLogger("adfops.service")


async def warm_up(ready: asyncio.Event, bot: BotContainer) -> None:
    """Fetch keys, token and pipeline names ahead of need; retry until the bot is signed in."""
    wait = 1.0
    while not ready.is_set():
        try:
            await asyncio.gather(
                bot.adapter.warm(),
                _read_pipelines(bot),
                _load_knowledge(),
                # Only the replica that watches measures it again.
                bot.service_clock.refresh(),
            )
            if bot.replica is not None:
                await bot.replica.until_known()
            await _warm_pushes(bot)
            ready.set()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may do
            log.warning("not ready yet, trying again in %.0f s: %s", wait, error)
            await asyncio.sleep(wait)
            wait = min(60.0, wait * 2)


async def _load_knowledge() -> None:
    """Read what questions and errors are understood by before the first one comes."""
    await asyncio.to_thread(the_classifier)
    await load_knowledge()


async def _warm_pushes(bot: BotContainer) -> None:
    """Fetch Entra's keys; where that fails, the first alert tries again."""
    try:
        await bot.push_callers.warm()
    except Exception as error:  # noqa: BLE001 - alerts are a help, messages must not wait for them
        log.warning("the keys for pushed alerts cannot be read yet: %s", type(error).__name__)


async def _read_pipelines(bot: BotContainer) -> None:
    """Read the pipelines' names; one that cannot be read is reported when somebody asks."""
    with contextlib.suppress(AdfError):
        await bot.azure.inventory.pipelines([one.alias for one in bot.setup.factories])
