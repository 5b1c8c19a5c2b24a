"""The official JavaScript SDK lists and calls our tools, over HTTP and over the standard streams.

Needs node and the SDK in `.dev/`: skipped without them, failing in CI.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.mcp_server import McpHandler
from tests.bot.mcp_server.conftest import Azure, serving, token
from tests.doubles.identity import IdentityDouble
from tests.doubles.teams import object_id

ROOT = Path(__file__).parents[3]
SDK = ROOT / ".dev" / "node_modules" / "@modelcontextprotocol" / "sdk"
NODE = shutil.which("node") or ""
IN_CI = os.environ.get("CI") == "true"  # noqa: TID251 - CI says so only here
CALLS = [
    {"name": "adf_pipeline_runs", "arguments": {"pipeline": "CustomerDataETL"}},
    {"name": "adf_list_pipelines", "arguments": {"factory": "adf-uat"}},
    {"name": "ops_bind", "arguments": {"factory": "adf-uat"}},
]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not IN_CI and not (NODE and SDK.is_dir()),
        reason="needs node, and `npm install --prefix .dev @modelcontextprotocol/sdk`",
    ),
]


async def played(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    process = await asyncio.create_subprocess_exec(
        NODE,
        str(Path(__file__).with_name("client.mjs")),
        str(SDK),
        orjson.dumps(plan).decode(),
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(120):
        out, _ = await process.communicate()
    return orjson.loads(out)


def check_answers(told: Mapping[str, Any]) -> None:
    """What Tom, who reads one factory, must have got."""
    assert told["error"] == ""
    names = {one["name"] for one in told["tools"]}
    assert names >= {"adf_pipeline_runs", "adf_list_pipelines"}
    assert not [name for name in names if not name.startswith("adf_")]
    assert all(one["annotations"]["readOnlyHint"] for one in told["tools"])
    runs, uat, bind = told["answers"]
    assert orjson.loads(runs["text"])["runs"]
    assert (uat["isError"], orjson.loads(uat["text"])["error"]) == (True, "Denied")
    assert (bind["isError"], orjson.loads(bind["text"])["error"]) == (True, "BadArguments")


async def test_over_http_with_a_token(desk: McpHandler, identity: IdentityDouble) -> None:
    async with serving(desk, identity) as url:
        plan = {"url": url, "token": token(identity, "Tom"), "calls": CALLS}
        check_answers(await played(plan))


async def test_over_http_without_a_token_it_gets_nowhere(
    desk: McpHandler, identity: IdentityDouble
) -> None:
    async with serving(desk, identity) as url:
        told = await played({"url": url, "calls": CALLS})
    assert told["tools"] == []
    assert "Authentication required" in told["error"]


async def test_over_the_standard_streams(azure: Azure, declared: Path) -> None:
    words = ["-m", "tests.bot.mcp_server.child", azure.url, str(declared), object_id("Tom")]
    plan = {"command": sys.executable, "args": words, "cwd": str(ROOT), "calls": CALLS}
    check_answers(await played(plan))
