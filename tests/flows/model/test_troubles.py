"""Each way in which the model's service fails, as the person in Teams meets it."""

import asyncio
from pathlib import Path

import pytest

from cards.text_rendering import CardButton
from tests.bot.agents.model.test_errors import HEALED, ROWS, hurry
from tests.doubles.connector import Sent
from tests.doubles.foundry import TROUBLES, Brain, EveryTurn, Fault, calls, says
from tests.flows.model.stage import BACKENDS, Stage, read, talking, with_backends
from tests.simulated_time import SimulatedTimeLoop

WORDS = "A row without a key came from the source."
WHY = "why did CustomerDataETL fail"
VAGUE = "any vibes from orders"
CUT = "These words are not whole: the answer of the language model was too long and was cut."
EXPLAINED = ["Explanation", "AI generated: check before you act", WORDS]


def lines(sent: Sent) -> list[str]:
    return read(sent).text.splitlines()


def buttons(sent: Sent) -> list[CardButton]:
    """All but the one that shows the trace, which there is a new one of."""
    return [one for one in read(sent).buttons if one.verb != "trace"]


def orders() -> Brain:
    return EveryTurn(
        [calls("adf_pipeline_runs", pipeline="ProcessOrders", latest_only=True)], [says(WORDS)]
    )


async def added(stage: Stage, text: str = WHY) -> list[str]:
    """Ask, and wait for the edit: the lines it adds below the card, which must stand as it was."""
    before = len(stage.product.connector.edits)
    card = await stage.ask(text)
    edit = (await stage.edits(before + 1))[-1]
    number = stage.product.connector.sent.index(card) + 1
    assert edit.activity_id == f"message-{number}"
    stood, now = lines(card), lines(edit)
    assert now[: len(stood)] == stood
    assert buttons(edit) == buttons(card)
    return now[len(stood) :]


@pytest.mark.parametrize(("trouble", "backend"), with_backends(ROWS))
async def test_the_card_stands_and_one_line_says_what_is_the_matter(
    trouble: str, backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(trouble, monkeypatch)
    _, part, tries = ROWS[trouble]
    async with talking(backend, EveryTurn([says(WORDS)]), tmp_path) as stage:
        stage.model.faults.add(*[TROUBLES[trouble]] * tries)
        (line,) = await added(stage)
        assert line.startswith("No explanation right now: ")
        assert part in line
        assert stage.model.faults.left == []
        assert await added(stage) == EXPLAINED


@pytest.mark.parametrize(("trouble", "backend"), with_backends(sorted(HEALED)))
async def test_what_heals_is_not_noticed(trouble: str, backend: str, tmp_path: Path) -> None:
    async with talking(backend, EveryTurn([says(WORDS)]), tmp_path) as stage:
        assert await added(stage) == EXPLAINED
        stage.model.faults.add(TROUBLES[trouble])
        assert await added(stage) == EXPLAINED
        assert stage.model.faults.left == []
        assert await added(stage) == EXPLAINED


@pytest.mark.parametrize("backend", BACKENDS)
async def test_words_that_were_cut_stand_beside_a_line_that_says_so(
    backend: str, tmp_path: Path
) -> None:
    async with talking(backend, EveryTurn([says(WORDS)]), tmp_path) as stage:
        stage.model.faults.add(TROUBLES["answer_too_long"])
        told = await added(stage)
        assert told[: len(EXPLAINED)] == EXPLAINED
        assert told[len(EXPLAINED) :] == [CUT]


@pytest.mark.parametrize("brain", [EveryTurn([says(WORDS)]), orders()])
async def test_an_answer_that_was_cut_stands_beside_a_line_that_says_so(
    brain: Brain, tmp_path: Path
) -> None:
    async with talking("foundry", brain, tmp_path) as stage:
        stage.model.faults.add(*[TROUBLES["answer_too_long"]] * 2)
        sent = await stage.ask(VAGUE)
        assert WORDS in said(sent)
        assert said(sent).count(CUT) == 1
        assert "AIGeneratedContent" in str(sent.activity["entities"])


@pytest.mark.parametrize("backend", BACKENDS)
async def test_words_are_shown_though_nobody_says_what_they_cost(
    backend: str, tmp_path: Path
) -> None:
    async with talking(backend, EveryTurn([says(WORDS)]), tmp_path) as stage:
        stage.model.faults.add(TROUBLES["no_usage"])
        assert await added(stage) == EXPLAINED


@pytest.mark.parametrize(("trouble", "backend"), with_backends(ROWS))
async def test_where_rules_are_not_sure_they_answer_with_a_line_on_the_model(
    trouble: str, backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, alone: str
) -> None:
    hurry(trouble, monkeypatch)
    _, part, tries = ROWS[trouble]
    async with talking(backend, EveryTurn([says(WORDS)]), tmp_path) as stage:
        stage.model.faults.add(*[TROUBLES[trouble]] * tries)
        answer = said(await stage.ask(VAGUE))
        assert "No words of the language model right now: " in answer
        assert part in answer
        assert alone in answer
        assert WORDS in said(await stage.ask(VAGUE))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the rules say by themselves."""

    async def asked() -> str:
        async with talking("offline", orders(), tmp_path_factory.mktemp("alone")) as stage:
            return said(await stage.ask(VAGUE))

    with asyncio.Runner(loop_factory=SimulatedTimeLoop) as runner:
        return runner.run(asked())


async def test_what_the_model_looked_up_before_it_failed_is_shown(tmp_path: Path) -> None:
    async with talking("foundry", orders(), tmp_path) as stage:
        stage.model.faults.add(Fault(at=99), TROUBLES["no_rights"])
        sent = await stage.ask(VAGUE)
        assert "ProcessOrders" in said(sent)
        assert said(sent).count("No words of the language model right now: ") == 1


def said(sent: Sent) -> str:
    return read(sent).text if sent.card else str(sent.activity.get("text", ""))
