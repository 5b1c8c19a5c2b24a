"""Whether a rerun helps is answered from own history, for what is talked about or named."""

import pytest

from adf.records import RunReport
from cards.records import Picker
from tests.adf.test_reruns import pasture
from tests.bot.agents.answers.world_talk import talking


@pytest.mark.parametrize("text", ["will a rerun of Harvest help", "is it safe to rerun Harvest"])
async def test_a_named_pipeline_gets_its_odds(text: str) -> None:
    async with talking(pasture([["Succeeded"]] * 5)) as talk:
        answer = await talk.ask(text)
        (report,) = answer.records
        assert isinstance(report, RunReport)
        assert report.odds is not None
        assert "5 of 5 reruns after this error went green" in (answer.note or "")
        assert "I can't see whether running it twice harms" in (answer.note or "")


async def test_it_is_the_failure_that_was_talked_about() -> None:
    async with talking(pasture([])) as talk:
        await talk.ask("why did Harvest fail")
        answer = await talk.ask("will a rerun help")
        assert isinstance(answer.records[0], RunReport)
        assert "I can't tell: no rerun after this error in 45 days" in (answer.note or "")


async def test_without_a_name_the_failures_are_offered() -> None:
    async with talking(pasture([])) as talk:
        (picker,) = (await talk.ask("will a rerun help")).records
        assert isinstance(picker, Picker)
        assert [one.title for one in picker.choices] == ["Harvest"]


async def test_a_cancel_is_not_answered_as_a_rerun() -> None:
    async with talking(pasture([])) as talk:
        answer = await talk.ask("what happens if I cancel Harvest")
        assert answer.records == ()
        assert "nothing to cancel" in (answer.text or "")
