"""The recipe "Add a button" followed on the card of an incident: who has it."""

from tests.architecture.recipes import Recipe

_HANDLER = '''    async def show_owner(self, click: CardClick) -> PressResult:
        """Say who has the incident, to a person who may acknowledge it."""
        incident = await self._find(str(click.data.get("incident", "")))
        if incident is None:
            return PressResult(words=UNKNOWN)
        denied = await self._denied(click, incident.factory, f"see who has {incident.incident_id}")
        if denied is not None:
            return PressResult(words=in_one_line(denied))
        event = incident.acknowledged
        text = f"{event.name} has it." if event else "Nobody has it yet."
        return PressResult(card=await self._render(incident, click.address, text))

    async def _change('''
_PROOF = '''"""The new button, pressed on the alert that the channel got."""

import json
from datetime import timedelta
from typing import Any

import aiohttp

from tests.doubles.connector import Sent
from tests.flows.conftest import BERLIN, NOW, Clock, Run, client_of, read
from tests.harness import Product
from cards.text_rendering import read_card


async def press(product: Product, name: str, alert: Sent, verb: str) -> dict[str, Any]:
    button = next(one for one in read(alert).buttons if one.verb == verb)
    click = client_of(product, name).click(verb, dict(button.data or {}), thread="0")
    async with (
        aiohttp.ClientSession() as session,
        session.post(product.endpoint, json=click) as response,
    ):
        assert response.status == 200
        return await response.json()


def is_alert(sent: Sent) -> bool:
    return sent.method == "POST" and "PL_Master_Nightly failed" in str(sent.card)


async def test_the_new_button_does_its_work_for_those_who_may(run: Run, clock: Clock) -> None:
    clock.now = NOW - timedelta(minutes=25)
    async with run(ADFOPS_POLL_SECONDS=1) as product:
        subscribe = "tell this channel when any pipeline fails"
        await product.ask(client_of(product).in_channel(subscribe))
        clock.now = NOW - timedelta(minutes=15)
        (alert, *_) = await product.connector.wait_for(1, is_alert)
        nobody = await press(product, "Lee", alert, "owner")
        assert "Nobody has it yet." in read_card(nobody["value"], BERLIN).text
        await press(product, "Lee", alert, "ack")
        answer = await press(product, "Maya", alert, "owner")
        assert "Lee has it." in read_card(answer["value"], BERLIN).text
        denied = await press(product, "Tom", alert, "owner")
        assert "operator" in json.dumps(denied["value"])
        assert "Lee" not in json.dumps(denied["value"])
'''
BUTTON = Recipe(
    title="Add a button",
    changed={
        "bot/alerts/incident_actions.py": (
            (
                '"resolve": self.resolve}',
                '"resolve": self.resolve, "owner": self.show_owner}',
            ),
            ("    async def _change(", _HANDLER),
        ),
        "cards/kinds/incident_card.py": (
            (
                "in incident.offers else []),\n    ]\n",
                'in incident.offers else []),\n        press.act("Owner", "owner", data),\n    ]\n',
            ),
        ),
    },
    proof=("tests/flows/test_new_button.py", _PROOF),
)
