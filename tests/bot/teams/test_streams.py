"""The wire of messages that grow: as Teams documents it, held by the rules of the connector."""

from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from bot.messages import Address, Piece, Reply, Scope
from bot.outbox import NotDelivered
from bot.teams import Sender, TeamsIdentity
from cards.card import Card
from tests.bot.teams.conftest import Waits, address, opened_sender
from tests.doubles.connector import ConnectorDouble, Fault


@pytest.fixture
async def sender(waits: Waits) -> AsyncGenerator[Sender]:
    async with opened_sender(TeamsIdentity(local=True), waits) as sender:
        yield sender


@pytest.fixture
def chat(connector: ConnectorDouble) -> Address:
    return replace(address(connector), scope=Scope.PERSONAL, conversation="a:maya")


async def test_a_stream_goes_from_what_is_done_over_words_to_its_end(
    sender: Sender, connector: ConnectorDouble, chat: Address
) -> None:
    first = Piece(address=chat, text="Looking…", sequence=1, informative=True)
    stream = await sender.stream(first)
    assert stream == "message-1"
    more = Piece(address=chat, text="It is ", sequence=2, stream=stream)
    assert await sender.stream(more) == ""
    card = Card(kind="run_card", content={"type": "AdaptiveCard"}, summary="Fine")
    end = Reply(address=chat, text="It is fine.", card=card, generated=True)
    await sender.end_stream(end, stream)
    one, two, last = (sent.activity for sent in connector.sent)
    info = {"type": "streaminfo", "streamType": "informative", "streamSequence": 1}
    assert (one["type"], one["text"], one["entities"]) == ("typing", "Looking…", [info])
    info = {**info, "streamType": "streaming", "streamSequence": 2, "streamId": stream}
    assert (two["type"], two["text"], two["entities"]) == ("typing", "It is ", [info])
    ending, label = last["entities"]
    assert ending == {"type": "streaminfo", "streamType": "final", "streamId": stream}
    assert label["additionalType"] == ["AIGeneratedContent"]
    assert (last["type"], last["text"], last["summary"]) == ("message", "It is fine.", "Fine")
    assert connector.sent[-1].card == {"type": "AdaptiveCard"}
    assert connector.streams.broken == []


async def test_a_piece_is_tried_once_and_an_end_that_was_refused_again(
    sender: Sender, connector: ConnectorDouble, chat: Address
) -> None:
    connector.faults = [Fault(status=429)]
    with pytest.raises(NotDelivered):
        await sender.stream(Piece(address=chat, text="It is ", sequence=1))
    stream = await sender.stream(Piece(address=chat, text="It is ", sequence=1))
    connector.faults = [Fault(status=429), Fault(status=412)]
    await sender.end_stream(Reply(address=chat, text="It is fine."), stream)
    assert len(connector.messages) == 3


@pytest.mark.parametrize(
    "piece",
    [
        {"text": ""},
        {"text": "It was ", "sequence": 2},
        {"sequence": 3},
        {"stream": "unknown", "sequence": 2},
        {"stream": "", "sequence": 2},
        {"informative": True, "sequence": 2},
    ],
    ids=str,
)
async def test_the_connector_of_the_tests_refuses_what_teams_refuses(
    piece: dict[str, object], sender: Sender, connector: ConnectorDouble, chat: Address
) -> None:
    stream = await sender.stream(Piece(address=chat, text="It is ", sequence=1))
    good = Piece(address=chat, text="It is fine", sequence=2, stream=stream)
    with pytest.raises(NotDelivered):
        await sender.stream(replace(good, **piece))
    assert len(connector.streams.broken) == 1


async def test_a_channel_takes_no_streams_and_an_end_comes_once(
    sender: Sender, connector: ConnectorDouble, chat: Address
) -> None:
    with pytest.raises(NotDelivered):
        await sender.stream(Piece(address=address(connector), text="It is ", sequence=1))
    stream = await sender.stream(Piece(address=chat, text="It is ", sequence=1))
    with pytest.raises(NotDelivered):
        await sender.end_stream(Reply(address=chat, text="Other"), stream)
    await sender.end_stream(Reply(address=chat, text="It is fine."), stream)
    with pytest.raises(NotDelivered):
        await sender.end_stream(Reply(address=chat, text="It is fine."), stream)
