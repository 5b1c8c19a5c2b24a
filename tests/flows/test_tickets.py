"""A ticket through the whole product: asked for, opened by a press, shown on the incident."""

from datetime import timedelta
from typing import Any

from cards.text_rendering import read_card
from tests.doubles.connector import Sent
from tests.doubles.tickets.servicenow import PASSWORD, USER, ServiceNowDouble
from tests.flows.conftest import BERLIN, NOW, Clock, Run, client_of, read
from tests.harness import Product


def is_alert(sent: Sent) -> bool:
    return sent.method == "POST" and "PL_Master_Nightly failed" in str(sent.card)


async def press(product: Product, name: str, on: Sent, verb: str) -> Any:  # noqa: ANN401 - JSON
    button = next(one for one in read(on).buttons if one.verb == verb)
    message = f"message-{product.connector.sent.index(on) + 1}"
    click = client_of(product, name).click(
        verb, dict(button.data or {}), thread="0", on_message=message
    )
    return (await product.press(click))["value"]


async def test_it_is_opened_by_an_operator_once_and_stands_on_the_alert(
    run: Run, clock: Clock
) -> None:
    clock.now = NOW - timedelta(minutes=25)
    async with ServiceNowDouble().running() as system:
        settings = {
            "ADFOPS_POLL_SECONDS": 1,
            "ADFOPS_TICKETS": "servicenow",
            "ADFOPS_TICKETS_URL": system.url,
            "ADFOPS_TICKETS_USER": USER,
            "ADFOPS_TICKETS_SECRET": PASSWORD,
        }
        async with run(**settings) as product:
            subscribe = "tell this channel when any pipeline fails"
            await product.ask(client_of(product).in_channel(subscribe, thread="0"))
            clock.now = NOW - timedelta(minutes=15)
            (alert, *_) = await product.connector.wait_for(1, is_alert)
            button = next(one for one in read(alert).buttons if "ticket" in str(one.data))
            asking = client_of(product).click("ask", dict(button.data or {}), thread="0")
            proposal = await product.ask(asking)
            assert system.calls == []
            denied = await press(product, "Tom", proposal, "open_ticket")
            assert "role operator" in read_card(denied, BERLIN).text
            assert system.calls == []
            shown = await press(product, "Maya", proposal, "open_ticket")
            assert "INC0010001" in read_card(shown, BERLIN).text
            await press(product, "Lee", proposal, "open_ticket")
            assert len(system.tickets) == 1

            def has_number(sent: Sent) -> bool:
                is_alert_again = "PL_Master_Nightly failed" in str(sent.card)
                return sent.method == "PUT" and is_alert_again and "INC0010001" in str(sent.card)

            (edited, *_) = await product.connector.wait_for(1, has_number)
            assert "INC0010001 in ServiceNow" in read(edited).text
