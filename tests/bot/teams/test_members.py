"""Teams tells who is a guest: asked once an hour, and never guessed when it does not answer."""

from collections.abc import AsyncGenerator, Mapping
from datetime import datetime, timedelta

import aiohttp
import pytest

from bot.access.policy import RosterUnreadable
from bot.messages import Person
from bot.teams import SigningKeys, TeamsAdapter, TeamsIdentity
from bot.teams.members import TeamsRoster
from tests.bot.teams.conftest import APP_ID, NOW, Watch, address
from tests.doubles.connector import ConnectorDouble, Fault
from tests.doubles.teams import TENANT

GUS = Person(person_id="gus-id", name="Gus", tenant=TENANT, channel_account="29:gus")
CHANNEL = "19:data-incidents@thread.tacv2"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def roster(clock: Clock) -> AsyncGenerator[TeamsRoster]:
    async with aiohttp.ClientSession() as session:
        adapter = TeamsAdapter(
            TeamsIdentity(local=True, tenants=(TENANT,)), SigningKeys("", session, Watch())
        )
        yield TeamsRoster(adapter, session, clock)


@pytest.mark.parametrize(
    ("told", "is_guest"),
    [
        ({"userRole": "user", "userPrincipalName": "gus@contoso.com"}, False),
        ({"userRole": "owner", "userPrincipalName": "gus@contoso.com", "tenantId": TENANT}, False),
        ({}, False),
        ({"userRole": "guest", "userPrincipalName": "gus@contoso.com"}, True),
        ({"userRole": "Guest"}, True),
        ({"userRole": "anonymous"}, True),
        ({"userRole": "user", "userPrincipalName": "gus_x.com#EXT#@contoso.com"}, True),
        ({"userRole": "user", "userPrincipalName": "gus_x.com#ext#@contoso.com"}, True),
        ({"userRole": "user", "tenantId": "99999999-9999-9999-9999-999999999999"}, True),
        ({"id": ""}, True),
    ],
)
async def test_a_guest_is_told_by_role_name_or_tenant(
    told: Mapping[str, str], is_guest: bool, roster: TeamsRoster, connector: ConnectorDouble
) -> None:
    connector.members["29:gus"] = told
    assert await roster.is_guest(address(connector), GUS) is is_guest


async def test_the_room_is_asked_without_its_thread(
    roster: TeamsRoster, connector: ConnectorDouble
) -> None:
    await roster.is_guest(address(connector), GUS)
    assert connector.looked_up == [(CHANNEL, "29:gus")]


async def test_somebody_is_question_once_an_hour(
    roster: TeamsRoster, connector: ConnectorDouble, clock: Clock
) -> None:
    await roster.is_guest(address(connector), GUS)
    connector.members["29:gus"] = {"userRole": "guest"}
    clock.now += timedelta(minutes=59)
    assert not await roster.is_guest(address(connector), GUS)
    clock.now += timedelta(minutes=2)
    assert await roster.is_guest(address(connector), GUS)
    assert len(connector.looked_up) == 2


@pytest.mark.parametrize(
    "faults",
    [[Fault(status=403)], [Fault(status=404)], [Fault(status=500)], [Fault(drops=True)] * 2],
)
async def test_what_cannot_be_read_is_not_guessed_and_asked_again(
    faults: list[Fault], roster: TeamsRoster, connector: ConnectorDouble
) -> None:
    connector.roster_faults = faults
    with pytest.raises(RosterUnreadable):
        await roster.is_guest(address(connector), GUS)
    assert not await roster.is_guest(address(connector), GUS)


async def test_an_answer_that_is_no_member_is_an_outsider(
    roster: TeamsRoster, connector: ConnectorDouble
) -> None:
    connector.roster_faults = [Fault(status=200, text="<html>")]
    assert await roster.is_guest(address(connector), GUS)


async def test_nobody_is_asked_at_a_strange_service_url(roster: TeamsRoster) -> None:
    strange = ConnectorDouble()
    strange.url = "https://evil.example/"
    with pytest.raises(RosterUnreadable):
        await roster.is_guest(address(strange), GUS)


async def test_without_a_token_nobody_is_asked(connector: ConnectorDouble, clock: Clock) -> None:
    async with aiohttp.ClientSession() as session:
        identity = TeamsIdentity(app_id=APP_ID, app_password="s", tenant_id=TENANT)
        adapter = TeamsAdapter(identity, SigningKeys("", session, Watch()))
        with pytest.raises(RosterUnreadable):
            await TeamsRoster(adapter, session, clock).is_guest(address(connector), GUS)
    assert connector.looked_up == []


async def test_only_so_many_people_are_kept_in_mind(
    connector: ConnectorDouble, clock: Clock
) -> None:
    async with aiohttp.ClientSession() as session:
        identity = TeamsIdentity(local=True, tenants=(TENANT,))
        adapter = TeamsAdapter(identity, SigningKeys("", session, Watch()))
        roster = TeamsRoster(adapter, session, clock, most=2)
        for name in ("p0", "p1", "p2", "p0"):
            known = Person(person_id=name, name="", tenant=TENANT)
            await roster.is_guest(address(connector), known)
    assert len(connector.looked_up) == 4


def member(number: int, name: str, **more: str) -> dict[str, str]:
    object_id = f"00000000-0000-4000-8000-{number:012d}"
    user = {"userRole": "user", "userPrincipalName": f"u{number}@contoso.com"}
    return {"id": f"29:{number}", "name": name, "aadObjectId": object_id, **user, **more}


async def test_the_members_of_a_room_are_listed_page_by_page_without_guests(
    roster: TeamsRoster, connector: ConnectorDouble, clock: Clock
) -> None:
    connector.roster = [
        member(1, "Lee Park"),
        member(2, "Gus", userRole="guest"),
        member(3, "Ann", tenantId="99999999-9999-9999-9999-999999999999"),
        {"id": "28:bot", "name": "ADF Ops", "userRole": "bot"},
        member(4, "Ivy Stone"),
    ]
    found = await roster.members(address(connector))
    assert [one.name for one in found] == ["Lee Park", "Ivy Stone"]
    assert await roster.members(address(connector)) == found
    assert len(connector.looked_up) == 3
    connector.roster = [member(1, "Lee Park")]
    clock.now += timedelta(minutes=11)
    assert [one.name for one in await roster.members(address(connector))] == ["Lee Park"]


async def test_a_roster_that_cannot_be_listed_is_no_empty_room(
    roster: TeamsRoster, connector: ConnectorDouble
) -> None:
    connector.roster_faults = [Fault(status=503)]
    with pytest.raises(RosterUnreadable):
        await roster.members(address(connector))
