"""Incidents and mutes by tool: who may, what changes, what is said, and what everybody sees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from adf.records.moments import in_plain_words
from bot.access.policy import RosterUnreadable
from bot.alerts.incident_commands import IncidentCommands
from bot.alerts.incidents import IncidentService
from bot.messages import Address, Person
from bot.state.mutes import Mutes
from bot.state.store import Store
from cards.records import (
    Denied,
    IncidentList,
    IncidentReport,
    IncidentState,
    Mentioned,
    MuteList,
    Picker,
    Problem,
)
from tests.bot.builders.incidents import commands_over
from tests.bot.builders.nights import failure
from tests.bot.builders.people import BOSS, BOUND, CHAT, NOEL, NOW, OPAL, RUTH, STAN, person
from tests.bot.tools.test_tools import House, house

__all__ = ["house"]

SECRET = "Password=Hunter2-Prod!"


@dataclass
class Rooms:
    """The tools of people over two open incidents of prod, INC-1 and INC-2."""

    house: House
    store: Store
    commands: IncidentCommands

    async def call(self, who: Person, tool: str, where: Address = BOUND, **given: object) -> object:
        return await self.house.tools(who, where).call(tool, **given)

    async def incident(self, incident_id: str = "INC-1") -> IncidentReport:
        found = await self.call(OPAL, "ops_incident", incident=incident_id)
        assert isinstance(found, IncidentReport)
        return found


@pytest.fixture
async def rooms(house: House, store: Store) -> Rooms:
    incidents = IncidentService(store, lambda: NOW)
    await incidents.take(failure("r1", "Orders"))
    await incidents.take(failure("r2", "Payroll"))
    return Rooms(house, store, commands_over(store, lambda: NOW))


async def test_what_is_open_is_listed_with_who_has_it(rooms: Rooms) -> None:
    await rooms.call(OPAL, "ops_ack", incident="INC-1")
    listed = await rooms.call(OPAL, "ops_list_incidents")
    assert isinstance(listed, IncidentList)
    assert [(one.incident_id, one.person) for one in listed.entries] == [
        ("INC-1", "Opal"),
        ("INC-2", ""),
    ]
    free = await rooms.call(OPAL, "ops_list_incidents", state="open")
    mine = await rooms.call(OPAL, "ops_list_incidents", mine=True)
    assert isinstance(free, IncidentList)
    assert isinstance(mine, IncidentList)
    assert [one.incident_id for one in free.entries] == ["INC-2"]
    assert [one.incident_id for one in mine.entries] == ["INC-1"]
    assert free.others == mine.others == 1


async def test_who_was_first_has_it(rooms: Rooms) -> None:
    first = await rooms.call(OPAL, "ops_ack", incident="INC-1", note="looking")
    second = await rooms.call(BOSS, "ops_ack", incident="INC-1")
    again = await rooms.call(OPAL, "ops_ack", incident="INC-1")
    assert isinstance(first, IncidentReport)
    assert isinstance(second, IncidentReport)
    assert isinstance(again, IncidentReport)
    assert (first.state, first.acknowledged_by, first.said) == (
        IncidentState.ACKNOWLEDGED,
        "Opal",
        "",
    )
    assert in_plain_words(second.said) == "Already acknowledged by Opal at 03:40."
    assert in_plain_words(again.said) == "You already have it, acknowledged by Opal at 03:40."


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("ops_ack", {}),
        ("ops_resolve", {}),
        ("ops_reopen", {}),
        ("ops_assign", {"to": "Opal"}),
        ("ops_mute", {}),
        ("ops_unmute", {}),
        ("ops_split", {"pipeline": "Orders"}),
        ("ops_merge", {"other": "INC-2"}),
    ],
)
async def test_a_reader_is_refused_with_the_reason_and_nothing_changes(
    tool: str, given: dict[str, str], rooms: Rooms
) -> None:
    before = await rooms.incident()
    subject = "target" if tool in {"ops_mute", "ops_unmute"} else "incident"
    denied = await rooms.house.tools(NOEL, BOUND).call(tool, **{subject: "INC-1", **given})
    assert isinstance(denied, Denied)
    assert "needs the role operator in prod" in denied.happened
    assert denied.who == ("Opal",)
    assert await rooms.incident() == before


@pytest.mark.parametrize("who", [STAN, NOEL, RUTH])
async def test_who_may_not_read_a_factory_learns_nothing_of_its_incidents(
    who: Person, rooms: Rooms
) -> None:
    for tool in ("ops_list_incidents", "ops_ack", "ops_incident"):
        given = {} if tool == "ops_list_incidents" else {"incident": "INC-1"}
        found = await rooms.house.tools(who, CHAT).call(tool, **given)
        assert isinstance(found, Denied | Problem | IncidentList)
        assert "Orders" not in str(found)


async def test_an_incident_is_given_to_somebody_by_name(rooms: Rooms) -> None:
    given = await rooms.call(BOSS, "ops_assign", incident="INC-1", to="opal")
    assert isinstance(given, IncidentReport)
    assert (given.assignee, given.assigned_by) == ("Opal", "Boss")
    assert [one.name for one in given.call] == ["Opal"]
    assert given.state is IncidentState.OPEN


MEMBERS = (
    Mentioned(name="Lee Park", person_id="lee-id"),
    Mentioned(name="Lee Stone", person_id="stone-id"),
    Mentioned(name="Ivy Stone", person_id="ivy-id"),
)


def with_members(rooms: Rooms, *, fails: bool = False) -> Rooms:
    """The same, in rooms whose members Teams tells."""

    async def members(address: Address) -> Sequence[Mentioned]:
        if fails:
            raise RosterUnreadable
        return MEMBERS

    rooms.house.keeping = replace(rooms.house.keeping, members=members)
    return rooms


async def test_a_member_of_the_room_is_found_by_name_and_an_ambiguous_name_is_asked_back(
    rooms: Rooms,
) -> None:
    there = with_members(rooms)
    given = await there.call(OPAL, "ops_assign", incident="INC-1", to="ivy")
    assert isinstance(given, IncidentReport)
    assert (given.assignee, [one.person_id for one in given.call]) == ("Ivy Stone", ["ivy-id"])
    back = await there.call(OPAL, "ops_assign", incident="INC-1", to="lee")
    assert isinstance(back, Picker)
    assert [one.title for one in back.choices] == ["Lee Park", "Lee Stone"]
    for choice in back.choices:
        name = choice.question.removeprefix("assign INC-1 to ")
        chosen = await there.call(OPAL, "ops_assign", incident="INC-1", to=name)
        assert isinstance(chosen, IncidentReport)
        assert chosen.assignee == choice.title


async def test_who_is_declared_counts_before_who_is_only_there(rooms: Rooms) -> None:
    there = with_members(rooms)
    given = await there.call(BOSS, "ops_assign", incident="INC-1", to="opal")
    assert isinstance(given, IncidentReport)
    assert given.assignee == "Opal"


async def test_a_roster_that_is_not_told_or_a_chat_of_ones_own_finds_nobody_more(
    rooms: Rooms,
) -> None:
    for fails, where in ((True, BOUND), (False, CHAT)):
        there = with_members(rooms, fails=fails)
        found = await there.call(BOSS, "ops_assign", where, incident="INC-1", to="ivy")
        assert isinstance(found, Problem | Picker)


async def test_who_takes_it_for_themselves_has_it(rooms: Rooms) -> None:
    mine = await rooms.call(BOSS, "ops_assign", incident="INC-1", to="me")
    assert isinstance(mine, IncidentReport)
    assert (mine.assignee, mine.acknowledged_by, mine.call) == ("Boss", "Boss", ())


async def test_somebody_who_is_unknown_is_asked_back(rooms: Rooms) -> None:
    back = await rooms.call(BOSS, "ops_assign", incident="INC-1", to="zoe")
    assert isinstance(back, Problem)
    assert "zoe" in back.happened
    assert [one.question for one in back.choices] == ["assign INC-1 to Opal"]
    assert (await rooms.incident()).assignee == ""


async def test_a_closed_incident_says_by_whom_and_why_without_secrets(rooms: Rooms) -> None:
    done = await rooms.call(OPAL, "ops_resolve", incident="INC-1", note=f"fixed it {SECRET}")
    assert isinstance(done, IncidentReport)
    assert (done.state, done.changed_by) == (IncidentState.RESOLVED, "Opal")
    assert "fixed it" in done.timeline[-1].text
    assert "Hunter2" not in str(done)
    over = await rooms.call(BOSS, "ops_ack", incident="INC-1")
    assert isinstance(over, IncidentReport)
    assert over.said == "It's already closed, so nothing changed."


async def test_what_was_closed_is_opened_again(rooms: Rooms) -> None:
    await rooms.call(OPAL, "ops_resolve", incident="INC-1")
    again = await rooms.call(OPAL, "ops_reopen", incident="INC-1")
    assert isinstance(again, IncidentReport)
    assert again.state is IncidentState.OPEN
    assert again.timeline[-1].text == "Opal reopened it"


async def test_an_unknown_incident_is_said_to_be_unknown(rooms: Rooms) -> None:
    unknown = await rooms.call(OPAL, "ops_ack", incident="INC-99")
    assert isinstance(unknown, Problem)
    assert unknown.happened == "There is no incident INC-99 here."
    assert [one.question for one in unknown.choices] == ["status of INC-1", "status of INC-2"]


async def test_a_mute_has_an_end_a_reason_and_a_name(rooms: Rooms) -> None:
    muted = await rooms.call(
        OPAL, "ops_mute", target="orders", minutes=140, reason=f"repair, {SECRET}"
    )
    assert isinstance(muted, MuteList)
    (one,) = muted.mutes
    assert (one.target, one.by, one.until) == ("Orders", "Opal", NOW + timedelta(minutes=140))
    assert "Hunter2" not in one.reason
    assert in_plain_words(muted.said).startswith("Orders is muted until 06:00 by Opal.")


async def test_a_mute_without_an_end_lasts_an_hour_and_says_so(rooms: Rooms) -> None:
    muted = await rooms.call(OPAL, "ops_mute", target="Orders")
    assert isinstance(muted, MuteList)
    assert muted.mutes[0].until == NOW + timedelta(hours=1)
    assert "You gave no end, so it lasts 1 h" in muted.said


async def test_no_mute_is_longer_than_a_week(rooms: Rooms) -> None:
    muted = await rooms.call(OPAL, "ops_mute", target="Orders", minutes=60 * 24 * 30)
    assert isinstance(muted, MuteList)
    assert muted.mutes[0].until == NOW + timedelta(days=7)
    assert "7 d is the longest a mute can last" in muted.said


async def test_what_is_unknown_is_not_muted(rooms: Rooms) -> None:
    back = await rooms.call(OPAL, "ops_mute", target="Ordres", minutes=60)
    assert isinstance(back, Picker)
    assert back.choices[0].question == "mute Orders"
    assert await rooms.house.keeping.mutes.active(["prod"]) == []


async def test_unmuting_ends_a_mute_and_says_so(rooms: Rooms) -> None:
    await rooms.call(OPAL, "ops_mute", target="Orders", minutes=60)
    on = await rooms.call(OPAL, "ops_unmute", target="orders")
    off = await rooms.call(OPAL, "ops_unmute", target="orders")
    assert isinstance(on, MuteList)
    assert isinstance(off, MuteList)
    assert (on.mutes, on.said) == ((), "Alerts for Orders are on again.")
    assert off.said == "orders is not muted."


async def test_a_known_issue_is_muted_by_its_incident(rooms: Rooms) -> None:
    muted = await rooms.call(OPAL, "ops_mute", target="INC-1", minutes=60)
    assert isinstance(muted, IncidentReport)
    assert (muted.muted_by, muted.muted_until) == ("Opal", NOW + timedelta(hours=1))
    mutes = Mutes(rooms.store, lambda: NOW)
    assert await mutes.covering("prod", "Orders", "abc123abc123")
    assert await mutes.covering("prod", "Orders", "another error") is None
    on = await rooms.call(OPAL, "ops_unmute", target="INC-1")
    assert isinstance(on, IncidentReport)
    assert on.muted_until is None


async def test_everybody_who_reads_sees_what_is_muted(rooms: Rooms) -> None:
    await rooms.call(OPAL, "ops_mute", target="Orders", minutes=60)
    noel = await rooms.call(NOEL, "ops_list_incidents")
    assert isinstance(noel, IncidentList)
    assert [one.muted_by for one in noel.entries] == ["Opal", ""]
    stranger = await rooms.call(person(9, "Sly"), "ops_list_subscriptions", CHAT)
    assert "Orders" not in str(stranger)
