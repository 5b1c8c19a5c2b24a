"""The live board through the whole product: asked for, edited as runs fail, taken down."""

from datetime import timedelta

from tests.doubles.connector import Sent
from tests.flows.conftest import NOW, Clock, Run, client_of, read


def shows(sent: Sent, method: str, *words: str) -> bool:
    text = str(sent.card)
    return sent.method == method and "Live board" in text and all(one in text for one in words)


async def test_it_is_one_message_from_the_wish_to_its_last_words(run: Run, clock: Clock) -> None:
    clock.now = NOW - timedelta(minutes=25)
    async with run(ADFOPS_POLL_SECONDS=1) as product:
        connector = product.connector
        subscribe = "tell this channel when any pipeline fails"
        await product.ask(client_of(product).in_channel(subscribe, thread="0"))
        answer = await product.ask(
            client_of(product).in_channel("keep a live board here", thread="0")
        )
        assert "live board of adf-prod" in read(answer).text
        (board, *_) = await connector.wait_for(
            1, lambda one: shows(one, "POST", "updates every minute")
        )
        message = f"message-{connector.sent.index(board) + 1}"
        clock.now = NOW - timedelta(minutes=15)
        (edit, *_) = await connector.wait_for(
            1, lambda one: shows(one, "PUT", "PL_Master_Nightly", "Not acknowledged")
        )
        assert edit.activity_id == message
        assert (
            len([one for one in connector.sent if shows(one, "POST", "updates every minute")]) == 1
        )
        await product.ask(client_of(product).in_channel("take down the board", thread="0"))
        (last, *_) = await connector.wait_for(1, lambda one: shows(one, "PUT", "Stopped at"))
        assert last.activity_id == message
