"""A call over MCP is a turn without a room: the same rights, limits and words."""

import logging
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest

from adf.tool import tool
from adf.tools import ADF_TOOLS, Adf
from bot.access.policy import DeclaredRoles
from bot.mcp_server import McpHandler, McpSetup, open_handler
from bot.mcp_server.handler import CallRateLimit, readable
from bot.messages import Person
from bot.tools import HERE_TOOLS
from tests.bot.mcp_server.conftest import NOW, Azure, person
from tests.bot.tools.read_only import READ_ONLY_TOOLS
from tests.doubles.teams import TENANT, object_id

READS = {name for name in READ_ONLY_TOOLS if name.startswith("adf_")}


async def ask(
    desk: McpHandler, who: str, tool: str, /, **arguments: object
) -> Mapping[str, object]:
    told = await desk.call(person(who), tool, arguments)
    answer: Mapping[str, object] = orjson.loads(told.text)
    assert told.is_error == ("error" in answer)
    return answer


async def run_of(desk: McpHandler, pipeline: str) -> str:
    told = await desk.call(person("Maya"), "adf_pipeline_runs", {"pipeline": pipeline})
    return orjson.loads(told.text)["runs"][0]["run_id"]


def test_only_what_reads_is_listed(desk: McpHandler) -> None:
    listed = {one.name for one in desk.tools}
    assert listed >= READS
    assert listed.isdisjoint({one.name for one in HERE_TOOLS})
    assert not [name for name in listed if not name.startswith("adf_") or "propose" in name]


def test_a_tool_that_changes_something_or_works_on_something_else_is_never_listed() -> None:
    @tool(progress="Rerunning", reads=False)
    async def rerun(adf: Adf) -> str:
        """Rerun."""
        return "done"

    @tool(progress="Looking at the setup", reads=True)
    async def look_elsewhere(setup: McpSetup) -> str:
        """Look at something that is not Data Factory's."""
        return "seen"

    listed = readable([*ADF_TOOLS, *HERE_TOOLS, rerun, look_elsewhere])
    assert [one.name for one in listed] == sorted(READS)


async def test_what_is_not_listed_cannot_be_called(desk: McpHandler, azure: Azure) -> None:
    for hidden in ("ops_bind", "ops_subscribe", "bot_reset", "rerun"):
        told = await ask(desk, "Maya", hidden, factory="adf-prod")
        assert told["error"] == "BadArguments"
    assert azure.asked == []


async def test_every_listed_tool_answers_with_more_than_its_kind_and_changes_nothing(
    desk: McpHandler, azure: Azure
) -> None:
    run_id = await run_of(desk, "CustomerDataETL")
    fitting = {
        "pipeline": "CustomerDataETL",
        "text": "ORA-01017",
        "run_id": run_id,
        "name": "CustomerDataETL",
        "run_id_a": run_id,
        "run_id_b": await run_of(desk, "ProcessOrders"),
    }
    for one in desk.tools:
        wanted = set(one.schema["required"]) or set(one.schema["properties"]) & {"pipeline"}
        told = await ask(desk, "Maya", one.name, **{key: fitting[key] for key in wanted})
        assert "error" not in told, (one.name, told)
        assert len(told) > 2, one.name
    reads = ("query", "getStatus", "monitoringData")
    writes = [one for one in azure.asked if one[0] != "GET" and not one[1].startswith(reads)]
    assert writes == []


async def test_a_reader_sees_their_own_factory_only(desk: McpHandler) -> None:
    assert "runs" in await ask(desk, "Tom", "adf_pipeline_runs")
    told = await ask(desk, "Tom", "adf_pipeline_runs", factory="adf-uat")
    assert told["error"] == "Denied"
    assert "adf-uat" in str(told["said"])
    assert told["who"]


async def test_a_stakeholder_hears_in_plain_words_whether_data_is_in(desk: McpHandler) -> None:
    told = await ask(desk, "Sam", "adf_pipeline_runs", pipeline="CustomerDataETL")
    assert told["record"] == "words"
    assert str(told["said"]).startswith("The CustomerDataETL data is")
    assert "Denied" in str(await ask(desk, "Sam", "adf_list_pipelines"))


async def test_somebody_without_a_role_is_refused_with_who_can_help(desk: McpHandler) -> None:
    told = await ask(desk, "Gus", "adf_list_pipelines")
    assert told["error"] == "Denied"
    assert "adf-prod" not in str(told)


async def test_a_foreign_tenant_is_told_no_names(desk: McpHandler) -> None:
    stranger = replace(person("Maya"), tenant="99999999-9999-9999-9999-999999999999")
    told = await desk.call(stranger, "adf_list_pipelines", {})
    assert told.is_error
    assert "adf-" not in told.text.replace("adf_list_pipelines", "")


