"""A card that is not explained by itself is explained on a press, by an edit of that message."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.turns.card_actions import ELSEWHERE
from bot.turns.explain_action import ASKED, GONE
from tests.doubles.connector import Sent
from tests.doubles.foundry import EveryTurn, Slow, says
from tests.evals.world import GUEST
from tests.flows.model.stage import BACKENDS, Clock, Stage, is_edit, read, talking

WORDS = "Orders wait for the warehouse."
STATUS = "status of ProcessOrders"


def verbs(sent: Sent) -> list[str | None]:
    return [one.verb for one in read(sent).buttons]


def facts(sent: Sent) -> str:
    """A card without its buttons and without the words of a model."""
    assert sent.card is not None
    body = [one for one in sent.card["body"] if "Explanation" not in str(one)]
    return str(body)


def turns_of(stage: Stage) -> int:
    """How often a model was asked."""
    return len([one for one in stage.model.asked if "responses" in one.path])


async def press(stage: Stage, name: str, card: Sent, on_message: str = "") -> Mapping[str, Any]:
    button = next(one for one in read(card).buttons if one.verb == "explain")
    on_message = on_message or stage.product.connector.id_of(card)
    return await clicked(stage, name, button.data or {}, on_message)


async def clicked(
    stage: Stage, name: str, data: Mapping[str, Any], on_message: str, verb: str = "explain"
) -> Mapping[str, Any]:
    click = stage.client(name).click(verb, data, on_message=on_message, thread="1700000000000")
    return await posted(stage, click)


async def posted(stage: Stage, click: Mapping[str, Any]) -> Mapping[str, Any]:
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
        assert edit.activity_id == stage.product.connector.id_of(card)
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


@pytest.mark.parametrize("data", [{"offer": "an-invented-id"}, {"offer": ["x"]}])
async def test_a_button_with_another_id_edits_nothing(
    data: Mapping[str, object], tmp_path: Path
) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask(STATUS)
        before = len(stage.product.connector.sent)
        assert "explain" in verbs(card)
        answer = await clicked(stage, "Lee", data, "message-1")
        assert answer["type"] == "application/vnd.microsoft.activity.message"
        assert answer["value"] == GONE
        assert len(stage.product.connector.sent) == before
        assert turns_of(stage) == 0


async def test_a_button_of_an_old_card_that_carries_its_question_gets_a_clear_answer(
    tmp_path: Path,
) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        await stage.ask("status of PaymentsRecon")
        answer = await clicked(stage, "Maya", {"question": STATUS}, "message-1")
        assert answer["value"] == GONE
        assert not [one for one in stage.product.connector.sent if is_edit(one)]
        assert turns_of(stage) == 0


async def test_a_card_that_is_too_old_gets_a_clear_answer(tmp_path: Path) -> None:
    clock = Clock()
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path, clock=clock) as stage:
        card = await stage.ask(STATUS)
        clock.now += timedelta(hours=1, seconds=1)
        answer = await press(stage, "Maya", card)
        assert answer["value"] == GONE
        assert turns_of(stage) == 0


async def test_the_words_go_to_the_card_of_the_button_whatever_message_the_press_names(
    tmp_path: Path,
) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask(STATUS)
        other = await stage.ask("status of PaymentsRecon")
        await press(stage, "Lee", card, on_message=stage.product.connector.id_of(other))
        (edit,) = await stage.edits()
        assert edit.activity_id == stage.product.connector.id_of(card)
        assert facts(edit) == facts(card)


@pytest.mark.parametrize("who", ["Maya", "Lee"])
@pytest.mark.parametrize(
    ("first", "follow", "then"),
    [
        ("status of CustomerDataETL", "and yesterday?", "status of PaymentsRecon"),
        ("trend of CustomerDataETL", "and over the last 7 days?", "trend of PaymentsRecon"),
        (
            "list the runs of CustomerDataETL of the last 3 days",
            "and yesterday?",
            "status of PL_Master_Nightly",
        ),
    ],
)
async def test_a_follow_up_is_explained_with_its_own_facts_whatever_was_asked_since(
    who: str, first: str, follow: str, then: str, tmp_path: Path
) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        await stage.ask(first)
        card = await stage.ask(follow)
        await stage.ask(then, who)
        answer = await press(stage, who, card)
        assert answer["value"] == ASKED
        (edit,) = await stage.edits()
        assert edit.activity_id == stage.product.connector.id_of(card)
        assert facts(edit) == facts(card)
        assert WORDS in read(edit).text


async def test_a_press_does_not_wait_for_a_slow_model_and_its_words_come(tmp_path: Path) -> None:
    brain = Slow(EveryTurn([says(WORDS)]), 30)
    async with talking("foundry", brain, tmp_path) as stage:
        await stage.ask("status of CustomerDataETL")
        card = await stage.ask("and yesterday?")
        answer = await press(stage, "Lee", card)
        assert answer["value"] == ASKED
        assert not [one for one in stage.product.connector.sent if is_edit(one)]
        (edit,) = await stage.edits()
        assert WORDS in read(edit).text
        assert turns_of(stage) == 1


async def test_a_press_leaves_what_the_talk_is_about(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask("status of CustomerDataETL")
        await stage.ask("status of PaymentsRecon")
        await press(stage, "Maya", card)
        await stage.edits()
        assert "PaymentsRecon" in read(await stage.ask("and yesterday?")).text


async def test_somebody_who_may_not_see_it_is_refused_and_no_model_is_asked(
    tmp_path: Path,
) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask(STATUS)
        stage.product.connector.members["29:gina"] = GUEST
        answer = await press(stage, "Gina", card)
        assert "language model" not in str(answer["value"])
        assert not [one for one in stage.product.connector.sent if is_edit(one)]


async def test_a_colleague_without_a_role_in_the_factory_of_the_card_is_refused(
    tmp_path: Path,
) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask("status of CustomerDataETL in adf-uat")
        answer = await press(stage, "Lee", card)
        assert "no role in adf-uat" in str(answer["value"])
        assert turns_of(stage) == 0


async def test_a_button_taken_to_another_room_edits_nothing(tmp_path: Path) -> None:
    async with talking("foundry", EveryTurn([says(WORDS)]), tmp_path) as stage:
        card = await stage.ask(STATUS)
        button = next(one for one in read(card).buttons if one.verb == "explain")
        click = stage.client().click("explain", button.data or {})
        assert (await posted(stage, click))["value"] == ELSEWHERE
        assert turns_of(stage) == 0
