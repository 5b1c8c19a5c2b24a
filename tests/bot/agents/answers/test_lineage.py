"""Who waits, asked in words: the right pipeline, the right direction, and what "that" is then."""

import pytest

from adf.records import LineageReport
from cards.records import Picker
from tests.adf.simulator.git_folders import calling, pipeline, step
from tests.bot.agents.answers.test_agent import Room

PLAIN = pipeline(step("Copy"))


def room() -> Room:
    """Nightly calls Stock, and Report comes after it."""
    made = Room(["Stock", "Sales_Report", "Nightly"])
    nightly = pipeline(
        calling("Run_Stock", "Stock", waitOnCompletion=True),
        calling("Run_Report", "Sales_Report", "Run_Stock", waitOnCompletion=True),
    )
    known = {"Stock": PLAIN, "Sales_Report": PLAIN, "Nightly": nightly}
    made.wire.pipelines = {n: {"name": n, "properties": one} for n, one in known.items()}
    return made


async def answer_to(text: str, here: Room | None = None) -> tuple[str, bool, set[str]]:
    (report,) = (await (here or room()).ask(text)).records
    assert isinstance(report, LineageReport)
    return report.pipeline, report.upstream, {one.name for one in report.related}


@pytest.mark.parametrize(
    "text",
    [
        *("who waits for Stock", "what breaks downstream when Stock fails", "impact of Stock"),
        *("who is affected by Stock", "Stock is late, who do I have to warn"),
    ],
)
async def test_who_waits_is_asked_downstream(text: str) -> None:
    assert await answer_to(text) == ("Stock", False, {"Nightly", "Sales_Report"})


@pytest.mark.parametrize(
    "text", ["what does Sales_Report depend on", "upstream dependencies of Sales_Report"]
)
async def test_what_it_depends_on_is_asked_upstream(text: str) -> None:
    assert await answer_to(text) == ("Sales_Report", True, {"Stock", "Nightly"})


async def test_it_is_the_pipeline_that_was_talked_about() -> None:
    here = room()
    await here.ask("status of Stock")
    assert await answer_to("who waits for it", here) == (
        "Stock",
        False,
        {"Nightly", "Sales_Report"},
    )


async def test_without_a_pipeline_it_is_asked_back() -> None:
    here = room()
    (picker,) = (await here.ask("who waits downstream")).records
    assert isinstance(picker, Picker)
    assert here.called == []
    assert (await answer_to(picker.choices[0].question, here))[0] == picker.choices[0].title


async def test_when_that_starts_is_asked_of_the_only_one_that_waits() -> None:
    here = room()
    await here.ask("who waits for Nightly")
    assert set(here.memory["related"]) == {"Stock", "Sales_Report"}
    here.memory["related"] = ["Sales_Report"]
    await here.ask("when does that start")
    assert here.calls[-1].arguments["pipeline"] == "Sales_Report"
    assert "related" not in here.memory
