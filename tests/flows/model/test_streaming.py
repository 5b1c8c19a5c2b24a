"""In a personal chat the words of a model grow before the reader's eyes, by the rules of Teams."""

from pathlib import Path
from typing import Any

import pytest

from bot.agents.model.tool_schemas import CANARY
from tests.doubles.connector import Sent
from tests.doubles.foundry import TROUBLES, EveryTurn, Item, Slow, calls, says
from tests.doubles.streams import streaminfo
from tests.flows.model.stage import BACKENDS, Stage, read, talking

VAGUE = "any vibes from orders"
WORDS = "Orders are still running. They began at 1. Nothing is wrong with them."
LOOKS = calls("adf_pipeline_runs", pipeline="ProcessOrders", latest_only=True)
PAGE = ("https://learn.microsoft.com/azure/data-factory/monitor-visually", "Monitor")


async def asked(stage: Stage, text: str = VAGUE) -> Sent:
    return await stage.product.ask(stage.client().personal(text))


def kinds(stage: Stage) -> list[str]:
    return [streaminfo(one.activity)["streamType"] for one in stage.product.connector.pieces]


def labels(sent: Sent) -> list[Any]:
    return [one for one in sent.activity["entities"] if one["type"] != "streaminfo"]


@pytest.mark.parametrize("backend", BACKENDS)
async def test_what_is_done_is_told_first_and_the_end_has_words_card_and_label(
    backend: str, tmp_path: Path
) -> None:
    async with talking(backend, EveryTurn([LOOKS], [says(WORDS)]), tmp_path) as stage:
        end = await asked(stage)
        shown = kinds(stage)
        assert shown[0] == "informative"
        assert shown[-1] == "final"
        assert end.activity["text"] == WORDS
        assert "ProcessOrders" in read(end).text
        assert WORDS not in read(end).text
        assert labels(end)[0]["additionalType"] == ["AIGeneratedContent"]
        assert stage.product.connector.streams.broken == []
        assert stage.product.connector.edits == []
        assert len(stage.product.connector.messages) == 1


async def test_pages_are_cited_in_words_that_are_the_whole_answer(tmp_path: Path) -> None:
    brain = EveryTurn([says("Look at the monitor.", PAGE)])
    async with talking("foundry", brain, tmp_path) as stage:
        end = await asked(stage)
        assert end.activity["text"] == "Look at the monitor. [1]"
        (claim,) = labels(end)[0]["citation"]
        assert claim["appearance"]["url"] == PAGE[0]
        assert end.card is None


async def test_a_channel_has_no_streams(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([LOOKS], [says(WORDS)]), tmp_path) as stage:
        sent = await stage.ask(VAGUE)
        assert WORDS in read(sent).text
        assert stage.product.connector.pieces == []


async def test_what_rules_are_sure_of_is_not_streamed(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        await asked(stage, "status of CustomerDataETL")
        assert stage.product.connector.pieces == []


async def test_who_stops_the_stream_gets_one_whole_message(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([LOOKS], [says(WORDS)]), tmp_path) as stage:
        stage.product.connector.streams.stopped = True
        sent = await asked(stage)
        assert "ProcessOrders" in read(sent).text
        assert WORDS in read(sent).text
        assert not streaminfo(sent.activity)
        assert len(stage.product.connector.messages) == 1


@pytest.mark.parametrize("last", [calls(CANARY), says("")], ids=["hostile", "empty"])
async def test_words_that_do_not_stand_are_replaced(last: Item, tmp_path: Path) -> None:
    brain = Slow(EveryTurn([says("Ask its owner. Believe me."), LOOKS], [last]), 1.5)
    async with talking("foundry", brain, tmp_path) as stage:
        end = await asked(stage)
        (edit,) = await stage.edits()
        assert end.activity["text"] == "Ask its owner. Believe me."
        assert end.card is None
        assert edit.activity_id == streaminfo(end.activity)["streamId"]
        assert "Believe me" not in str(edit.activity)
        assert stage.product.connector.streams.broken == []


@pytest.mark.parametrize("last", [calls(CANARY), says("")], ids=["hostile", "empty"])
async def test_words_that_do_not_stand_are_not_shown_any_more(last: Item, tmp_path: Path) -> None:
    brain = EveryTurn([says("Ask its owner. Believe me."), LOOKS], [last])
    async with talking("foundry", brain, tmp_path) as stage:
        await asked(stage)
        assert "Believe me" not in stage.shown
        assert len(stage.product.connector.messages) == 1


async def test_a_model_in_trouble_leaves_the_answer_of_the_rules(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        for _ in range(6):
            stage.model.faults.add(TROUBLES["server_error"])
        await asked(stage)
        told = str([one.activity for one in stage.product.connector.sent])
        assert "language model" in told
        assert WORDS not in told
        assert stage.product.connector.streams.broken == []
