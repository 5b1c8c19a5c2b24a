"""Over the standard streams of a process of its own: the one who started it asks."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from adf.client.identity import AzureIdentity
from adf.errors import Forbidden
from bot.access.policy import TenantAccess
from bot.mcp_server import CannotServe, McpHandler, McpSetup, person_who_started
from bot.mcp_server.server import make_server
from bot.messages import Person
from tests.bot.mcp_server.conftest import Azure, person
from tests.doubles.teams import TENANT, object_id

ROOT = Path(__file__).parents[3]


def words(azure: Azure, declared: Path, who: str) -> list[str]:
    return ["-m", "tests.bot.mcp_server.child", azure.url, str(declared), object_id(who)]


@asynccontextmanager
async def child(azure: Azure, declared: Path, who: str, log: Path) -> AsyncGenerator[Client]:
    command = StdioServerParameters(
        command=sys.executable, args=words(azure, declared, who), cwd=ROOT
    )
    with log.open("w", encoding="utf-8") as errors:
        async with Client(stdio_client(command, errlog=errors)) as client:
            yield client


async def told(client: Client, name: str, **arguments: Any) -> Mapping[str, Any]:  # noqa: ANN401
    result = await client.call_tool(name, arguments)
    (content,) = result.content
    return orjson.loads(getattr(content, "text", ""))


async def test_a_process_of_its_own_answers_whoever_started_it(
    azure: Azure, declared: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log.txt"
    async with child(azure, declared, "Tom", log) as client:
        listed = {one.name for one in (await client.list_tools()).tools}
        assert "adf_pipeline_runs" in listed
        assert not [name for name in listed if name.startswith(("ops_", "bot_"))]
        answer = await told(client, "adf_pipeline_runs", pipeline="CustomerDataETL")
        assert answer["runs"][0]["pipeline"] == "CustomerDataETL"
        denied = await told(client, "adf_list_pipelines", factory="adf-uat")
        assert denied["error"] == "Denied"
    logged = await asyncio.to_thread(log.read_text, encoding="utf-8")
    assert f"mcp tool adf_pipeline_runs for {object_id('Tom')}: ok" in logged
    assert "a stray line" in logged


async def test_it_ends_when_the_client_closes_the_streams(azure: Azure, declared: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *words(azure, declared, "Maya"),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        out, _ = await process.communicate(b"not json\n")
    assert process.returncode == 0
    assert all(line.startswith(b"{") for line in out.splitlines())


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_in_process_both_eras_of_the_protocol_are_spoken(mode: str, desk: McpHandler) -> None:
    server = make_server(desk, lambda _: person("Maya"), "1.2.3")
    async with Client(server, mode=mode) as client:
        assert client.server_info is not None
        assert (client.server_info.name, client.server_info.version) == ("adf-ops", "1.2.3")
        assert "only reads" in (client.instructions or "")
        assert "pipelines" in await told(client, "adf_list_pipelines")


async def signed_in() -> AzureIdentity:
    return AzureIdentity(token="t", name="Maya", object_id=object_id("Maya").upper(), tenant=TENANT)


async def test_the_person_is_whoever_is_signed_in_to_azure(setup: McpSetup) -> None:
    who = await person_who_started(setup, None, signed_in)
    assert who == Person(person_id=object_id("Maya"), name="Maya", tenant=TENANT)


async def test_a_setting_names_the_person_instead(setup: McpSetup) -> None:
    who = await person_who_started(setup, object_id("Tom").upper(), signed_in)
    assert who == person("Tom")
    anywhere = replace(setup, tenants=())
    assert (await person_who_started(anywhere, object_id("Tom"), signed_in)).tenant == ""
    assert anywhere.takes_tenant("")


async def test_on_a_developers_machine_nobody_has_to_sign_in(setup: McpSetup) -> None:
    everybody = TenantAccess(factories=("adf-prod",), default="adf-prod", local=True)
    who = await person_who_started(replace(setup, everybody=everybody), None, signed_in)
    assert who.person_id == "local"


async def test_who_cannot_be_told_stops_the_start_with_the_mend(setup: McpSetup) -> None:
    async def refused() -> AzureIdentity:
        raise Forbidden("no token", status=401)

    async def unnamed() -> AzureIdentity:
        return AzureIdentity(token="t", name="somebody")

    with pytest.raises(CannotServe, match="az login"):
        await person_who_started(setup, None, refused)
    with pytest.raises(CannotServe, match="name your object id"):
        await person_who_started(setup, None, unnamed)
