"""What was claimed is worked on behind the answer; trouble there neither shows nor spreads."""

import asyncio

import pytest

from tests.bot.teams.conftest import Door
from tests.doubles.teams import Client

MAYA = Client(service_url="http://127.0.0.1:9/")


async def test_the_answer_does_not_wait_for_the_work(local_door: Door) -> None:
    may_go_on = asyncio.Event()
    local_door.taken.until = may_go_on.wait
    assert (await local_door.knock(MAYA.personal("hi")))[0] == 202
    assert local_door.taken.finished == 0
    may_go_on.set()
    await local_door.ingress.drain()
    assert local_door.taken.finished == 1


async def test_a_click_is_answered_while_it_is_worked_on(local_door: Door) -> None:
    local_door.taken.until = asyncio.Event().wait
    status, body = await local_door.knock(MAYA.click("ask", {"question": "why"}))
    assert (status, body["statusCode"]) == (200, 200)
    assert local_door.taken.finished == 0


async def test_work_that_never_ends_does_not_hold_up_the_end(local_door: Door) -> None:
    local_door.taken.until = asyncio.Event().wait
    await local_door.knock(MAYA.personal("hi"))
    await local_door.ingress.drain()
    assert local_door.taken.finished == 0


async def test_trouble_in_one_turn_costs_no_other(
    local_door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    local_door.taken.trouble = RuntimeError("boom")
    assert (await local_door.post(MAYA.personal("one")))[0] == 202
    local_door.taken.trouble = None
    assert (await local_door.post(MAYA.personal("two")))[0] == 202
    assert local_door.taken.finished == 1
    assert local_door.taken.claimed[0][:12] in caplog.text


async def test_what_cannot_be_written_down_is_not_begun_and_may_come_again(
    local_door: Door,
) -> None:
    activity = MAYA.personal("hi")
    local_door.taken.store_trouble = OSError("disk full")
    assert await local_door.post(activity) == (503, "503: Service Unavailable")
    assert local_door.taken.taken == []
    local_door.taken.store_trouble = None
    assert (await local_door.post(activity))[0] == 202
    assert len(local_door.taken.taken) == 1


async def test_a_hundred_messages_at_once_are_all_worked_on(local_door: Door) -> None:
    activities = [MAYA.personal(f"number {number}") for number in range(100)]
    await asyncio.gather(*(local_door.knock(one) for one in activities))
    await local_door.ingress.drain()
    assert local_door.taken.finished == 100


async def test_the_same_message_at_the_same_moment_is_worked_on_once(local_door: Door) -> None:
    activity = MAYA.personal("hi")
    answers = await asyncio.gather(*(local_door.knock(activity) for _ in range(10)))
    await local_door.ingress.drain()
    assert {status for status, _ in answers} == {202}
    assert local_door.taken.finished == 1
