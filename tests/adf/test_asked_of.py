"""What a question is put to: which factories, which time, which pipelines; and what is left out."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from adf.client import AdfClient, Factories, NotGranted
from adf.errors import BadArguments, NotFound, OutOfRange, Unavailable
from adf.records import Factory, PipelineNotes, RunList
from adf.runs import report_run_of_id
from adf.runs.report import MOST_CHILDREN
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from adf.tools.runs import MOST_NAMED, critical_names
from tests.adf.fake_wire import FakeWire, Json
from tests.adf.test_runs import CHILD, PARENT, wire_activity, wire_run

NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
CRITICAL = PipelineNotes(critical=True)


def factory(alias: str, **notes: PipelineNotes) -> Factory:
    return Factory(alias=alias, subscription="s", resource_group="rg", name=alias, notes=notes)


def adf(wire: FakeWire, *factories: Factory) -> Adf:
    known = factories or (factory("prod"), factory("test"))
    return Adf(factories=Factories(known, known[0].alias, lambda _: wire), clock=lambda: NOW)


def test_a_question_is_about_the_factory_named_or_meant_or_about_all_readable() -> None:
    every = adf(FakeWire())
    assert every.scope_of({"factory": "TEST"}) == ("test",)
    assert every.scope_of({"factory": None}) == ("prod",)
    assert every.scope_of({"run_id_a": "x"}) == ("prod", "test")
    some = Adf(factories=every.factories.only(["test"], "test"), clock=lambda: NOW)
    assert some.scope_of({"run_id_a": "x"}) == ("test",)
    with pytest.raises(NotGranted):
        some.scope_of({"factory": "prod"})


def test_a_time_that_is_not_kept_any_more_is_told_from_one_that_is_upside_down() -> None:
    place = adf(FakeWire())
    with pytest.raises(OutOfRange, match="45 days"):
        place.time_range(None, NOW - timedelta(days=60), NOW - timedelta(days=50))
    with pytest.raises(BadArguments, match="before it starts"):
        place.time_range(None, NOW, NOW - timedelta(days=1))
    partly = place.time_range(None, NOW - timedelta(days=60), NOW - timedelta(days=40))
    assert partly.start == NOW - timedelta(days=45)


@pytest.mark.parametrize("hours", [1e300, float("inf"), 2_000_000])
def test_longer_than_runs_are_kept_is_as_long_as_they_are(hours: float) -> None:
    found = adf(FakeWire()).time_range(hours, None, None)
    assert found.start == NOW - timedelta(days=45)


@pytest.mark.parametrize("hours", [-1.0, -1e300, float("nan"), float("-inf")])
def test_what_is_no_length_of_time_is_refused(hours: float) -> None:
    with pytest.raises(BadArguments, match="no length of time"):
        adf(FakeWire()).time_range(hours, None, None)


async def test_critical_pipelines_are_asked_for_by_name() -> None:
    wire = FakeWire()
    place = adf(wire, factory("prod", A=CRITICAL, B=CRITICAL, C=PipelineNotes()))
    box = Toolbox(ADF_TOOLS, [place])
    wire.run_pages = [[wire_run("r", "A")]]
    listed = cast("RunList", await box.call("adf_pipeline_runs", critical=True))
    assert [run.pipeline for run in listed.runs] == ["A"]
    await box.call("adf_run_stats", critical=True)
    named = {"operand": "PipelineName", "operator": "In", "values": ["A", "B"]}
    assert [query["filters"] for query in wire.queries] == [[named], [named]]


def test_very_many_critical_pipelines_are_sorted_out_here() -> None:
    many = {f"P{number}": CRITICAL for number in range(MOST_NAMED + 1)}
    assert critical_names(factory("prod", **many)) == ()


async def test_a_run_that_does_not_exist_is_told_though_its_activity_runs_were_asked_for() -> None:
    with pytest.raises(NotFound):
        await report_run_of_id(AdfClient(factory("prod"), FakeWire()), PARENT, NOW)


async def test_child_runs_that_were_not_read_are_counted() -> None:
    wire = FakeWire()
    wire.runs[PARENT] = wire_run(PARENT, "Nightly")
    wire.runs[CHILD] = wire_run(CHILD, "Load")
    calls: list[Json] = [
        wire_activity(f"Call{n}", "ExecutePipeline", output={"pipelineRunId": CHILD})
        for n in range(MOST_CHILDREN + 2)
    ]
    wire.activity_pages[PARENT] = [calls]
    report = await report_run_of_id(AdfClient(factory("prod"), wire), PARENT, NOW)
    assert len(report.children) == MOST_CHILDREN
    assert "2 more broken child runs were not read" in report.gaps


async def test_a_fault_of_our_own_is_not_taken_for_a_gap() -> None:
    class Clumsy(FakeWire):
        async def get_run(self, factory: Factory, run_id: str) -> dict[str, object]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await report_run_of_id(AdfClient(factory("prod"), Clumsy()), PARENT, NOW)


async def test_a_list_of_pipelines_without_an_end_is_given_up() -> None:
    class Endless(FakeWire):
        async def list_pipelines(
            self, factory: Factory, next_link: str | None
        ) -> dict[str, object]:
            return {"value": [], "nextLink": "again"}

    with pytest.raises(Unavailable, match="never ends"):
        await AdfClient(factory("prod"), Endless()).list_pipelines()
