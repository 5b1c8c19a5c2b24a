"""A write-up stands at once from the facts; a model's summary comes below it, marked as such."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.doubles.connector import Sent
from tests.flows.conftest import NOW, Clock, Run, client_of, read
from tests.flows.model.stage import BACKENDS, talking
from tests.flows.model.stage import Clock as StageClock
from tests.flows.model.test_alert_words import Answering, alert_of

WORDS = "The child run found no file; ask who delivers it, then run again."


def is_write_up(sent: Sent, method: str) -> bool:
    return sent.method == method and "Write-up:" in str(sent.card)


async def test_without_a_model_the_facts_stand_alone(run: Run, clock: Clock) -> None:
    clock.now = NOW - timedelta(minutes=25)
    async with run(ADFOPS_POLL_SECONDS=1) as product:
        subscribe = "tell this channel when any pipeline fails"
        await product.ask(client_of(product).in_channel(subscribe, thread="0"))
        clock.now = NOW - timedelta(minutes=15)
        await product.connector.wait_for(1, lambda one: "PL_Master_Nightly failed" in str(one.card))
        answer = await product.ask(client_of(product).in_channel("write up INC-1", thread="0"))
        text = read(answer).text
        assert "Write-up:" in text
        assert "Timeline" in text
        assert "Nobody acknowledged it." in text
        assert "AI generated" not in text


@pytest.mark.parametrize("backend", BACKENDS)
async def test_with_a_model_its_summary_follows_by_an_edit(backend: str, tmp_path: Path) -> None:
    clock = StageClock(now=NOW - timedelta(minutes=25))
    async with talking(
        backend, Answering(lambda _: WORDS), tmp_path, clock=clock, ADFOPS_POLL_SECONDS=1
    ) as stage:
        await alert_of(stage, clock)
        await stage.ask("write up INC-1")
        (card, *_) = await stage.product.connector.wait_for(1, lambda one: is_write_up(one, "POST"))
        assert WORDS not in str(card.card)
        (edit, *_) = await stage.product.connector.wait_for(1, lambda one: is_write_up(one, "PUT"))
        assert WORDS in str(edit.card)
        assert "AI generated" in str(edit.card)
        assert edit.activity["entities"][0]["additionalType"] == ["AIGeneratedContent"]
