"""The clock of the bot's machine is off, and every failure is announced all the same."""

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adf.simulator.clock import wall_clock
from tests.doubles.teams import CHANNEL, Client
from tests.flows.crash.factory import LOAD, Factory
from tests.flows.test_store_holds_no_data import factories_file
from tests.harness import running_product

POLL_SECONDS = 1


@pytest.mark.real_time
@pytest.mark.parametrize("minutes", [-60, -5, 5, 60])
async def test_a_failure_is_announced_within_a_poll_of_its_time_and_the_skew_is_said(
    minutes: int, tmp_path: Path
) -> None:
    factory = Factory()
    settings: dict[str, Any] = {"ADFOPS_POLL_SECONDS": POLL_SECONDS}

    def off() -> datetime:
        return wall_clock() + timedelta(minutes=minutes)

    async with running_product(factory.state, factories_file(tmp_path), off, **settings) as product:
        maya = Client(service_url=product.connector.url)
        await product.ask(maya.in_channel("tell us when anything fails"))
        factory.breaks()
        began = time.monotonic()
        alert = (await product.connector.wait_for(2, limit=30))[-1]
        print(f"clock off by {minutes} min: announced after {time.monotonic() - began:.1f} s")
        assert (alert.conversation, LOAD in str(alert.activity)) == (CHANNEL, True)
        ready = product.endpoint.replace("api/messages", "readyz")
        async with aiohttp.ClientSession() as session, session.get(ready) as answer:
            side = "behind" if minutes < 0 else "ahead of"
            assert f"{abs(minutes)} min {side} Azure's" in await answer.text()
