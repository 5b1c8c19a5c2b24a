"""The live board by tool: who may put it up or take it down where, and what is said and listed."""

import pytest

from adf.errors import BadArguments
from bot.messages import Person
from cards.records import Denied, SubscriptionList
from tests.bot.builders.people import BOSS, BOUND, CHAT, NOEL, OPAL, RUTH, STAN
from tests.bot.tools.test_tools import House, house

__all__ = ["house"]


async def said(house: House, who: Person, tool: str = "ops_board", **given: object) -> str:
    answer = await house.tools(who, BOUND).call(tool, **given)
    assert isinstance(answer, SubscriptionList)
    return answer.said


async def test_an_operator_puts_it_up_and_it_is_listed_with_the_words_that_end_it(
    house: House,
) -> None:
    assert (await said(house, OPAL)).startswith("Here comes the live board of prod: one message")
    listed = await house.tools(OPAL, BOUND).call("ops_list_subscriptions")
    assert isinstance(listed, SubscriptionList)
    assert [(one.target, one.stop) for one in listed.subscriptions] == [
        ("Live board of prod", "take down the board")
    ]


@pytest.mark.parametrize("who", [RUTH, STAN, NOEL])
async def test_only_an_operator_puts_it_up_or_takes_it_down(who: Person, house: House) -> None:
    assert isinstance(await house.tools(who, BOUND).call("ops_board"), Denied)
    assert await house.keeping.boards.of(BOUND) is None
    await said(house, OPAL)
    assert isinstance(await house.tools(who, BOUND).call("ops_stop_board"), Denied)
    assert await house.keeping.boards.of(BOUND) is not None


async def test_a_reader_may_have_it_posted_again_where_it_has_scrolled_away(house: House) -> None:
    await said(house, OPAL)
    assert "again; the one above ends" in await said(house, RUTH)
    board = await house.keeping.boards.of(BOUND)
    assert board is not None
    assert (board.number, board.by) == (2, RUTH.name)


async def test_a_room_shows_the_factory_it_is_linked_to_and_no_other(house: House) -> None:
    with pytest.raises(BadArguments, match="linked to prod"):
        await house.tools(BOSS, BOUND).call("ops_board", factory="uat")
    assert await house.keeping.boards.of(BOUND) is None


async def test_it_is_taken_down_once(house: House) -> None:
    await said(house, OPAL)
    assert await said(house, OPAL, "ops_stop_board") == "The live board of prod ends here."
    assert await said(house, OPAL, "ops_stop_board") == "This channel has no live board."


async def test_a_person_has_one_of_what_their_own_role_reads(house: House) -> None:
    assert isinstance(await house.tools(STAN, CHAT).call("ops_board"), Denied)
    answer = await house.tools(RUTH, CHAT).call("ops_board", factory="uat")
    assert isinstance(answer, SubscriptionList)
    board = await house.keeping.boards.of(CHAT)
    assert board is not None
    assert board.person == RUTH.person_id
    assert isinstance(await house.tools(RUTH, CHAT).call("ops_board", factory="prod"), Denied)
