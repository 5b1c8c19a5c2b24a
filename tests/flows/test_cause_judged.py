"""“Was the cause right?” is asked once; the answer is kept, audited, exported and erasable."""

import json
from collections.abc import AsyncGenerator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import app
from bot.access.audit import exported
from bot.state.erasure import erase_from
from cards.text_rendering import CardButton, CardText, read_card
from tests.doubles.connector import Sent
from tests.doubles.teams import object_id
from tests.flows.conftest import BERLIN, NOW, Clock, Run, client_of, read
from tests.harness import Product

CARD = "application/vnd.microsoft.card.adaptive"
WORDS = "application/vnd.microsoft.activity.message"
ASKED = "Was the cause right?"
WHY = "why did CustomerDataETL fail"
THREAD = "1700000000000"


@pytest.fixture
def kept(tmp_path: Path) -> str:
    """A store that can be read when the product is gone."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
async def product(run: Run) -> AsyncGenerator[Product]:
    async with run() as running:
        yield running


def thumb(shown: Sent | CardText, title: str = "👍 Yes") -> CardButton:
    text = read(shown) if isinstance(shown, Sent) else shown
    return next(one for one in text.buttons if one.title == title)


async def judged(
    product: Product,
    button: CardButton,
    *,
    name: str = "Maya",
    on: str = "message-1",
    **data: object,
) -> Mapping[str, Any]:
    """Press a thumb in the channel; the answer to who pressed."""
    given = {**(button.data or {}), **data}
    click = client_of(product, name).click(
        button.verb or "", given, on_message="message-1", thread=THREAD
    )
    return await product.press(click)


async def export(store: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """What an administrator runs on the store of a bot that is stopped."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ADFOPS_STORE", store)
    await app.read_command(["feedback", "export"])


async def test_a_cause_is_judged_once_and_the_card_shows_it_to_everybody(product: Product) -> None:
    shown = await product.ask(client_of(product).in_channel(WHY, thread=THREAD))
    assert ASKED in read(shown).text
    answer = await judged(product, thumb(shown))
    assert answer["type"] == CARD
    text = read_card(answer["value"], BERLIN).text
    assert "marked as right" in text
    assert ASKED not in text
    assert [one.card for one in product.connector.edits] == [answer["value"]]
    again = await product.ask(client_of(product, "Lee").in_channel(WHY, thread=THREAD))
    assert ASKED not in read(again).text
    assert "marked as right" in read(again).text


async def test_a_recovered_incident_asks_and_an_open_one_does_not(run: Run, clock: Clock) -> None:
    clock.now = NOW - timedelta(minutes=25)
    async with run(ADFOPS_POLL_SECONDS=1) as product:
        maya = client_of(product)
        await product.ask(maya.in_channel("tell this channel when any pipeline fails"))
        clock.now = NOW - timedelta(minutes=15)
        (alert,) = await product.connector.wait_for(1, _is_about_nightly)
        assert ASKED not in read(alert).text
        resolve = {**(thumb(alert, "Acknowledge").data or {})}
        closed = await product.press(maya.click("resolve", resolve, thread="0"))
        card = read_card(closed["value"], BERLIN)
        assert ASKED in card.text
        button = thumb(card, "👎 No")
        answer = await product.press(maya.click("judge", dict(button.data or {}), thread="0"))
        text = read_card(answer["value"], BERLIN).text
        assert "marked as wrong" in text
        assert ASKED not in text


def _is_about_nightly(sent: Sent) -> bool:
    return sent.method == "POST" and "PL_Master_Nightly failed" in str(sent.card)


async def test_who_may_not_read_the_factory_judges_nothing(product: Product) -> None:
    shown = await product.ask(client_of(product).in_channel(WHY, thread=THREAD))
    product.connector.members["29:gus"] = {"userRole": "guest"}
    answer = await judged(product, thumb(shown), name="Gus")
    assert answer["type"] == WORDS
    assert "guest" in answer["value"]
    assert product.connector.edits == []


@pytest.mark.parametrize(
    "changed",
    [
        {"verdict": "great"},
        {"verdict": ["right"]},
        {"run": "../../x"},
        {"run": "99999999-0000-4000-8000-000000000001"},
        {"factory": "other"},
        {"factory": 7},
        {"run": None},
    ],
    ids=str,
)
async def test_a_tampered_thumb_keeps_nothing(product: Product, changed: dict[str, Any]) -> None:
    shown = await product.ask(client_of(product).in_channel(WHY, thread=THREAD))
    answer = await judged(product, thumb(shown), **changed)
    assert answer["type"] == WORDS
    assert product.connector.edits == []
    again = await product.ask(client_of(product).in_channel(WHY, thread=THREAD))
    assert ASKED in read(again).text


async def test_the_verdict_outlives_a_restart_is_exported_without_people_and_erased(
    run: Run,
    kept: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with run(ADFOPS_STORE=kept) as product:
        shown = await product.ask(client_of(product).in_channel(WHY, thread=THREAD))
        await judged(product, thumb(shown))
    async with run(ADFOPS_STORE=kept) as product:
        again = await product.ask(client_of(product).in_channel(WHY, thread=THREAD))
        assert "marked as right" in read(again).text
    await export(kept, monkeypatch, tmp_path)
    (row,) = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert (row["pipeline"], row["verdict"], row["confidence"]) == (
        "CustomerDataETL",
        "right",
        "likely",
    )
    assert len(row["signature"]) == 12
    assert object_id("Maya") not in json.dumps(row)
    erasure = await erase_from(kept, object_id("Maya"))
    assert erasure.anonymized >= 2
    assert (await erase_from(kept, object_id("Maya"))).anonymized == 0
    await export(kept, monkeypatch, tmp_path)
    assert json.loads(capsys.readouterr().out)["verdict"] == "right"


async def test_a_verdict_is_audited(run: Run, kept: str) -> None:
    async with run(ADFOPS_STORE=kept) as product:
        shown = await product.ask(client_of(product).in_channel(WHY, thread=THREAD))
        await judged(product, thumb(shown, "👎 No"))
    rows = [json.loads(one) for one in await exported(kept, Clock())]
    acts = [(one["name"], one["action"], one["why"]) for one in rows if one["kind"] == "judged"]
    assert acts == [("Maya", "judge_cause", "wrong")]
