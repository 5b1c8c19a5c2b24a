"""Local mode takes anonymous messages: of this machine alone, and not through a tunnel."""

import pytest

from bot.messages import Message
from tests.bot.teams.conftest import CONNECTOR, Door
from tests.doubles.connector import ConnectorDouble
from tests.doubles.teams import Client


@pytest.fixture
def maya(connector: ConnectorDouble) -> Client:
    return Client(service_url=connector.url)


async def test_a_developer_needs_no_token(local_door: Door, maya: Client) -> None:
    assert (await local_door.post(maya.personal("hi")))[0] == 202
    assert len(local_door.taken.taken) == 1


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host"])
async def test_what_came_through_a_tunnel_or_proxy_is_refused(
    header: str, local_door: Door, maya: Client
) -> None:
    assert (await local_door.post(maya.personal("hi"), **{header: "127.0.0.1"}))[0] == 403
    assert local_door.taken.claimed == []


@pytest.mark.parametrize("host", ["[bad", "a b", "localhost:abc", "::1", "127.0.0.1.evil.example"])
async def test_an_odd_host_is_refused(host: str, local_door: Door, maya: Client) -> None:
    assert (await local_door.post(maya.personal("hi"), Host=host))[0] == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:3978", "[::1]:3978", "127.0.0.1"])
async def test_this_machine_has_several_names(host: str, local_door: Door, maya: Client) -> None:
    assert (await local_door.post(maya.personal("hi"), Host=host))[0] == 202


async def test_a_page_that_gave_this_machine_another_name_is_refused(
    local_door: Door, maya: Client
) -> None:
    assert (await local_door.post(maya.personal("hi"), Host="rebound.example"))[0] == 403


async def test_services_elsewhere_are_refused(local_door: Door) -> None:
    assert (await local_door.post(Client(service_url=CONNECTOR).personal("hi")))[0] == 403


async def test_the_emulator_is_taken_without_a_tenant(local_door: Door, maya: Client) -> None:
    activity = maya.personal("hi")
    del activity["conversation"]["tenantId"], activity["channelData"]
    activity["channelId"] = "emulator"
    assert (await local_door.post(activity))[0] == 202
    (message,) = local_door.taken.taken
    assert isinstance(message, Message)
    assert message.address.tenant == ""
