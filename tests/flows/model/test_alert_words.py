"""An alert stands at once; the model's words come to it by an edit, and take nothing away."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.doubles.connector import Sent
from tests.doubles.foundry import Answering
from tests.doubles.foundry.heard import Heard
from tests.flows.conftest import NOW
from tests.flows.model.stage import BACKENDS, Clock, Stage, read, talking

WORDS = "The child run found no file; ask who delivers it, then run again."


class Thinking:
    """A model that has words once it is let."""

    def __init__(self) -> None:
        self.let = asyncio.Event()
        self.heard: list[Heard] = []

    async def __call__(self, heard: Heard) -> str:
        self.heard.append(heard)
        await self.let.wait()
        return WORDS


def is_alert(sent: Sent) -> bool:
    return sent.method == "POST" and "PL_Master_Nightly failed" in str(sent.card)


def has_words(sent: Sent) -> bool:
    words = str(sent.card) if sent.method == "PUT" else ""
    return WORDS in words and "PL_Master_Nightly failed" in words


async def alert_of(stage: Stage, clock: Clock) -> Sent:
    """The alert that the channel gets once PL_Master_Nightly broke."""
    await stage.ask("tell this channel when any pipeline fails")
    clock.now = NOW - timedelta(minutes=15)
    return (await stage.product.connector.wait_for(1, is_alert))[0]


async def acknowledge(stage: Stage, alert: Sent) -> Mapping[str, Any]:
    button = next(one for one in read(alert).buttons if one.verb == "ack")
    click = stage.client("Lee").click("ack", button.data or {}, thread="0")
    async with (
        aiohttp.ClientSession() as session,
        session.post(stage.product.endpoint, json=click) as response,
    ):
        return await response.json()


@pytest.mark.parametrize("backend", BACKENDS)
async def test_an_acknowledgement_pressed_before_the_words_come_stays_on_the_card(
    backend: str, tmp_path: Path
) -> None:
    clock, model = Clock(now=NOW - timedelta(minutes=25)), Thinking()
    async with talking(
        backend, Answering(model), tmp_path, clock=clock, ADFOPS_POLL_SECONDS=1
    ) as stage:
        alert = await alert_of(stage, clock)
        assert WORDS not in str(alert.card)
        assert "Acknowledged" in str(await acknowledge(stage, alert))
        model.let.set()
        (edit,) = await stage.product.connector.wait_for(1, has_words)
        text = read(edit).text
        assert "Acknowledged by Lee" in text
        assert "AI generated" in text
        assert "AIGeneratedContent" in str(edit.activity["entities"])
        assert "PL_Master_Nightly failed" in text
        runs = [one.text for one in model.heard]
        assert len(runs) == len(set(runs))
        assert all("why did run" in one for one in runs)


async def test_with_prose_off_an_alert_stands_alone(tmp_path: Path) -> None:
    clock = Clock(now=NOW - timedelta(minutes=25))
    brain = Answering(lambda _: WORDS)
    async with talking(
        "foundry", brain, tmp_path, clock=clock, ADFOPS_POLL_SECONDS=1, ADFOPS_PROSE="off"
    ) as stage:
        assert WORDS not in str((await alert_of(stage, clock)).card)
        assert stage.model.asked == []
