"""What happens to an incident stands in its ticket once, and the ticket's state on the incident."""

import json
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from bot.tickets.setup import TicketUpdates
from tests.bot.tickets.stage import KINDS, NOW, Application, World, world_with

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=KINDS)
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    async with world_with(request.param) as made:
        yield made


async def opened(world: World, updates: TicketUpdates = TicketUpdates.COMMENT) -> Application:
    world.incidents.happened("Failed, run 11111111", NOW - MINUTE)
    bot = world.application(updates)
    await bot.opened()
    await bot.follow_up.sweep()
    return bot


async def test_what_happens_is_commented_once(world: World) -> None:
    bot = await opened(world)
    world.pass_time(MINUTE)
    world.incidents.happened("Ivy acknowledged it: see https://evil.example @all", world.clock())
    await bot.follow_up.sweep()
    await bot.follow_up.sweep()
    (comment,) = world.double.tickets[0].comments
    assert "Ivy acknowledged it" in comment
    assert "https://evil" not in comment
    assert "@all" not in comment
    assert "Failed, run" not in comment


@pytest.mark.parametrize("fault", ["lost", 500])
async def test_a_comment_without_an_answer_is_looked_for_before_it_is_sent_again(
    world: World, fault: str | int
) -> None:
    bot = await opened(world)
    world.pass_time(MINUTE)
    world.incidents.happened("Ivy acknowledged it", world.clock())
    world.double.every_fault.append(fault)
    await bot.follow_up.sweep()
    again = world.application()
    await again.follow_up.sweep()
    await again.follow_up.sweep()
    assert len(world.double.tickets[0].comments) == 1


async def test_its_end_is_a_comment_unless_it_is_to_be_closed(world: World) -> None:
    bot = await opened(world)
    world.pass_time(MINUTE)
    world.incidents.over.add("INC-7")
    world.incidents.happened("Recovered by run 22222222", world.clock())
    await bot.follow_up.sweep()
    assert "Recovered" in world.double.tickets[0].comments[0]
    assert world.double.tickets[0].state == world.double.first_state


async def test_it_is_closed_with_its_incident_where_that_is_set(world: World) -> None:
    bot = await opened(world, TicketUpdates.CLOSE)
    world.pass_time(MINUTE)
    world.incidents.over.add("INC-7")
    world.incidents.happened("Recovered by run 22222222", world.clock())
    await bot.follow_up.sweep()
    assert world.double.tickets[0].state in {"6", "Done", "Closed"}
    ticket = await bot.tickets.ticket("INC-7")
    assert ticket is not None
    assert ticket.is_over
    assert ticket.is_done
    assert ticket.status in {"Resolved", "Done", "Closed"}
    assert not ticket.link.is_pending
    calls = len(world.double.calls)
    await bot.follow_up.sweep()
    assert len(world.double.calls) == calls


async def test_nothing_is_told_where_that_is_set(world: World) -> None:
    bot = await opened(world, TicketUpdates.OFF)
    world.incidents.happened("Ivy acknowledged it", world.clock() + MINUTE)
    world.incidents.over.add("INC-7")
    await bot.follow_up.sweep()
    assert world.double.tickets[0].comments == []
    assert world.double.tickets[0].state == world.double.first_state


async def test_a_state_that_changed_there_is_shown_on_the_incident(world: World) -> None:
    bot = await opened(world)
    told = world.incidents.retold
    world.double.tickets[0].state = {"1": "2", "To Do": "In Progress"}.get(
        world.double.first_state, "Active"
    )
    world.pass_time(timedelta(minutes=6))
    await bot.follow_up.sweep()
    assert world.incidents.retold > told
    ticket = await bot.tickets.ticket("INC-7")
    assert ticket is not None
    assert ticket.status in {"In Progress", "Active"}


async def test_the_store_holds_no_words_of_an_error(world: World) -> None:
    await opened(world)
    rows = [row.value for row in await world.store.range("tickets")]
    assert "Login failed" not in json.dumps(rows)
