"""Who reran, cancelled or switched something outside of the bot is told by the activity log."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from adf.simulator import make_world
from tests.doubles.foundry import EveryTurn, says
from tests.evals.rows import WORLD
from tests.flows.model.stage import Clock, Stage, read, talking


def world_with(invoked_by: str) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(WORLD.read_bytes())
    run = document["runs"]["11111111-0000-4000-8000-000000000003"]
    assert run["pipeline"] == "CustomerDataETL"
    run["invoked_by"] = invoked_by
    return document


async def said_by(stage: Stage, text: str) -> str:
    return read(await stage.ask(text)).text


@pytest.mark.parametrize("who", ["priya", "Zoë Ångström", "svc-nightly@contoso.com"])
async def test_a_rerun_from_studio_has_the_name_of_the_person(who: str, tmp_path: Path) -> None:
    state = make_world(world_with(f"manual rerun ({who})"), Clock())
    async with talking("offline", EveryTurn([says("")]), tmp_path, state=state) as stage:
        said = await said_by(stage, "who reran CustomerDataETL this week")
    assert who in said
    assert "Manual" not in said
    assert "outside of this bot" in said


async def test_nobody_is_named_where_the_log_does_not_tell(tmp_path: Path) -> None:
    state = make_world(world_with("manual rerun"), Clock())
    async with talking("offline", EveryTurn([says("")]), tmp_path, state=state) as stage:
        said = await said_by(stage, "who reran CustomerDataETL this week")
    assert "Somebody reran CustomerDataETL" in said
    assert "Manual" not in said


async def test_who_switched_a_trigger_off_is_named(tmp_path: Path) -> None:
    document = world_with("schedule")
    document["triggers"]["trg_daily_0100"] |= {
        "stopped_at": "2026-03-11T20:00:00Z",
        "stopped_by": "omar",
    }
    state = make_world(document, Clock())
    async with talking("offline", EveryTurn([says("")]), tmp_path, state=state) as stage:
        said = await said_by(stage, "who did what since yesterday, show me the audit")
    assert "omar stopped trigger trg_daily_0100" in said
