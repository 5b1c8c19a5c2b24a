"""What code is not sure of: the model chooses a tool, its card comes at once, words by an edit."""

import asyncio
from pathlib import Path

import pytest

from bot.turns.model_fallback import READ_BY_MODEL
from tests.doubles.connector import Sent
from tests.doubles.foundry import Heard, Item, calls, says
from tests.doubles.foundry.wire import NO_TOOL
from tests.flows.model.stage import BACKENDS, Stage, read, talking, text_of

VAGUE = "any vibes from ProcessOrders"
OFF_TOPIC = "is it a good day for sailing"
WORDS = "It is still running."
RUNS, INSIDE = "adf_pipeline_runs", "adf_pipeline_activity_runs"


class Choosing:
    """Chooses a tool where it must, and has words everywhere else."""

    def __init__(self, *choice: Item, words: str = WORDS) -> None:
        self._choice = list(choice)
        self._words = words

    async def reply(self, heard: Heard) -> list[Item]:
        """The choice, or the words."""
        return self._choice if heard.declares(NO_TOOL) else [says(self._words)]


async def asked(stage: Stage, text: str, thread: str = "1") -> Sent:
    """The first message that answers, with the model that chooses."""
    stage.model.chooses = True
    return await stage.product.ask(stage.client().in_channel(text, thread=thread))


@pytest.mark.parametrize("backend", BACKENDS)
async def test_the_card_of_the_chosen_tool_comes_first_and_words_by_an_edit(
    backend: str, tmp_path: Path
) -> None:
    brain = Choosing(calls(RUNS, pipeline="ProcessOrders", latest_only=True))
    async with talking(backend, brain, tmp_path) as stage:
        sent = await asked(stage, VAGUE)
        assert "ProcessOrders" in text_of(sent)
        assert f"{READ_BY_MODEL} as a question about ProcessOrders." in text_of(sent)
        assert WORDS not in text_of(sent)
        (edit,) = await stage.edits()
        assert WORDS in text_of(edit)
        assert edit.activity["entities"][0]["additionalType"] == ["AIGeneratedContent"]
        assert stage.arm_writes == []


@pytest.mark.parametrize("backend", BACKENDS)
async def test_the_choice_is_one_forced_step_that_the_service_keeps_nothing_of(
    backend: str, tmp_path: Path
) -> None:
    async with talking(backend, Choosing(calls(NO_TOOL)), tmp_path) as stage:
        await asked(stage, VAGUE)
        (choice,) = stage.model.choices
        assert choice.body["tool_choice"] == "required"
        assert choice.body["store"] is False
        assert "conversation" not in choice.body
        assert "PaymentsRecon" in str(choice.body["input"])
        names = {one["name"] for one in choice.body["tools"]}
        assert {RUNS, INSIDE, "adf_trigger_status", "bot_help", NO_TOOL} <= names


async def test_a_failure_is_looked_into_by_the_name_of_its_pipeline(tmp_path: Path) -> None:
    brain = Choosing(calls(INSIDE, pipeline="PaymentsRecon"))
    async with talking("azure_openai", brain, tmp_path) as stage:
        sent = await asked(stage, "ce a pățit PaymentsRecon")
        assert text_of(sent).startswith("PaymentsRecon failed")
        called = [one.name for one in stage.product.calls]
        assert called[-2:] == [RUNS, INSIDE]
        await stage.product.settled()
        why = await stage.product.ask(stage.client().in_channel("why did it fail?", thread="1"))
        assert text_of(why).startswith("PaymentsRecon failed")


@pytest.mark.parametrize(
    "choice",
    [
        calls(RUNS, pipeline="CustomerDataETL", latest_only=True),
        calls(INSIDE, run_id="11111111-0000-4000-8000-000000000001"),
        calls("adf_trigger_status", trigger="trg_daily_0100"),
    ],
)
async def test_a_thing_that_nobody_named_is_not_shown(choice: Item, tmp_path: Path) -> None:
    async with talking("offline", Choosing(choice), tmp_path) as stage:
        alone = text_of(await stage.ask(VAGUE))
    async with talking("azure_openai", Choosing(choice), tmp_path) as stage:
        assert text_of(await asked(stage, VAGUE)) == alone
        assert len(stage.model.choices) == len(stage.model.turns) == 1


async def test_where_no_tool_fits_the_model_has_words(tmp_path: Path) -> None:
    words = "I only look after Azure Data Factory."
    async with talking("azure_openai", Choosing(calls(NO_TOOL), words=words), tmp_path) as stage:
        assert words in text_of(await asked(stage, OFF_TOPIC))


async def test_what_code_found_is_shown_at_once_and_worded_by_an_edit(tmp_path: Path) -> None:
    async with talking("azure_openai", Choosing(), tmp_path) as stage:
        sent = await asked(stage, "customer one broken?")
        assert read(sent).text
        assert WORDS not in text_of(sent)
        assert stage.model.choices == []
        (edit,) = await stage.edits()
        assert text_of(edit).startswith(text_of(sent))


async def test_an_explanation_under_way_holds_up_no_choice(tmp_path: Path) -> None:
    gate = asyncio.Event()

    class Waiting(Choosing):
        async def reply(self, heard: Heard) -> list[Item]:
            answer = await super().reply(heard)
            if answer and answer[0]["type"] == "message":
                await gate.wait()
            return answer

    brain = Waiting(calls(RUNS, pipeline="ProcessOrders", latest_only=True))
    async with talking("azure_openai", brain, tmp_path) as stage:
        await asked(stage, "why did CustomerDataETL fail")
        sent = await asked(stage, VAGUE)
        assert "ProcessOrders" in text_of(sent)
        gate.set()
        await stage.product.settled()
