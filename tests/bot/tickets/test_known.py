"""Which ticket there is: asked by incident or by pipeline, answered and never opened."""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from itertools import product

import pytest

from bot.agents.answers.tickets import is_question
from bot.tickets.setup import TicketKind
from cards.records import TicketProposal, TicketState
from tests.bot.tickets.stage import World, world_with

ASKING = (
    "is there a {} for {}",
    "do we have a {} for {} already",
    "has anybody opened a {} for {}",
    "what is the {} number of {}",
    "show me the {} of {}",
    "hey, any {} for {}?",
)
ORDERS = (
    "open a {} for {}",
    "get me a {} number for {}",
    "is there a {} for {}? if not open one",
    "can you raise a {} for {}",
    "what failed? {} for {}",
    "I need a {} for {}",
)
SYSTEMS = ("ticket", "jira ticket", "work item", "servicenow ticket")


@pytest.fixture
async def one() -> AsyncGenerator[World]:
    async with world_with(TicketKind.SERVICENOW) as made:
        yield made


@pytest.mark.parametrize(("words", "system"), [*product(ASKING, SYSTEMS)])
def test_a_question_opens_nothing(words: str, system: str) -> None:
    assert is_question(words.format(system, "Claims_Intake"))


@pytest.mark.parametrize(("words", "system"), [*product(ORDERS, SYSTEMS)])
def test_an_order_is_no_question(words: str, system: str) -> None:
    assert not is_question(words.format(system, "Claims_Intake"))


async def known(
    one: World, incident: str | None, pipeline: str | None, places: Sequence[str] = ("prod",)
) -> TicketProposal | None:
    return await one.application().maker.known(incident, pipeline, places)


@pytest.mark.parametrize("asked", [("INC-7", None), (None, "Load")])
async def test_the_ticket_is_answered_with_number_state_and_page(
    asked: tuple[str | None, str | None], one: World
) -> None:
    bot = one.application()
    assert await known(one, *asked) is None
    proposal = await bot.proposed()
    assert await known(one, *asked) is None
    await bot.press(proposal)
    found = await known(one, *asked)
    assert found is not None
    assert found.state is TicketState.OPEN
    assert found.link is not None
    assert found.link.number == "INC0010001"
    assert found.said == "It is the ticket of INC-7."
    assert len(one.double.tickets) == 1


async def test_of_a_factory_that_may_not_be_read_no_ticket_is_told(one: World) -> None:
    await one.application().opened()
    assert await known(one, "INC-7", None, ("other",)) is None


async def test_of_several_the_newest_is_told_and_how_many_are_older(one: World) -> None:
    await one.application().opened()
    one.pass_time(timedelta(minutes=5))
    one.incidents.add("INC-8")
    bot = one.application()
    await bot.press(await bot.proposed(incident="INC-8"))
    found = await known(one, None, "Load")
    assert found is not None
    assert found.incident_id == "INC-8"
    assert found.said.endswith("There is an older one as well.")
