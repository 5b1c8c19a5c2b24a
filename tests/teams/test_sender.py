"""Everything goes out through one place that knows what may be repeated and who can be reached."""

import asyncio
import time
from collections.abc import AsyncGenerator
from datetime import timedelta

import aiohttp
import pytest

from bot.messages import Address, Reply, Scope
from bot.teams import AddressGone, NotSent, Sender, SigningKeys, TeamsAdapter, TeamsIdentity
from bot.teams.outbound import TooLarge
from cards.card import Card
from tests.doubles.connector import ConnectorDouble, Fault
from tests.doubles.identity import IdentityDouble
from tests.doubles.teams import TENANT
from tests.teams.conftest import APP_ID

THREAD = "19:data-incidents@thread.tacv2;messageid=1700000000000"


class Waits:
    """Stands in for sleeping: keeps how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
async def sender(waits: Waits) -> AsyncGenerator[Sender]:
    async with aiohttp.ClientSession() as session:
        keys = SigningKeys("", session, time.monotonic)
        yield Sender(TeamsAdapter(TeamsIdentity(local=True), keys), session, waits)


def to(connector: ConnectorDouble) -> Address:
    return Address(
        scope=Scope.CHANNEL,
        tenant=TENANT,
        service_url=connector.url,
        conversation=THREAD,
        bot_id="28:bot",
        bot_name="ADF Ops",
    )


async def test_words_arrive_in_their_thread(sender: Sender, connector: ConnectorDouble) -> None:
    message_id = await sender.send(Reply(address=to(connector), text="hello"))
    (sent,) = connector.messages
    assert (sent.conversation, sent.activity["text"]) == (THREAD, "hello")
    assert message_id == "message-1"


async def test_a_card_travels_alone_with_its_summary(
    sender: Sender, connector: ConnectorDouble
) -> None:
    card = Card(kind="run_card", content={"type": "AdaptiveCard", "version": "1.5"}, summary="Fine")
    await sender.send(Reply(address=to(connector), card=card))
    (sent,) = connector.messages
    assert sent.card == {"type": "AdaptiveCard", "version": "1.5"}
    assert sent.activity["summary"] == "Fine"
    assert "text" not in sent.activity


async def test_a_message_is_edited_in_its_place(sender: Sender, connector: ConnectorDouble) -> None:
    await sender.update(to(connector), "message-7", Reply(address=to(connector), text="new"))
    (sent,) = connector.sent
    assert (sent.method, sent.activity_id, sent.activity["text"]) == ("PUT", "message-7", "new")


async def test_a_refused_post_is_repeated_after_the_time_asked_for(
    sender: Sender, connector: ConnectorDouble, waits: Waits
) -> None:
    connector.faults = [Fault(status=429, headers={"Retry-After": "7"}), Fault(status=412)]
    await sender.send(Reply(address=to(connector), text="hello"))
    assert len(connector.messages) == 3
    assert waits.seconds[0] == 7


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 500, 502, 503, 504])
async def test_a_post_that_may_have_arrived_is_not_repeated(
    status: int, sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=status)]
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=to(connector), text="hello"))
    assert failed.value.status == status
    assert len(connector.messages) == 1


@pytest.mark.parametrize("status", [429, 412, 502, 503, 504])
async def test_an_edit_is_repeated_freely(
    status: int, sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=status), Fault(status=status)]
    await sender.update(to(connector), "message-7", Reply(address=to(connector), text="new"))
    assert len(connector.sent) == 3


async def test_repeating_ends(sender: Sender, connector: ConnectorDouble) -> None:
    connector.faults = [Fault(status=429)] * 20
    with pytest.raises(NotSent):
        await sender.send(Reply(address=to(connector), text="hello"))
    assert len(connector.messages) == 4


async def test_a_wait_that_is_too_long_is_not_taken(
    sender: Sender, connector: ConnectorDouble, waits: Waits
) -> None:
    connector.faults = [Fault(status=429, headers={"Retry-After": "21600"})]
    with pytest.raises(NotSent):
        await sender.send(Reply(address=to(connector), text="hello"))
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
        await sender.send(Reply(address=to(connector), text="hello"))


async def test_a_typing_sign_is_tried_once(sender: Sender, connector: ConnectorDouble) -> None:
    connector.faults = [Fault(status=429)]
    with pytest.raises(NotSent):
        await sender.typing(to(connector))
    assert [one.activity["type"] for one in connector.sent] == ["typing"]


async def test_a_connector_that_is_not_there_is_told(sender: Sender) -> None:
    gone = ConnectorDouble()
    gone.url = "http://127.0.0.1:9/"
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=to(gone), text="hello"))
    assert failed.value.status is None


async def test_a_card_over_28_kib_is_not_sent(sender: Sender, connector: ConnectorDouble) -> None:
    large = Card(kind="run_card", content={"text": "x" * 29_000}, summary="")
    with pytest.raises(TooLarge, match="run_card"):
        await sender.send(Reply(address=to(connector), card=large))
    assert connector.sent == []


async def test_the_token_never_goes_to_another_host(waits: Waits) -> None:
    identity = TeamsIdentity(app_id=APP_ID, app_password="s", tenant_id=TENANT)
    async with aiohttp.ClientSession() as session:
        adapter = TeamsAdapter(identity, SigningKeys("", session, time.monotonic))
        elsewhere = ConnectorDouble()
        elsewhere.url = "http://127.0.0.1:9/"
        with pytest.raises(AddressGone):
            await Sender(adapter, session, waits).send(Reply(address=to(elsewhere), text="x"))


async def test_one_token_serves_many_turns_and_never_blocks_the_loop(
    identity: IdentityDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{identity.url}msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header")
    identity.token_delay = 0.3
    known = TeamsIdentity(app_id=APP_ID, app_type="UserAssignedMSI", tenant_id=TENANT)
    async with aiohttp.ClientSession() as session:
        adapter = TeamsAdapter(known, SigningKeys("", session, time.monotonic))
        longest = asyncio.create_task(_longest_stall(timedelta(seconds=0.5)))
        tokens = await asyncio.gather(*(adapter.token() for _ in range(50)))
        assert set(tokens) == {"token-of-the-bot"}
        assert identity.calls["token"] == 1
        assert await longest < 0.2


async def _longest_stall(during: timedelta) -> float:
    """The longest time the event loop did not come back to us."""
    longest, end = 0.0, time.monotonic() + during.total_seconds()
    while (before := time.monotonic()) < end:
        await asyncio.sleep(0)
        longest = max(longest, time.monotonic() - before)
    return longest
