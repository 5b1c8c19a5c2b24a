"""A ticket is opened by a press of somebody who may, once, on every system."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from bot.access.policy import Role
from bot.state.erasure import ErasableStore, erase_person
from bot.tickets.buttons import CHANGED, EXPIRED, WITHDRAWN
from bot.tickets.buttons import ELSEWHERE as NOT_HERE
from bot.tickets.setup import TicketKind
from cards.records import Denied, Problem, TicketProposal, TicketState
from tests.bot.actions.stage import text_of
from tests.bot.tickets.stage import ELSEWHERE, GUS, IVY, KINDS, MAYA, TOM, World, world_with

NUMBERS = {
    TicketKind.SERVICENOW: "INC0010001",
    TicketKind.JIRA: "OPS-1",
    TicketKind.JIRA_DATA_CENTER: "OPS-1",
    TicketKind.AZURE_DEVOPS: "1",
    TicketKind.WEBHOOK: "T-1",
}


@pytest.fixture(params=KINDS)
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    async with world_with(request.param) as made:
        yield made


@pytest.fixture
async def one() -> AsyncGenerator[World]:
    """A world with one system, for what does not depend on it."""
    async with world_with(TicketKind.SERVICENOW) as made:
        yield made


async def test_a_proposal_asks_nothing_of_the_system(world: World) -> None:
    record = await world.application().proposed()
    assert record.state is TicketState.WAITING
    assert record.text is not None
    assert world.double.calls == []
    assert await world.audited() == ["proposed"]


async def test_a_press_opens_the_ticket_and_shows_its_number(world: World) -> None:
    bot = world.application()
    result = await bot.press(await bot.proposed())
    assert len(world.double.tickets) == 1
    number = NUMBERS[world.setup.kind]
    assert number in text_of(result)
    ticket = await bot.tickets.ticket("INC-7")
    assert ticket is not None
    assert (ticket.number, ticket.state) == (number, TicketState.OPEN)
    assert ticket.url.startswith(world.double.url)
    assert sorted(await world.audited()) == ["approved", "opened", "proposed"]


async def test_the_link_leads_to_the_ticket(world: World) -> None:
    bot = world.application()
    await bot.opened()
    ticket = await bot.tickets.ticket("INC-7")
    assert ticket is not None
    async with world.session.get(ticket.url) as response:
        assert "Load failed in prod" in await response.text()


async def test_the_ticket_holds_the_incident_and_our_key_and_no_secret(world: World) -> None:
    bot = world.application()
    await bot.opened()
    said = json.dumps(world.double.tickets[0].fields)
    assert "INC-7" in said
    assert "teams.microsoft.com" in said
    assert world.double.tickets[0].key.startswith("adfops-")
    assert "Hunter2" not in said
    assert "https://evil" not in said
    assert "@everyone" not in said


async def test_the_timeline_has_the_ticket_and_the_state_is_read(world: World) -> None:
    bot = world.application()
    await bot.opened()
    await bot.follow_up.sweep()
    (line,) = world.incidents.lines["INC-7"]
    assert line.text.endswith(NUMBERS[world.setup.kind])
    ticket = await bot.tickets.ticket("INC-7")
    assert ticket is not None
    assert ticket.status in {"New", "To Do"}
    assert world.double.tickets[0].comments == []


async def test_two_presses_at_once_open_one_ticket(world: World) -> None:
    bot = world.application()
    proposal = await bot.proposed()
    await asyncio.gather(bot.press(proposal), bot.press(proposal), bot.press(proposal, IVY))
    assert len(world.double.tickets) == 1


async def test_two_people_with_a_card_each_open_one_ticket(world: World) -> None:
    bot = world.application()
    mine, hers = await bot.proposed(MAYA), await bot.proposed(IVY)
    first, second = await asyncio.gather(bot.press(mine, MAYA), bot.press(hers, IVY))
    assert len(world.double.tickets) == 1
    number = NUMBERS[world.setup.kind]
    assert number in text_of(first) or number in text_of(second)
    await bot.follow_up.sweep()
    assert number in text_of(await bot.press(hers, IVY))


@pytest.mark.parametrize("fault", ["lost", "hang", "unsent", 500, 503, 429, 408])
async def test_without_an_answer_it_is_searched_for_before_a_second_try(
    world: World, fault: str | int
) -> None:
    bot = world.application()
    world.double.faults.append(fault)
    world.double.index_lag = 2
    result = await bot.press(await bot.proposed())
    assert "looking for it" in text_of(result)
    for _ in range(14):
        world.pass_time(timedelta(seconds=15))
        await bot.follow_up.sweep()
    assert len(world.double.tickets) == 1
    ticket = await bot.tickets.ticket("INC-7")
    assert ticket is not None
    assert (ticket.state, ticket.number) == (TicketState.OPEN, NUMBERS[world.setup.kind])
    assert ticket.attempts == (1 if fault in {"lost", "hang"} else 2)


async def test_what_is_refused_opens_nothing_and_may_be_pressed_again(world: World) -> None:
    bot = world.application()
    world.double.faults.append(403)
    result = await bot.press(await bot.proposed())
    assert "may not open tickets" in text_of(result)
    assert world.double.tickets == []
    result = await bot.press(await bot.proposed())
    assert NUMBERS[world.setup.kind] in text_of(result)
    assert len(world.double.tickets) == 1


async def test_a_wrong_secret_is_told_and_never_shown(world: World) -> None:
    world.setup = replace(world.setup, secret="wr0ng-secret")
    bot = world.application()
    result = await bot.press(await bot.proposed())
    assert "refused the sign-in" in text_of(result)
    assert "wr0ng" not in text_of(result)
    assert "wr0ng" not in repr(world.setup)


async def test_a_system_that_is_not_there_opens_nothing(world: World) -> None:
    world.setup = replace(world.setup, url="http://127.0.0.1:9/hook")
    bot = world.application()
    assert "cannot be reached" in text_of(await bot.press(await bot.proposed()))


async def test_it_gives_up_after_three_tries_and_a_person_may_begin_again(world: World) -> None:
    bot = world.application()
    world.double.faults.extend(["unsent"] * 3)
    await bot.press(await bot.proposed())
    for _ in range(40):
        world.pass_time(timedelta(seconds=15))
        await bot.follow_up.sweep()
    ticket = await bot.tickets.ticket("INC-7")
    assert ticket is not None
    assert (ticket.state, ticket.attempts) == (TicketState.FAILED, 3)
    await bot.press(await bot.proposed())
    assert len(world.double.tickets) == 1


async def test_who_may_not_act_gets_no_proposal_and_no_press(one: World) -> None:
    bot = one.application()
    assert isinstance(await bot.propose(TOM), Denied)
    assert isinstance(await bot.propose(GUS), Denied | Problem)
    proposal = await bot.proposed()
    for person in (TOM, GUS):
        assert "Refused" in text_of(await bot.press(proposal, person))
        await bot.press(proposal, person, verb="drop_ticket")
    one.give(MAYA, Role.READER)
    await bot.press(proposal)
    assert one.double.calls == []
    assert [entry for entry in await one.audited() if entry.startswith("refusal")] != []
    one.give(MAYA, Role.OPERATOR)
    await bot.press(proposal)
    assert len(one.double.tickets) == 1


async def test_a_card_has_no_power_elsewhere_later_or_once_withdrawn(one: World) -> None:
    bot = one.application()
    proposal = await bot.proposed()
    assert NOT_HERE in text_of(await bot.press(proposal, where=ELSEWHERE))
    await bot.press(proposal, verb="drop_ticket")
    assert WITHDRAWN in text_of(await bot.press(proposal))
    late = await bot.proposed()
    one.pass_time(timedelta(minutes=31))
    assert EXPIRED in text_of(await bot.press(late))
    assert one.double.calls == []


async def test_other_words_than_those_that_were_shown_open_nothing(one: World) -> None:
    bot = one.application()
    proposal = await bot.proposed()
    report = one.incidents.reports["INC-7"]
    one.incidents.reports["INC-7"] = replace(report, cause="Something else by now.")
    result = await bot.press(proposal)
    assert CHANGED in text_of(result)
    assert "Something else by now." in text_of(result)
    await bot.press(proposal, text="anything")
    assert one.double.calls == []


async def test_a_repeat_is_no_other_text(one: World) -> None:
    bot = one.application()
    proposal = await bot.proposed()
    report = one.incidents.reports["INC-7"]
    one.incidents.reports["INC-7"] = replace(report, count=7, run_id="2" * 36)
    await bot.press(proposal)
    assert len(one.double.tickets) == 1


async def test_an_incident_with_a_ticket_is_shown_it_in_place_of_a_proposal(one: World) -> None:
    bot = one.application()
    await bot.opened()
    record = await bot.propose(IVY)
    assert isinstance(record, TicketProposal)
    assert (record.state, record.text) == (TicketState.OPEN, None)
    assert record.link is not None
    assert record.link.number == "INC0010001"
    assert len(one.double.tickets) == 1


async def test_its_message_is_edited_as_the_ticket_goes_on(one: World) -> None:
    bot = one.application()
    one.double.faults.append("lost")
    proposal = await bot.opened()
    before = await bot.messages.revisions("tickets", [proposal.proposal_id])
    await bot.follow_up.sweep()
    one.pass_time(timedelta(seconds=20))
    await bot.follow_up.sweep()
    after = await bot.messages.revisions("tickets", [proposal.proposal_id])
    assert after[proposal.proposal_id] > before[proposal.proposal_id]
    drawn = await bot.messages.draw(proposal.proposal_id, ELSEWHERE, is_new=False)
    assert drawn is not None
    assert "INC0010001" in drawn.card.summary


async def test_a_search_that_lists_what_was_not_asked_for_finds_nothing(one: World) -> None:
    one.double.add("adfops-somebody-elses", {"short_description": "x"})
    bot = one.application()
    one.double.faults.append("unsent")
    await bot.press(await bot.proposed())
    one.pass_time(timedelta(minutes=2))
    await bot.follow_up.sweep()
    ticket = await bot.tickets.ticket("INC-7")
    assert ticket is not None
    assert ticket.number == "INC0010002"


async def test_an_erased_person_leaves_the_ticket_and_nothing_of_them(one: World) -> None:
    bot = one.application()
    await bot.opened()
    await erase_person(cast("ErasableStore", one.store), MAYA.person_id)
    rows = json.dumps([row.value for row in await one.store.range("tickets")])
    assert MAYA.person_id not in rows
    assert MAYA.name not in rows
    again = await bot.propose(IVY)
    assert isinstance(again, TicketProposal)
    assert again.state is TicketState.OPEN
    await bot.follow_up.sweep()
    assert len(one.double.tickets) == 1


async def test_a_handover_lists_what_waits_until_it_is_decided(one: World) -> None:
    bot = one.application()
    proposal = await bot.proposed()
    (entry,) = await bot.maker.waiting(["prod"])
    assert entry.title == "Ticket for INC-7"
    assert await bot.maker.waiting(["other"]) == []
    await bot.press(proposal, verb="drop_ticket")
    assert await bot.maker.waiting(["prod"]) == []
