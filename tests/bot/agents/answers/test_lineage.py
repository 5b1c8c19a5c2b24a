"""Who waits, asked in words: the right pipeline, the right direction, and what "that" is then."""

from dataclasses import replace

import pytest

from adf.records import LineageReport, OwnerReport, PipelineDescription, PipelineNotes, UseReport
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
    assert here.memory["pipeline"] == "Sales_Report"
    assert "related" not in here.memory


def with_definitions() -> Room:
    """The same room with a linked service that Stock uses, and an owner written in Stock."""
    made = room()
    reference = {"referenceName": "ls_crm", "type": "LinkedServiceReference"}
    stock = pipeline(step("Fill", "Script", scripts=[]), annotations=["owner: ana"])
    stock["activities"][0]["linkedServiceName"] = reference
    made.wire.pipelines["Stock"] = {"name": "Stock", "properties": stock}
    made.wire.linked_services = {
        "ls_crm": {"name": "ls_crm", "properties": {"type": "AzureSqlDatabase"}}
    }
    return made


@pytest.mark.parametrize(
    "text",
    [
        *("which pipelines use linked service ls_crm", "what uses ls_crm"),
        *("which pipelines read from ls_crm", "where is ls_crm used"),
        "what breaks downstream if ls_crm is down",
    ],
)
async def test_who_uses_something_is_asked_by_its_name(text: str) -> None:
    here = with_definitions()
    (report,) = (await here.ask(text)).records
    assert isinstance(report, UseReport)
    assert [use.pipeline for one in report.found for use in one.uses] == ["Stock"]


async def test_a_name_that_does_not_exist_is_said_and_not_replaced() -> None:
    here = with_definitions()
    (report,) = (await here.ask("which pipelines use linked service ls_crmm")).records
    assert isinstance(report, UseReport)
    assert (report.name, report.found, report.similar) == ("ls_crmm", (), ("ls_crm",))


async def test_who_uses_a_pipeline_is_who_waits_for_it() -> None:
    assert (await answer_to("who uses Stock"))[2] == {"Nightly", "Sales_Report"}


async def test_what_a_pipeline_does_is_its_definition() -> None:
    here = with_definitions()
    (described,) = (await here.ask("what does Nightly do")).records
    assert isinstance(described, PipelineDescription)
    assert [one.name for one in described.steps] == ["Run_Stock", "Run_Report"]
    await here.ask("and Stock?")
    assert here.calls[-1].arguments["pipeline"] == "Stock"


async def test_an_owner_is_known_by_the_definition_or_said_to_be_unknown() -> None:
    here = with_definitions()
    for name, expected in (("Stock", ["ana"]), ("Nightly", [])):
        (report,) = (await here.ask(f"who owns {name}")).records
        assert isinstance(report, OwnerReport)
        assert [one.who for one in report.pipelines[0].owners] == expected


async def test_who_is_on_call_shows_every_owner_there_is() -> None:
    here = with_definitions()
    (report,) = (await here.ask("who is on call")).records
    assert isinstance(report, OwnerReport)
    assert ([one.pipeline for one in report.pipelines], report.unowned) == (["Stock"], 2)


def with_a_deadline(due: str | None) -> Room:
    """A room where Stock is due at a time that its owner declared, or at none."""
    made = room()
    notes = PipelineNotes(due=due)
    made.pipelines = [replace(made.pipelines[0], notes=notes), *made.pipelines[1:]]
    return made


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("when will everything be done", {}),
        (
            "will we make 05:00 if I rerun Stock now",
            {"pipeline": "Stock", "by": "2026-05-03T03:00"},
        ),
        ("will Stock be done by 10:30", {"pipeline": "Stock", "by": "2026-05-02T08:30"}),
        ("will Stock meet its deadline", {"pipeline": "Stock"}),
    ],
)
async def test_whether_it_is_in_time_is_asked_of_deadlines(
    text: str, arguments: dict[str, str]
) -> None:
    here = with_a_deadline("07:00 UTC")
    await here.ask(text)
    last = here.calls[-1]
    assert last.name == "adf_deadlines"
    known = {key: str(value) for key, value in last.arguments.items() if key != "factory"}
    assert known.keys() == arguments.keys()
    assert all(known[key].startswith(one) for key, one in arguments.items())


async def test_without_a_deadline_it_is_told_when_the_run_should_end() -> None:
    here = with_a_deadline(None)
    answer = await here.ask("when will Stock be done")
    assert here.called == ["adf_pipeline_runs"]
    assert answer.note == "Stock is not running now."
