"""A talk with the model that got stuck goes on with the next question, also after a restart."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from bot.agents.model.prompt import read_instructions
from bot.turns import model_fallback
from tests.doubles.connector import running_connector
from tests.doubles.foundry import (
    EveryTurn,
    Fault,
    FoundryDouble,
    Slow,
    calls,
    running_foundry,
    says,
)
from tests.flows.model.stage import BACKENDS, Stage, read, talking, text_of

WORDS = "A row without a key came from the source."
WHY = "why did CustomerDataETL fail"
VAGUE = "any vibes from orders"
LOOK = [calls("adf_pipeline_runs", pipeline="ProcessOrders", latest_only=True)]
FINE = EveryTurn([says(WORDS)])
backends = pytest.mark.parametrize("backend", BACKENDS)


async def explained(stage: Stage, text: str = WHY) -> bool:
    """Ask, and wait for the edit: whether it has words."""
    before = len(stage.product.connector.edits)
    await stage.ask(text)
    return WORDS in read((await stage.edits(before + 1))[-1]).text


def conversations(double: FoundryDouble) -> list[str]:
    """The conversations that turns were taken in, each once, in order."""
    return list(dict.fromkeys(str(one["conversation"]) for one in double.turns))


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("fault", ["cut", "cut_hard"])
@backends
async def test_an_answer_that_broke_off_after_a_call_poisons_nothing(
    backend: str, fault: str, keeps: bool, tmp_path: Path
) -> None:
    async with talking(backend, EveryTurn(LOOK, [says(WORDS)]), tmp_path) as stage:
        assert WORDS in read(await stage.ask(VAGUE)).text
        cut, hard = fault == "cut", fault == "cut_hard"
        last = len(stage.model.streams[0]) - 1
        stage.model.faults.add(Fault(at=last, keeps=keeps, cut=cut, cut_hard=hard))
        assert "No words of the language model right now" in text_of(await stage.ask(VAGUE))
        await stage.model.settled()
        assert WORDS in read(await stage.ask(VAGUE)).text


@backends
async def test_a_talk_that_is_in_use_elsewhere_is_waited_for(backend: str, tmp_path: Path) -> None:
    async with talking(backend, FINE, tmp_path) as stage:
        assert await explained(stage)
        talk = next(iter(stage.model.talks.conversations.values()), None)
        if talk is not None:
            talk.busy = True
            asyncio.get_running_loop().call_later(2, setattr, talk, "busy", False)
        assert await explained(stage)
        assert await explained(stage)


async def test_a_talk_that_was_deleted_at_the_service_is_begun_anew(tmp_path: Path) -> None:
    async with talking("foundry", FINE, tmp_path) as stage:
        assert await explained(stage)
        stage.model.talks.conversations.clear()
        assert await explained(stage)
        assert len(conversations(stage.model)) == 2


async def test_questions_of_one_talk_stay_in_one_conversation(tmp_path: Path) -> None:
    async with talking("foundry", FINE, tmp_path) as stage:
        assert await explained(stage)
        await stage.ask("status of ProcessOrders")
        assert await explained(stage, "why did PaymentsRecon fail")
        assert WORDS in read(await stage.ask(VAGUE)).text
        assert len(conversations(stage.model)) == 1


@backends
async def test_a_card_that_is_explained_and_a_question_at_once_are_one_talk(
    backend: str, tmp_path: Path
) -> None:
    async with talking(backend, Slow(FINE, 5), tmp_path) as stage:
        await stage.ask(WHY)
        assert WORDS in read(await stage.ask(VAGUE)).text
        await stage.edits()
        assert WORDS in read(await stage.ask(VAGUE)).text
        assert await explained(stage)
        first, *others = stage.model.turns
        if backend == "foundry":
            assert len(conversations(stage.model)) == 1
        else:
            told = [one["previous_response_id"] for one in others]
            assert len(set(told)) == len(told) == 3
            assert "previous_response_id" not in first


async def test_who_asks_while_a_card_is_explained_for_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_fallback, "WAIT_SECONDS", 10)
    async with talking("foundry", Slow(FINE, 40), tmp_path) as stage:
        await stage.ask(WHY)
        assert "still works on your question before" in text_of(await stage.ask(VAGUE))
        (edit,) = await stage.edits()
        assert WORDS in read(edit).text


async def test_a_talk_begun_anew_is_another_conversation(tmp_path: Path) -> None:
    async with talking("foundry", FINE, tmp_path) as stage:
        assert await explained(stage)
        await stage.ask("forget this conversation")
        assert await explained(stage)
        assert len(conversations(stage.model)) == 2


@pytest.mark.parametrize("text", [VAGUE, WHY])
async def test_a_talk_in_which_a_model_was_steered_is_not_gone_on_with(
    text: str, tmp_path: Path
) -> None:
    async with talking("foundry", FINE, tmp_path) as stage:
        assert await explained(stage)
        stage.model.brain = EveryTurn([says(read_instructions())])
        before = len(stage.product.connector.edits)
        sent = await stage.ask(text)
        last = (await stage.edits(before + 1))[-1] if text == WHY else sent
        assert "some text tried to steer it" in text_of(last)
        stage.model.brain = FINE
        assert WORDS in read(await stage.ask(VAGUE)).text
        assert len(conversations(stage.model)) == 2


@backends
async def test_words_that_a_restart_cut_off_come_after_it(backend: str, tmp_path: Path) -> None:
    """The bot ends while the model thinks; the next one edits the same card, and goes on."""
    store = f"sqlite:///{tmp_path / 'store.db'}"
    async with running_foundry(Slow(FINE, 60)) as double, running_connector() as connector:
        bot = partial(
            talking,
            backend,
            FINE,
            tmp_path,
            double=double,
            connector=connector,
            ADFOPS_STORE=store,
        )
        async with bot() as stage:
            await stage.ask(WHY)
            await until_asked(double, 1)
        assert connector.edits == []
        double.brain = FINE
        async with bot() as stage:
            (edit,) = await stage.edits()
            assert edit.activity_id == connector.id_of(connector.messages[0])
            assert WORDS in read(edit).text
            assert len(connector.messages) == 1
            assert await explained(stage)


@backends
async def test_a_lookup_that_a_restart_cut_off_leaves_the_talk_working(
    backend: str, tmp_path: Path
) -> None:
    """The bot ends in the middle of a tool call, which the service waits for ever after."""
    store = f"sqlite:///{tmp_path / 'store.db'}"
    reached, hangs = asyncio.Event(), False

    async def slowly(_: web.Request) -> web.StreamResponse | None:
        if hangs:
            reached.set()
            await asyncio.sleep(2)
        return None

    async with running_foundry(FINE) as double, running_connector() as connector:
        bot = partial(
            talking,
            backend,
            FINE,
            tmp_path,
            double=double,
            connector=connector,
            ADFOPS_STORE=store,
        )
        async with bot(before=slowly) as stage:
            assert await explained(stage)
            await stage.ask("status of PaymentsRecon")
            double.brain = EveryTurn([calls("adf_run_stats", pipeline="PaymentsRecon")], [says("")])
            asked = len(double.turns)
            await stage.ask(WHY)
            hangs = True
            await until_asked(double, asked + 1)
            await reached.wait()
        hangs = False
        double.brain = FINE
        before = len(connector.edits)
        async with bot() as stage:
            edit = (await stage.edits(before + 1))[-1]
            assert WORDS in read(edit).text
            assert await explained(stage)


async def until_asked(double: FoundryDouble, count: int) -> None:
    async with asyncio.timeout(120):
        while len(double.turns) < count:  # noqa: ASYNC110 - the double has no event for it
            await asyncio.sleep(0.01)
