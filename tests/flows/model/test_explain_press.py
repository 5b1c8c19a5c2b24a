"""A card that is not explained by itself is explained on a press, by an edit of that message."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.doubles.connector import Sent
from tests.doubles.foundry import EveryTurn, says
from tests.evals.world import GUEST
from tests.flows.model.stage import BACKENDS, Stage, is_edit, read, talking

WORDS = "Orders wait for the warehouse; nothing is broken."
STATUS = "status of ProcessOrders"


def verbs(sent: Sent) -> list[str | None]:
    return [one.verb for one in read(sent).buttons]


async def press(
    stage: Stage, name: str, card: Sent, on_message: str = "message-1", **changed: object
) -> Mapping[str, Any]:
    button = next(one for one in read(card).buttons if one.verb == "explain")
    data = {**(button.data or {}), **changed}
    click = stage.client(name).click("explain", data, on_message=on_message, thread="0")
    async with (
        aiohttp.ClientSession() as session,
        session.post(stage.product.endpoint, json=click) as response,
    ):
        assert response.status == 200
        return await response.json()


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_status_is_explained_when_somebody_presses_for_it(
    backend: str, tmp_path: Path
) -> None:
    async with talking(backend, EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask(STATUS)
        answer = await press(stage, "Lee", card)
        assert "language model" in str(answer["value"])
        (edit,) = await stage.edits()
        assert edit.activity_id == "message-1"
        assert WORDS in read(edit).text
        assert "AIGeneratedContent" in str(edit.activity["entities"])
        assert read(card).text.split("\n")[0] in read(edit).text
        assert "explain" not in verbs(edit)


async def test_the_button_is_there_only_where_it_does_something(tmp_path: Path) -> None:
    brain = EveryTurn([says(WORDS)])
    async with talking("foundry", brain, tmp_path) as stage:
        assert "explain" in verbs(await stage.ask(STATUS))
        assert "explain" in verbs(await stage.ask("which pipelines failed in the last 24 hours"))
        assert "explain" not in verbs(await stage.ask("help"))
        assert "explain" not in verbs(await stage.ask("why did CustomerDataETL fail"))
    async with talking("offline", brain, tmp_path) as stage:
        assert "explain" not in verbs(await stage.ask(STATUS))
    async with talking("foundry", brain, tmp_path, ADFOPS_PROSE="off") as stage:
        assert "explain" not in verbs(await stage.ask(STATUS))


async def test_a_question_that_gives_no_such_card_edits_nothing(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask(STATUS)
        before = len(stage.product.connector.sent)
        answer = await press(stage, "Lee", card, question="help")
        assert answer["type"] == "application/vnd.microsoft.activity.message"
        assert answer["value"]
        assert len(stage.product.connector.sent) == before
        assert not [one for one in stage.model.asked if "responses" in one.path]


async def test_somebody_who_may_not_see_it_is_refused_and_no_model_is_asked(
    tmp_path: Path,
) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask(STATUS)
        stage.product.connector.members["29:gina"] = GUEST
        answer = await press(stage, "Gina", card)
        assert "language model" not in str(answer["value"])
        assert not [one for one in stage.product.connector.sent if is_edit(one)]
