"""A clock that is off is measured by Azure's Date header, said, and never makes the watch blind."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web

from bot.hosting.service_clock import MEASURE_SECONDS, ServiceClock
from tests.harness import listening

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)


class Azure:
    """Answers with a Date that a test sets, or with none."""

    def __init__(self) -> None:
        self.date = format_datetime(NOW, usegmt=True)
        self.asked = 0

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        return web.Response(status=404, headers={"Date": self.date})


@asynccontextmanager
async def clock_beside(
    azure: Azure, ours: datetime
) -> AsyncGenerator[tuple[ServiceClock, list[float]]]:
    seconds, app = [1000.0], web.Application()
    app.router.add_get("/", azure.answer)
    async with listening(app) as url, aiohttp.ClientSession() as session:
        yield ServiceClock(lambda: ours, lambda: seconds[0], session, url), seconds


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(hours=-1), "60 min behind"),
        (timedelta(minutes=-5), "5 min behind"),
        (timedelta(seconds=-30), ""),
        (timedelta(seconds=3), ""),
        (timedelta(minutes=5), "5 min ahead of"),
        (timedelta(hours=1), "60 min ahead of"),
    ],
)
async def test_the_service_tells_its_own_time_whatever_ours_is(off: timedelta, said: str) -> None:
    async with clock_beside(Azure(), NOW + off) as (clock, _):
        await clock.refresh()
        assert abs(clock() - NOW) <= timedelta(seconds=10)
        assert said in clock.problem
        assert bool(clock.problem) is bool(said)


async def test_it_is_measured_now_and_then_and_the_last_result_stands_without_an_answer() -> None:
    azure = Azure()
    async with clock_beside(azure, NOW - timedelta(hours=1)) as (clock, seconds):
        for _ in range(3):
            await clock.refresh()
        assert azure.asked == 1
        azure.date, seconds[0] = "no date", seconds[0] + MEASURE_SECONDS
        await clock.refresh()
        assert (azure.asked, clock()) == (2, NOW)
        azure.date = format_datetime(NOW - timedelta(hours=1), usegmt=True)
        seconds[0] += MEASURE_SECONDS
        await clock.refresh()
        assert clock.problem == ""