async def test_wrong_arguments_tell_what_would_be_right(desk: McpHandler, azure: Azure) -> None:
    told = await ask(desk, "Maya", "adf_pipeline_runs", state="Failed", name="x")
    assert told["error"] == "BadArguments"
    assert told["asked"] == "adf_pipeline_runs"
    assert "state: Extra inputs" in str(told["said"])
    told = await ask(desk, "Maya", "adf_pipeline_runs", factory="nowhere")
    assert told["choices"] == ["adf-prod", "adf-uat"]
    assert azure.asked == []


async def test_the_services_words_come_redacted_with_who_can_mend_it(
    desk: McpHandler, azure: Azure
) -> None:
    said = "The client lacks access. AccountKey=c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0; Password=hunter2"
    azure.instead = (403, {"error": {"code": "AuthorizationFailed", "message": said}})
    told = await ask(desk, "Maya", "adf_list_pipelines")
    assert told["error"] == "Forbidden"
    assert told["code"] == "AuthorizationFailed"
    assert "[redacted]" in str(told["said"])
    assert "hunter2" not in str(told)
    assert "c2VjcmV0" not in str(told)
    assert told["fix"]
    assert told["who"]


async def test_equal_questions_of_a_moment_share_an_answer(desk: McpHandler, azure: Azure) -> None:
    await ask(desk, "Maya", "adf_pipeline_runs", pipeline="CustomerDataETL")
    before = len(azure.asked)
    await ask(desk, "Tom", "adf_pipeline_runs", pipeline="CustomerDataETL")
    assert len(azure.asked) == before


async def test_trouble_tells_readers_what_was_known_before(setup: McpSetup, azure: Azure) -> None:
    clock = iter([NOW + timedelta(minutes=one) for one in range(40)])
    async with open_handler(setup, lambda: next(clock)) as desk:
        await ask(desk, "Maya", "adf_list_pipelines")
        azure.instead = (403, {"error": {"code": "AuthorizationFailed", "message": "no"}})
        told = await ask(desk, "Maya", "adf_list_pipelines")
    assert "pipelines" in str(told["last_known"])
    assert str(told["last_known_as_of"]) < "2026-03-12T03"


async def test_a_program_in_a_loop_is_slowed_down(desk: McpHandler) -> None:
    answers = [await ask(desk, "Maya", "adf_list_pipelines") for _ in range(61)]
    assert answers[-1]["error"] == "Throttled"
    assert answers[-1]["retry_after_seconds"] in range(1, 61)
    assert "pipelines" in await ask(desk, "Tom", "adf_list_pipelines")


async def test_a_fault_of_our_own_tells_an_id_and_nothing_else(setup: McpSetup) -> None:
    maya = DeclaredRoles(name="Maya", roles=None)  # pyright: ignore[reportArgumentType]
    broken = replace(setup, everybody=replace(setup.everybody, people={object_id("Maya"): maya}))
    async with open_handler(broken, lambda: NOW) as desk:
        told = await desk.call(person("Maya"), "adf_list_pipelines", {})
    answer = orjson.loads(told.text)
    assert answer.keys() == {"error", "said", "error_id"}


async def test_the_log_names_tool_person_and_outcome_and_no_arguments(
    desk: McpHandler, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "adfops.mcp"):
        await ask(desk, "Maya", "adf_list_pipelines", match="secret plans")
        await ask(desk, "Maya", "inject\nlines")
    lines = [one.getMessage() for one in caplog.records if one.name == "adfops.mcp"]
    maya = object_id("Maya")
    assert lines[0].startswith(f"mcp tool adf_list_pipelines for {maya}: ok, ")
    assert lines[1].startswith(f"mcp tool of no name for {maya}: BadArguments, ")
    assert "secret" not in caplog.text


async def test_whoever_is_not_declared_is_not_admitted(desk: McpHandler) -> None:
    assert await desk.admits(person("Tom"))
    assert not await desk.admits(person("Gus"))
    assert not await desk.admits(Person(person_id="tom", name="", tenant=TENANT))


def test_the_sdk_is_not_imported_before_serving_begins() -> None:
    look = "import sys, bot.mcp_server; print('mcp' in sys.modules, 'uvicorn' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_calls_count_within_a_sliding_minute_and_each_person_alone() -> None:
    at = [0.0]
    rate = CallRateLimit(lambda: at[0], most=2, within=60.0)
    assert [rate.wait("a"), rate.wait("a"), rate.wait("b")] == [0.0, 0.0, 0.0]
    at[0] = 50.0
    assert rate.wait("a") == 10.0
    at[0] = 60.0
    assert rate.wait("a") == 0.0


def test_who_called_long_ago_is_forgotten() -> None:
    rate = CallRateLimit(lambda: 0.0, most=1)
    for number in range(10_001):
        rate.wait(str(number))
    assert rate.wait("10000") > 0
    assert rate.wait("0") == 0.0
