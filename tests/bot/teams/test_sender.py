"""Everything goes out through one place that knows what may be repeated and who can be reached."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from bot.messages import Cited, Reply
from bot.outbox import NotDelivered
from bot.teams import AddressGone, NotSent, Sender, TeamsIdentity, TooLarge
from cards.card import Card
from tests.bot.teams.conftest import APP_ID, THREAD, Waits, address, opened_sender
from tests.doubles.connector import ConnectorDouble, Fault
from tests.doubles.teams import TENANT


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


@pytest.mark.parametrize(
    ("fault", "may_have_arrived", "passes"),
    [
        (Fault(status=400), False, False),
        (Fault(status=401), False, True),
        (Fault(status=404), False, False),
        (Fault(status=408), True, True),
        (Fault(status=413), False, False),
        (Fault(status=429, headers={"Retry-After": "999"}), False, True),
        (Fault(status=500), True, True),
        (Fault(status=503), True, True),
        (Fault(drops=True), True, True),
    ],
)
async def test_a_failed_post_tells_whether_it_may_be_there_and_whether_waiting_helps(
    fault: Fault, may_have_arrived: bool, passes: bool, sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [fault]
    with pytest.raises(NotDelivered) as caught:
        await sender.send(Reply(address=address(connector), text="hello"))
    assert (caught.value.may_have_arrived, caught.value.passes) == (may_have_arrived, passes)


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


async def test_a_connection_that_never_came_about_is_tried_again(waits: Waits) -> None:
    nobody = ConnectorDouble()
    nobody.url = "http://127.0.0.1:9/"
    async with opened_sender(TeamsIdentity(local=True), waits) as sender:
        with pytest.raises(NotSent):
            await sender.send(Reply(address=address(nobody), text="hello"))
    assert waits.seconds == [1.0, 2.0, 4.0]


async def test_a_post_that_was_taken_and_not_answered_is_not_repeated(
    sender: Sender, connector: ConnectorDouble, waits: Waits
) -> None:
    connector.faults = [Fault(drops=True)]
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=address(connector), text="hello"))
    assert failed.value.status is None
    assert (len(connector.messages), waits.seconds) == (1, [])


async def test_an_edit_that_was_not_answered_is_repeated(
    sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(drops=True)]
    reply = Reply(address=address(connector), text="new")
    await sender.update(address(connector), "message-7", reply)
    assert connector.edits[-1].activity["text"] == "new"


@pytest.mark.parametrize("asked", ["soon", "nan", "inf", "-5", ""])
async def test_an_odd_wait_is_replaced_by_ours(
    asked: str, sender: Sender, connector: ConnectorDouble, waits: Waits
) -> None:
    connector.faults = [Fault(status=429, headers={"Retry-After": asked})]
    await sender.send(Reply(address=address(connector), text="hello"))
    assert 0 <= waits.seconds[0] <= 1


async def test_a_redirect_is_not_followed(sender: Sender, connector: ConnectorDouble) -> None:
    connector.faults = [Fault(status=307, headers={"Location": f"{connector.url}elsewhere"})]
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=address(connector), text="hello"))
    assert failed.value.status == 307
    assert len(connector.sent) == 1


async def test_ids_travel_encoded(sender: Sender, connector: ConnectorDouble) -> None:
    reply = Reply(address=address(connector), text="new")
    await sender.update(address(connector), "1:a/b?c#d", reply)
    (sent,) = connector.sent
    assert (sent.conversation, sent.activity_id) == (THREAD, "1:a/b?c#d")
    assert ";messageid=" not in sent.path


async def test_what_is_answered_is_named(sender: Sender, connector: ConnectorDouble) -> None:
    await sender.send(Reply(address=address(connector), text="hello", answers="activity-7"))
    assert connector.messages[0].activity["replyToId"] == "activity-7"


async def test_words_are_sent_as_they_are(sender: Sender, connector: ConnectorDouble) -> None:
    await sender.send(Reply(address=address(connector), text="**<at>Maya</at>** & [x](y)"))
    (sent,) = connector.messages
    assert sent.activity["textFormat"] == "plain"
    assert sent.activity["text"] == "**<at>Maya</at>** & [x](y)"


LABEL = {
    "type": "https://schema.org/Message",
    "@type": "Message",
    "@context": "https://schema.org",
    "additionalType": ["AIGeneratedContent"],
}


async def test_words_of_a_model_are_labelled(sender: Sender, connector: ConnectorDouble) -> None:
    reply = Reply(address=address(connector), text="hello", generated=True)
    await sender.send(reply)
    await sender.update(address(connector), "message-1", reply)
    assert [one.activity["entities"] for one in connector.sent] == [[LABEL], [LABEL]]


async def test_words_of_our_own_carry_no_label(sender: Sender, connector: ConnectorDouble) -> None:
    await sender.send(Reply(address=address(connector), text="hello"))
    assert "entities" not in connector.messages[0].activity


async def test_pages_are_cited_in_order_within_what_teams_takes(
    sender: Sender, connector: ConnectorDouble
) -> None:
    pages = (
        Cited(title="t" * 300, url="https://learn.microsoft.com/azure/data-factory/"),
        Cited(title="Elsewhere\nin two lines", url="https://evil.example/x"),
        Cited(title="", url="javascript:alert(1)"),
        *(Cited(title=f"Page {place}", url="") for place in range(30)),
    )
    reply = Reply(address=address(connector), text="hello", generated=True, sources=pages)
    await sender.send(reply)
    (entity,) = connector.messages[0].activity["entities"]
    assert {key: one for key, one in entity.items() if key != "citation"} == LABEL
    claims = entity["citation"]
    assert [one["position"] for one in claims] == list(range(1, 21))
    shown = [one["appearance"] for one in claims]
    assert all(len(one["name"]) <= 80 and len(one["abstract"]) <= 160 for one in shown)
    assert shown[0]["url"] == "https://learn.microsoft.com/azure/data-factory/"
    assert (shown[1]["name"], shown[2]["name"]) == ("Elsewhere in two lines", "Source")
    assert not any("url" in one for one in shown[1:])


async def test_a_card_arrives_as_it_was_drawn(sender: Sender, connector: ConnectorDouble) -> None:
    content: dict[str, Any] = {
        "type": "AdaptiveCard",
        "$schema": "x",
        "body": [{"type": "Chart.Line", "data": [{"x": 1, "y": 2.5, "ok": True, "no": None}]}],
        "msteams": {"width": "Full"},
        "words": "Zählung „läuft“ 👍",
        "empty": {"list": [], "text": "", "zero": 0, "off": False},
    }
    card = Card(kind="run_card", content=content, summary="Fine")
    await sender.send(Reply(address=address(connector), card=card))
    assert connector.messages[0].card == content


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"error": {"code": "BadSyntax", "message": "x"}}, "BadSyntax"),
        (403, {"error": {"code": "Forbidden", "message": 'x "subCode":"Muted"'}}, "Muted"),
        (413, {"error": {"code": "MessageSizeTooBig"}}, "MessageSizeTooBig"),
        (500, {}, ""),
        (500, {"error": "words"}, ""),
        (400, {"errorCode": 209, "message": "words"}, "209"),
        (400, {"error": {"code": "ConversationNotFound"}}, "ConversationNotFound"),
    ],
    ids=str,
)
async def test_other_failures_keep_the_words_of_the_connector(
    status: int, body: dict[str, object], code: str, sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=status, body=body)]
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=address(connector), text="hello"))
    assert (failed.value.status, failed.value.code) == (status, code)
    assert not isinstance(failed.value, AddressGone)


@pytest.mark.parametrize("text", ["", "<html>Bad Gateway</html>", "[]", "null", '"words"'])
async def test_a_failure_that_is_no_json_is_a_failure_without_a_code(
    text: str, sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=502, text=text)]
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=address(connector), text="hello"))
    assert (failed.value.status, failed.value.code) == (502, "")


@pytest.mark.parametrize("text", ["", "<html>", "[]", "{}", '{"id": null}'])
@pytest.mark.parametrize("status", [200, 201, 202])
async def test_what_was_taken_without_telling_an_id_was_taken(
    status: int, text: str, sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=status, text=text)]
    assert await sender.send(Reply(address=address(connector), text="hello")) == ""


async def test_a_bot_that_meets_many_service_urls_keeps_few_clients(
    sender: Sender, connector: ConnectorDouble
) -> None:
    for number in range(40):
        elsewhere = replace(address(connector), service_url=f"{connector.url}{number}/")
        with pytest.raises(NotSent):
            await sender.send(Reply(address=elsewhere, text="hello"))
    assert await sender.send(Reply(address=address(connector), text="hello")) == "message-1"


async def test_a_long_wait_is_told_to_whoever_can_wait(
    sender: Sender, connector: ConnectorDouble
) -> None:
    connector.faults = [Fault(status=429, headers={"Retry-After": "120"})]
    with pytest.raises(NotSent) as failed:
        await sender.send(Reply(address=address(connector), text="hello"))
    assert failed.value.wait == 120


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
