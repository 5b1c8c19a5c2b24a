"""The summary on a schedule by tool: who may set it where, what is said, and what is listed."""

import pytest

from adf.errors import BadArguments
from adf.records.moments import in_plain_words
from bot.messages import Person
from cards.records import Denied, SubscriptionList
from tests.bot.builders.people import BOSS, BOUND, CHAT, NOEL, OPAL, RUTH, STAN
from tests.bot.tools.test_tools import House, house

__all__ = ["house"]


async def said(house: House, who: Person, tool: str = "ops_digest", **given: object) -> str:
    answer = await house.tools(who, BOUND).call(tool, **given)
    assert isinstance(answer, SubscriptionList)
    return in_plain_words(answer.said)


async def test_an_operator_sets_it_for_a_room_and_it_is_listed(house: House) -> None:
    assert await said(house, OPAL, at="7:30", days="weekdays") == (
        "This channel gets a summary of prod on weekdays at 07:30 (Europe/Berlin). Next: 07:30. "
        "To stop: “stop the summary”."
    )
    listed = await house.tools(OPAL, BOUND).call("ops_list_subscriptions")
    assert isinstance(listed, SubscriptionList)
    assert [(one.target, one.events) for one in listed.subscriptions] == [
        ("Summary of prod", "on weekdays at 07:30 (Europe/Berlin)")
    ]


async def test_moved_it_keeps_what_was_not_said(house: House) -> None:
    await said(house, OPAL, at="07:30", days="weekdays")
    moved = await said(house, OPAL, at="09:00")
    assert "on weekdays at 09:00" in moved
    assert "Before, it was on weekdays at 07:30." in moved


async def test_it_is_stopped_once(house: House) -> None:
    await said(house, OPAL)
    assert "no summary any more; it came every day at 08:00" in await said(
        house, OPAL, "ops_stop_digest"
    )
    assert "no summary to stop" in await said(house, OPAL, "ops_stop_digest")


@pytest.mark.parametrize("who", [RUTH, STAN, NOEL])
async def test_only_an_operator_sets_or_stops_it_for_a_room(who: Person, house: House) -> None:
    assert isinstance(await house.tools(who, BOUND).call("ops_digest"), Denied)
    await said(house, OPAL)
    assert isinstance(await house.tools(who, BOUND).call("ops_stop_digest"), Denied)
    assert await house.keeping.summaries.of(BOUND) is not None


async def test_a_person_gets_their_own_of_what_they_read(house: House) -> None:
    denied = await house.tools(STAN, CHAT).call("ops_digest")
    assert isinstance(denied, Denied)
    set_by = await house.tools(RUTH, CHAT).call("ops_digest", factory="uat")
    assert isinstance(set_by, SubscriptionList)
    assert set_by.said.startswith("You get a summary of uat every day at 08:00")
    assert isinstance(await house.tools(RUTH, CHAT).call("ops_digest", factory="prod"), Denied)


@pytest.mark.parametrize(
    "given", [{"at": "25:00"}, {"days": "someday"}, {"zone": "Mars/One"}, {"days": " "}]
)
async def test_what_cannot_be_read_is_refused_with_the_reason(
    given: dict[str, str], house: House
) -> None:
    with pytest.raises(BadArguments):
        await house.tools(BOSS, BOUND).call("ops_digest", **given)
