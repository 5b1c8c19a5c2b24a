"""Integration runtimes asked for by the tool: against a simulator, and odd answers."""

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import orjson
import pytest

from adf.client import Factories
from adf.client.decode_runtimes import runtime_status
from adf.errors import BadArguments, Forbidden, Unavailable
from adf.records import Factory, RuntimeReport
from adf.simulator import State, load_world
from adf.tool import Toolbox
from adf.tools import ADF_TOOLS, Adf
from tests.adf.asking import asking, card_text
from tests.adf.fake_wire import FakeWire
from tests.adf.simulator.worlds import NOW, WORLD, world

RECORDED = Path(__file__).parents[1] / "data" / "adf_payloads" / "recorded"
LAB = Factory(alias="lab", subscription="s", resource_group="rg", name="lab")


async def ask(state: State, group: str, factory: str, **arguments: object) -> RuntimeReport:
    async with asking(state, None, group, factory) as toolbox:
        return cast("RuntimeReport", await toolbox.call("adf_ir_status", **arguments))


async def prod(**arguments: object) -> RuntimeReport:
    return await ask(load_world(WORLD), "rg-data-prod", "adf-prod", **arguments)


async def lab(**runtimes: object) -> RuntimeReport:
    return await ask(world(irs=runtimes), "rg-lab", "adf-lab")


async def test_an_offline_runtime_comes_first_with_the_run_that_failed_on_it() -> None:
    report = await prod()
    first = report.runtimes[0]
    assert (first.name, first.state, first.has_problem) == ("shir-prod-01", "Offline", True)
    assert first.offline_since == datetime(2026, 3, 12, 1, 58, 11, tzinfo=UTC)
    assert [one.pipeline for one in report.failed_on("shir-prod-01")] == ["LegacyERP_Extract"]
    assert not report.runtimes[1].has_problem


async def test_the_card_says_since_when_it_is_away_and_what_failed() -> None:
    text = card_text(await prod())
    assert "shir-prod-01 is offline" in text
    assert "Last seen 02:58 (41 min ago). 1 pipeline failed on it." in text
    assert "LegacyERP_Extract" in text


async def test_one_runtime_is_found_in_any_case_and_an_unknown_one_names_the_others() -> None:
    assert [one.name for one in (await prod(name="SHIR-Prod-01")).runtimes] == ["shir-prod-01"]
    with pytest.raises(BadArguments) as refused:
        await prod(name="shir-test")
    assert "shir-prod-01" in refused.value.choices


async def test_nodes_that_are_online_come_with_their_load() -> None:
    report = await lab(shir={"type": "SelfHosted", "state": "Limited", "nodes": 2})
    (runtime,) = report.runtimes
    assert [node.is_online for node in runtime.nodes] == [True, False]
    assert runtime.nodes[0].cpu_percent is not None
    assert runtime.nodes[1].cpu_percent is None
    assert runtime.has_problem
    assert "1 of 2 nodes offline." in card_text(report)


async def test_all_well_is_said_shortly() -> None:
    report = await lab(shir={"type": "SelfHosted", "state": "Online"}, azure={"type": "Managed"})
    assert "2 integration runtimes, none offline" in card_text(report)
    assert report.work == ()


async def of_wire(wire: FakeWire, **arguments: object) -> RuntimeReport:
    adf = Adf(factories=Factories([LAB], "lab", lambda _: wire), clock=lambda: NOW)
    return cast("RuntimeReport", await Toolbox(ADF_TOOLS, [adf]).call("adf_ir_status", **arguments))


async def test_a_status_that_cannot_be_read_is_unknown_and_never_online() -> None:
    wire = FakeWire()
    wire.runtimes["ir"] = {"name": "ir", "properties": {"type": "SelfHosted"}}
    action = "Microsoft.DataFactory/factories/integrationruntimes/getstatus/read"
    said = f"may not perform action '{action}' over scope"
    wire.runtime_statuses["ir"] = Forbidden(said, asked="get the status")
    report = await of_wire(wire)
    assert report.runtimes[0].state == "Unknown"
    assert not report.runtimes[0].is_online
    assert len(report.gaps) == 1
    assert "is unknown" in card_text(report)


async def test_runs_that_cannot_be_read_are_a_gap() -> None:
    class Silent(FakeWire):
        async def query_runs(self, factory: Factory, query: object) -> dict[str, object]:
            raise Unavailable("no answer")

    wire = Silent()
    wire.runtimes["ir"] = {"name": "ir", "properties": {"type": "SelfHosted"}}
    wire.runtime_statuses["ir"] = {
        "name": "ir",
        "properties": {"type": "SelfHosted", "state": "Offline", "typeProperties": {"nodes": 7}},
    }
    report = await of_wire(wire)
    assert report.gaps == ("could not read which runs use it (no answer)",)


def test_a_recorded_status_without_a_machine_is_decoded() -> None:
    body = orjson.loads((RECORDED / "ir_getstatus.json").read_bytes())["body"]
    found = runtime_status(LAB, body)
    assert (found.state, found.nodes, found.latest_version) == (
        "NeedRegistration",
        (),
        "5.5.7762.1",
    )
    report = RuntimeReport(factory="lab", as_of=NOW, runtimes=(found,))
    assert "No machine is registered" in card_text(report)
