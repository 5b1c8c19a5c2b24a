"""A model may propose what the person's own message asks for, whatever else it read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from adf.records import Pipeline
from bot.agents.interface import Question
from bot.agents.model.proposals import refused_proposal
from bot.messages import Address, Person, Scope

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
PIPELINES = [Pipeline(factory="shop", name=name) for name in ("Stock", "PL_Master")]
RUN = "00000001-0000-4000-8000-000000000000"
HERE = Address(
    scope=Scope.PERSONAL,
    tenant="t",
    service_url="https://x/",
    conversation="a:1",
    bot_id="28:bot",
    bot_name="ADF Ops",
)


def refused(text: str, memory: dict[str, object] | None = None, **arguments: object) -> str:
    question = Question(
        text=text,
        speaker=Person(person_id="maya", name="Maya", tenant="t"),
        address=HERE,
        now=NOW,
        zone=ZoneInfo("Europe/Berlin"),
        factory="shop",
        factories=("shop",),
        memory=memory or {},
    )
    return refused_proposal(question, PIPELINES, arguments)


@pytest.mark.parametrize(
    "text",
    ["why did Stock fail", "status of PL_Master", "what failed today", "list all pipelines"],
)
@pytest.mark.parametrize("action", ["rerun", "run", "cancel", "start_trigger", "stop_trigger"])
def test_a_question_asks_for_no_act(text: str, action: str) -> None:
    assert refused(text, action=action, pipeline="Stock", run_id=RUN, trigger="trg_stock")


def test_what_is_asked_for_may_be_proposed() -> None:
    assert refused("rerun Stock", action="rerun", pipeline="Stock", run_id=RUN) == ""
    assert refused("cancel Stock please", action="cancel", pipeline="Stock", run_id=RUN) == ""


def test_another_act_or_another_pipeline_is_not_what_was_asked_for() -> None:
    assert refused("rerun Stock", action="cancel", pipeline="Stock", run_id=RUN)
    assert refused("rerun Stock", action="rerun", pipeline="PL_Master", run_id=RUN)
    assert refused("rerun Stock", action="rerun", run_id=RUN)


def test_it_is_what_was_talked_about() -> None:
    memory: dict[str, object] = {"pipeline": "Stock", "run_id": RUN}
    assert refused("rerun it", memory, action="rerun", pipeline="Stock", run_id=RUN) == ""
    assert refused("rerun it", memory, action="rerun", pipeline="PL_Master", run_id=RUN)
    assert refused("rerun it", action="rerun", pipeline="Stock", run_id=RUN)


def test_values_and_child_runs_come_from_the_words() -> None:
    values = {"region": "EU"}
    said = "run Stock with region=EU"
    assert refused(said, action="run", pipeline="Stock", parameters=values) == ""
    assert refused("run Stock", action="run", pipeline="Stock", parameters=values)
    assert refused("cancel Stock", action="cancel", pipeline="Stock", run_id=RUN, recursive=True)
