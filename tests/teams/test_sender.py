"""Everything goes out through one place that knows what may be repeated and who can be reached."""

from collections.abc import AsyncGenerator

import pytest

from bot.messages import Reply
from bot.teams import AddressGone, NotSent, Sender, TeamsIdentity, TooLarge
from cards.card import Card
from tests.doubles.connector import ConnectorDouble, Fault
from tests.doubles.teams import TENANT
from tests.teams.conftest import APP_ID, THREAD, Waits, address, opened_sender


@pytest.fixture
async def sender(waits: Waits) -> AsyncGenerator[Sender]:
    async with opened_sender(TeamsIdentity(local=True), waits) as sender:
        yield sender


async def test_words_arrive_in_their_thread(sender: Sender, connector: ConnectorDouble) -> None:
    message_id = await sender.send(Reply(address=address(connector), text="hello"))
    (sent,) = connector.messages
    assert (sent.conversation, sent.activity["text"]) == (THREAD, "hello")
    assert message_id == "message-1"


async def test_a_card_travels_alone_with_its_summary(
    sender: Sender, connector: ConnectorDouble
) -> None:
    card = Card(kind="run_card", content={"type": "AdaptiveCard", "version": "1.5"}, summary="Fine")
    await sender.send(Reply(address=address(connector), card=card))
    (sent,) = connector.messages
    assert sent.card == {"type": "AdaptiveCard", "version": "1.5"}
    assert sent.activity["summary"] == "Fine"
    assert "text" not in sent.activity


async def test_a_message_is_edited_in_its_place(sender: Sender, connector: ConnectorDouble) -> None:
    await sender.update(
        address(connector), "message-7", Reply(address=address(connector), text="new")
    )
    (sent,) = connector.sent
    assert (sent.method, sent.activity_id, sent.activity["text"]) == ("PUT", "message-7", "new")


async def test_a_refused_post_is_repeated_after_the_time_asked_for(
    sender: Sender, connector: ConnectorDouble, waits: Waits
) -> None:
    connector.faults = [Fault(status=429, headers={"Retry-After": "7"}), Fault(status=412)]
    await sender.send(Reply(address=address(connector), text="hello"))
    assert len(connector.messages) == 3
    assert waits.seconds[0] == 7


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 500, 502, 503, 504])
async def test_a_post_that_may_have_arrived_is_not_repeated(
    status: int, sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=status)]
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=address(connector), text="hello"))
    assert failed.value.status == status
    assert len(connector.messages) == 1


@pytest.mark.parametrize("status", [429, 412, 502, 503, 504])
async def test_an_edit_is_repeated_freely(
    status: int, sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=status), Fault(status=status)]
    await sender.update(
        address(connector), "message-7", Reply(address=address(connector), text="new")
    )
    assert len(connector.sent) == 3


async def test_repeating_ends(sender: Sender, connector: ConnectorDouble) -> None:
    connector.faults = [Fault(status=429)] * 20
    with pytest.raises(NotSent):
        await sender.send(Reply(address=address(connector), text="hello"))
    assert len(connector.messages) == 4


async def test_a_wait_that_is_too_long_is_not_taken(
    sender: Sender, connector: ConnectorDouble, waits: Waits
) -> None:
    connector.faults = [Fault(status=429, headers={"Retry-After": "21600"})]
    with pytest.raises(NotSent):
        await sender.send(Reply(address=address(connector), text="hello"))
    assert waits.seconds == []


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "BotNotInConversationRoster", "message": "x"}},
        {"error": {"code": "ConversationNotFound", "message": "x"}},
        {"errorCode": 209, "message": '{"subCode":"MessageWritesBlocked"}'},
    ],
    ids=str,
)
async def test_an_address_that_is_gone_is_known_as_one(
    body: dict[str, object], sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=403, body=body)]
    with pytest.raises(AddressGone):
        await sender.send(Reply(address=address(connector), text="hello"))


async def test_a_typing_sign_is_tried_once(sender: Sender, connector: ConnectorDouble) -> None:
    connector.faults = [Fault(status=429)]
    with pytest.raises(NotSent):
        await sender.typing(address(connector))
    assert [one.activity["type"] for one in connector.sent] == ["typing"]


async def test_a_connector_that_is_not_there_is_told(sender: Sender) -> None:
    gone = ConnectorDouble()
    gone.url = "http://127.0.0.1:9/"
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=address(gone), text="hello"))
    assert failed.value.status is None


async def test_a_card_over_28_kib_is_not_sent(sender: Sender, connector: ConnectorDouble) -> None:
    large = Card(kind="run_card", content={"text": "x" * 29_000}, summary="")
    with pytest.raises(TooLarge, match="run_card"):
        await sender.send(Reply(address=address(connector), card=large))
    assert connector.sent == []


async def test_the_token_never_goes_to_another_host(waits: Waits) -> None:
    identity = TeamsIdentity(app_id=APP_ID, app_password="s", tenant_id=TENANT)
    elsewhere = ConnectorDouble()
    elsewhere.url = "http://127.0.0.1:9/"
    async with opened_sender(identity, waits) as sender:
        with pytest.raises(AddressGone):
            await sender.send(Reply(address=address(elsewhere), text="x"))
