"""The bot's own token is fetched once for many turns, beside the event loop, and explained."""

import asyncio

import pytest

from bot.messages import Reply
from bot.teams import Endpoints, NotSent, NotSignedIn, TeamsIdentity
from tests.bot.teams.conftest import APP_ID, Watch, address, opened_sender
from tests.doubles.connector import ConnectorDouble, Fault
from tests.doubles.identity import TOKEN, IdentityDouble
from tests.doubles.teams import TENANT


def registered(entra: IdentityDouble, connector: ConnectorDouble) -> TeamsIdentity:
    endpoints = Endpoints(authority=entra.url, connectors=(connector.url,))
    return TeamsIdentity(
        app_id=APP_ID, app_password="secret", tenant_id=TENANT, endpoints=endpoints
    )


async def test_fifty_replies_need_one_token_and_never_hold_up_the_loop(
    entra: IdentityDouble, connector: ConnectorDouble
) -> None:
    # The sign-in service answers on the same loop: held up, the loop would wait for itself.
    async with opened_sender(registered(entra, connector)) as sender:
        reply = Reply(address=address(connector), text="hello")
        await asyncio.gather(*(sender.send(reply) for _ in range(50)))
    assert entra.calls["token"] == 1
    assert {sent.authorization for sent in connector.messages} == {f"Bearer {TOKEN}"}


async def test_a_managed_identity_is_asked_once_too(
    identity: IdentityDouble, connector: ConnectorDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened_sender(managed(identity, connector, monkeypatch)) as sender:
        reply = Reply(address=address(connector), text="hello")
        await asyncio.gather(*(sender.send(reply) for _ in range(10)))
    assert identity.calls["token"] == 1
    assert connector.messages[-1].authorization == f"Bearer {TOKEN}"


async def test_a_token_is_renewed_before_it_ends(
    entra: IdentityDouble, connector: ConnectorDouble, watch: Watch
) -> None:
    async with opened_sender(registered(entra, connector), watch=watch) as sender:
        reply = Reply(address=address(connector), text="hello")
        await sender.send(reply)
        watch.seconds += 7200 - 700
        await sender.send(reply)
        assert entra.calls["token"] == 1
        watch.seconds += 101
        await sender.send(reply)
    assert entra.calls["token"] == 2


async def test_a_token_in_hand_serves_while_the_sign_in_service_fails(
    entra: IdentityDouble, connector: ConnectorDouble, watch: Watch
) -> None:
    async with opened_sender(registered(entra, connector), watch=watch) as sender:
        reply = Reply(address=address(connector), text="hello")
        await sender.send(reply)
        entra.refusal = {"error": "temporarily_unavailable"}
        watch.seconds += 7200 - 500
        await sender.send(reply)
        watch.seconds += 501
        with pytest.raises(NotSignedIn, match="temporarily_unavailable"):
            await sender.send(reply)
    assert len(connector.messages) == 2


async def test_a_wrong_secret_is_told_by_its_code_and_nothing_is_posted(
    entra: IdentityDouble, connector: ConnectorDouble
) -> None:
    said = f"AADSTS7000215: Invalid client secret provided for app '{APP_ID}'."
    entra.refusal = {"error": "invalid_client", "error_description": said}
    async with opened_sender(registered(entra, connector)) as sender:
        with pytest.raises(NotSignedIn, match=r"AADSTS7000215$"):
            await sender.send(Reply(address=address(connector), text="hello"))
    assert connector.sent == []


async def test_a_managed_identity_that_is_refused_is_told(
    identity: IdentityDouble, connector: ConnectorDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity.refusal = {"error": "invalid_request", "error_description": "no such identity"}
    async with opened_sender(managed(identity, connector, monkeypatch)) as sender:
        with pytest.raises(NotSignedIn, match="refused"):
            await sender.send(Reply(address=address(connector), text="hello"))


async def test_a_sign_in_service_out_of_reach_is_told(connector: ConnectorDouble) -> None:
    nobody = IdentityDouble(APP_ID)
    nobody.url = "https://127.0.0.1:9/"
    async with opened_sender(registered(nobody, connector)) as sender:
        with pytest.raises(NotSignedIn, match="no answer"):
            await sender.send(Reply(address=address(connector), text="hello"))


async def test_a_token_the_connector_refuses_is_not_used_again(
    entra: IdentityDouble, connector: ConnectorDouble
) -> None:
    async with opened_sender(registered(entra, connector)) as sender:
        connector.faults = [Fault(status=401)]
        with pytest.raises(NotSent) as refused:
            await sender.send(Reply(address=address(connector), text="hello"))
        assert refused.value.status == 401
        await sender.send(Reply(address=address(connector), text="hello"))
    assert entra.calls["token"] == 2


def managed(
    identity: IdentityDouble, connector: ConnectorDouble, monkeypatch: pytest.MonkeyPatch
) -> TeamsIdentity:
    """A managed identity, which finds its service by the variables of Container Apps."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{identity.url}msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header")
    endpoints = Endpoints(connectors=(connector.url,))
    return TeamsIdentity(
        app_id=APP_ID, app_type="UserAssignedMSI", tenant_id=TENANT, endpoints=endpoints
    )
