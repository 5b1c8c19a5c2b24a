"""Questions about changes: of all, of what was talked about, of a trigger, by a person."""

import pytest

from adf.records import ChangeLog, TriggerReport
from adf.simulator import State, load_world
from cards.records import Picker
from tests.adf.simulator.worlds import WORLD
from tests.bot.agents.answers.world_talk import talking

GROUP, NAME = "rg-data-prod", "adf-prod"


def prod() -> State:
    return load_world(WORLD)


@pytest.mark.parametrize(
    "text",
    ["what changed", "was anything deployed", "did somebody touch something since yesterday"],
)
async def test_a_question_about_all_shows_every_change(text: str) -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        (log,) = (await talk.ask(text)).records
        assert isinstance(log, ChangeLog)
        assert "adf-release-218" in {one.deployment for one in log.changes}
        assert [one.name for one in talk.calls] == ["adf_change_log"]
        assert "pipeline" not in talk.calls[0].arguments


async def test_a_follow_up_is_about_what_was_talked_about() -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        await talk.ask("why did CustomerDataETL fail")
        (log,) = (await talk.ask("did anything change before that")).records
        assert isinstance(log, ChangeLog)
        assert talk.calls[0].arguments["pipeline"] == "CustomerDataETL"
        assert [one.deployment for one in log.between] == ["adf-release-218"]


@pytest.mark.parametrize(
    "text",
    [
        "who stopped the trigger",
        "who turned off the finance trigger",
        "who disabled trg_finance_0130",
        "wer hat den finance trigger gestoppt",
    ],
)
async def test_who_stopped_a_trigger_is_on_its_card(text: str) -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        (report,) = (await talk.ask(text)).records
        assert isinstance(report, TriggerReport)
        (one,) = report.triggers
        assert (one.name, one.stopped_by) == ("trg_finance_0130", "svc-devops")


async def test_who_stopped_it_follows_a_question_about_triggers() -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        await talk.ask("which triggers are stopped")
        (report,) = (await talk.ask("who switched the finance one off")).records
        assert isinstance(report, TriggerReport)
        assert report.triggers[0].stopped_by == "svc-devops"


async def test_a_person_or_a_thing_by_name_narrows_it_down() -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        answer = await talk.ask("did svc-devops change anything since yesterday")
        (log,) = answer.records
        assert isinstance(log, ChangeLog)
        assert {one.actor for one in log.changes} == {"svc-devops"}
        answer = await talk.ask("did ls_crm change yesterday")
        (log,) = answer.records
        assert isinstance(log, ChangeLog)
        assert "Nothing called “ls_crm” is in it" in (answer.note or "")


async def test_several_pipelines_that_fit_are_asked_back_with_the_question_kept() -> None:
    async with talking(prod(), GROUP, NAME) as talk:
        (picker,) = (await talk.ask("what changed in customer")).records
        assert isinstance(picker, Picker)
        assert len(picker.choices) > 1
        assert all(one.question.startswith("what changed in ") for one in picker.choices)
