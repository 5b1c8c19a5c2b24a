"""Every state of Azure that rows name can be made, and the person is told what is the matter."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.evals.faults import UnknownState, arm_of
from tests.evals.rows import WORLD, Row, Turn
from tests.evals.runner import play

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
CHILD = "activity query for child 44444444-... returns 500"
PAGES = "results in 3 pages with continuationToken; newest failure on page 3"
ROWS = "child activity query answers 100 rows + continuationToken; both failures on page 2"


@pytest.mark.parametrize(
    ("arm", "text", "card", "said"),
    [
        ("429 twice, Retry-After 0, then ok", "status of CustomerDataETL", "run_card", "failed"),
        ("429 always", "status of CustomerDataETL", "error_card", "busy"),
        ("403 for the bot identity", "status of CustomerDataETL", "error_card", "role"),
        ("401/403 for the bot identity", "status of CustomerDataETL", "error_card", "sign"),
        ("connect timeout", "status of CustomerDataETL", "error_card", "couldn't reach"),
        (CHILD, "why did PL_Master_Nightly fail", "failure_card", "could not read"),
        (PAGES, "which pipelines failed in the last 48 hours", "status_list", "CustomerDataETL"),
        (ROWS, "why did PL_Master_Nightly fail", "failure_card", "OpportunityLineItem"),
    ],
)
async def test_a_state_is_made_and_met(
    arm: str, text: str, card: str, said: str, tmp_path: Path
) -> None:
    turn = Turn(who="maya", where="channel", text=text)
    row = Row(row_id="X", turn=turn, history=(), setup={"arm": arm}, submit={})
    (result,) = await play([row], WORLD, tmp_path)
    assert result["card"] == card
    assert said in result["text"]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("03:20 CET snapshot", datetime(2026, 3, 12, 2, 20, tzinfo=UTC)),
        ("02:10 UTC snapshot", datetime(2026, 3, 12, 2, 10, tzinfo=UTC)),
    ],
)
def test_a_snapshot_is_of_today_in_the_room(words: str, at: datetime) -> None:
    assert arm_of({"cache": words}, NOW, BERLIN).snapshot == at


async def test_what_was_answered_before_is_known_when_azure_is_busy(tmp_path: Path) -> None:
    turn = Turn(who="maya", where="channel", text="status of CustomerDataETL")
    setup = {"arm": "429 always", "cache": "03:20 CET snapshot"}
    (result,) = await play(
        [Row(row_id="X", turn=turn, history=(), setup=setup, submit={})], WORLD, tmp_path
    )
    assert "Failed 02:31 (as of 03:20)" in result["text"]
    assert len(result["calls"]) == 1


@pytest.mark.parametrize(
    "setup", [{"arm": "on fire"}, {"cache": "old"}, {"cache": "03:20 MOON snapshot"}, {"moon": 1}]
)
def test_a_state_that_nobody_knows_is_refused(setup: dict[str, object]) -> None:
    with pytest.raises(UnknownState):
        arm_of(setup, NOW, BERLIN)
