"""Who reaches the model: readers of what they ask about, nobody who only hears, no stranger."""

import asyncio
from pathlib import Path

import pytest

from tests.doubles.foundry import EveryTurn, calls, says
from tests.flows.model.stage import BACKENDS, Stage, is_edit, read, talking

WORDS = "A row without a key came from the source."
WHY = "why did CustomerDataETL fail"
VAGUE = "any vibes from orders"
BRAIN = EveryTurn(
    [calls("adf_pipeline_runs", pipeline="ProcessOrders", latest_only=True)], [says(WORDS)]
)


async def told(stage: Stage, name: str, text: str) -> str:
    sent = await stage.product.ask(stage.client(name).personal(text))
    return read(sent).text if sent.card else str(sent.activity["text"])


def of_uat(stage: Stage) -> list[str]:
    """The queries for runs of the factory that Lee may not see."""
    return [one for one in stage.arm if "/adf-uat/queryPipelineRuns" in one]


async def until_watched(stage: Stage) -> None:
    """Let simulated time pass until the bot's own first look at that factory; the next is far."""
    for _ in range(100):
        if of_uat(stage):
            return
        await asyncio.sleep(0.1)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ["Sam", "Gus", "Mallory"])
async def test_who_only_hears_or_is_a_stranger_never_reaches_the_model(
    name: str, backend: str, tmp_path: Path
) -> None:
    async with talking(backend, BRAIN, tmp_path, ADFOPS_PROSE="always") as stage:
        for text in (WHY, VAGUE, "status of CustomerDataETL", "what do you think of all this"):
            assert WORDS not in await told(stage, name, text)
        assert stage.model.turns == []
        assert stage.product.connector.edits == []


async def test_a_reader_of_one_factory_gets_words_on_that_one(tmp_path: Path) -> None:
    async with talking("foundry", BRAIN, tmp_path) as stage:
        assert "CustomerKey" in await told(stage, "Lee", WHY)
        (edit,) = await stage.product.connector.wait_for(1, is_edit)
        assert WORDS in read(edit).text
        introduced = str(stage.model.turns[0]["input"])
        assert "Factory: adf-prod, when none is named." in introduced
        assert "adf-uat" not in introduced


async def test_a_factory_that_is_not_granted_stays_closed_to_the_model(tmp_path: Path) -> None:
    brain = EveryTurn([calls("adf_pipeline_runs", factory="adf-uat")], [says("Uat is fine.")])
    async with talking("foundry", brain, tmp_path) as stage:
        await until_watched(stage)
        watched = len(of_uat(stage))
        await told(stage, "Lee", VAGUE)
        assert len(of_uat(stage)) == watched
        outputs = str(stage.model.turns[-1]["input"])
        assert "no factory adf-uat can be asked about here" in outputs


async def test_with_prose_off_the_rules_answer_as_if_there_were_no_model(tmp_path: Path) -> None:
    asked = (WHY, VAGUE, "status of CustomerDataETL", "what do you think of all this")
    async with talking("offline", BRAIN, tmp_path) as stage:
        alone = [await told(stage, "Maya", text) for text in asked]
    async with talking("foundry", BRAIN, tmp_path, ADFOPS_PROSE="off") as stage:
        assert [await told(stage, "Maya", text) for text in asked] == alone
        assert "gpt-4o-mini, off" in await told(stage, "Maya", "token usage")
        assert stage.model.asked == []


@pytest.mark.parametrize("text", [WHY, VAGUE])
async def test_without_error_text_the_model_reads_codes_alone(text: str, tmp_path: Path) -> None:
    looks = [
        calls("adf_pipeline_activity_runs", run_id="11111111-0000-4000-8000-000000000001"),
        calls("adf_pipeline_runs", status=["Failed"]),
    ]
    brain = EveryTurn(looks, [says(WORDS)])
    async with talking("foundry", brain, tmp_path, ADFOPS_MODEL_SEES_ERRORS=False) as stage:
        await stage.ask(text)
        if text == WHY:
            await stage.edits()
        sent = str(stage.model.turns)
        assert "2200" in sent
        assert "Cannot insert" not in sent
