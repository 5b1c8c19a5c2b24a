"""Arguments are read as they were meant where they can mean one thing only, and else refused."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adf.errors import BadArguments
from adf.records import Pipeline
from adf.tool import Tool
from adf.tools import ADF_TOOLS
from bot.agents.interface import Question
from bot.agents.model.arguments import ArgumentChecker
from bot.tools import HERE_TOOLS
from tests.bot.agents.answers.test_agent import HERE, MAYA

TOOLS = {one.name: one for one in (*ADF_TOOLS, *HERE_TOOLS)}
NAMES = ("LegacyERP_Extract", "CustomerDataETL", "CustomerDim_Load", "Nightly Load", "Stock")
RUN = "7f3c2a10-0000-4000-8000-000000000001"
OTHER = "7f3c2b10-0000-4000-8000-000000000002"
BERLIN = ZoneInfo("Europe/Berlin")


def question() -> Question:
    return Question(
        text="what failed?",
        speaker=MAYA,
        address=HERE,
        now=datetime(2026, 3, 12, 2, 40, tzinfo=UTC),
        zone=BERLIN,
        factory="adf-prod",
        factories=("adf-prod", "adf-uat"),
    )


async def inventory(_: Question) -> Sequence[Pipeline]:
    return [Pipeline(factory="adf-prod", name=one) for one in NAMES]


def ids_like(beginning: str) -> Sequence[str]:
    return [one for one in (RUN, OTHER) if one.startswith(beginning)]


async def read(name: str, written: str) -> dict[str, Any]:
    tool: Tool = TOOLS[name]
    return await ArgumentChecker(question(), inventory, ids_like).arguments(tool, written)


RUNS = "adf_pipeline_runs"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('{"status": "Failed"}', {"status": ["Failed"]}),
        ('{"status": ["failed", "in progress"]}', {"status": ["Failed", "InProgress"]}),
        ('{"latestOnly": true}', {"latest_only": True}),
        ('{"pipeline_name": "Stock"}', {"pipeline": "Stock"}),
        ('{"pipelineName": "stock"}', {"pipeline": "Stock"}),
        ('{"pipeline": "Stock"}}}}', {"pipeline": "Stock"}),
        ('{"pipeline": "Stock"}\n', {"pipeline": "Stock"}),
        ('{"pipeline": "erp extract"}', {"pipeline": "LegacyERP_Extract"}),
        ('{"pipeline": "legacy-erp-extract"}', {"pipeline": "LegacyERP_Extract"}),
        ('{"pipeline": "nightly_load"}', {"pipeline": "Nightly Load"}),
        ('{"pipeline": "ADF-prod"}', {"factory": "adf-prod"}),
        ('{"pipeline": "Stock", "room": "channel", "zone": 1}', {"pipeline": "Stock"}),
        ('{"run_id": "7f3c2a10"}', {"run_id": RUN}),
        ('{"runId": "7F3C2B"}', {"run_id": OTHER}),
        ('{"run_id": "7f3c2"}', {"run_id": "7f3c2"}),
        ('{"run_id": "99999999"}', {"run_id": "99999999"}),
        ('{"from": "2026-03-11"}', {"from": "2026-03-11T00:00:00+01:00"}),
        ('{"from": "2026-03-11T03:40:00"}', {"from": "2026-03-11T03:40:00+01:00"}),
        ('{"to": "2026-03-11 03:40 CET"}', {"to": "2026-03-11T03:40:00+01:00"}),
        ('{"to": "2026-03-11T02:40:00Z"}', {"to": "2026-03-11T02:40:00Z"}),
        ("", {}),
    ],
)
async def test_loose_arguments_are_read(written: str, meant: dict[str, Any]) -> None:
    assert await read(RUNS, written) == meant


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ('{"pipeline": "customer"}', "several pipelines fit"),
        ('{"pipeline": "Payroll"}', "there is no pipeline"),
        ('{"factory": "adf-test"}', "no factory adf-test"),
        ('{"pipeline": "Sto', "not a JSON object"),
        ('{"pipeline": "Stock"} and more', "not a JSON object"),
        ('["Stock"]', "not a JSON object"),
    ],
)
async def test_what_could_mean_several_things_is_refused(written: str, part: str) -> None:
    with pytest.raises(BadArguments, match=part):
        await read(RUNS, written)


async def test_nothing_is_left_out_of_a_proposal() -> None:
    with pytest.raises(BadArguments, match="there is no argument except_for"):
        await read("adf_propose_action", '{"action": "rerun", "except_for": "Stock"}')
