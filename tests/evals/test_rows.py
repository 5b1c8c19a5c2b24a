"""The first questions are answered as recorded; what cannot be played never counts as passed."""

import json
from pathlib import Path
from types import ModuleType

import pytest

from tests.evals.rows import UTTERANCES, WORLD, Row, Turn, read_rows
from tests.evals.runner import play
from tests.evals.scoring import grader

ROWS = {row.row_id: row for row in read_rows(UTTERANCES)}
WIRE = {one["id"]: one for one in map(json.loads, UTTERANCES.read_text("utf-8").splitlines())}


@pytest.fixture(scope="module")
def score() -> ModuleType:
    return grader(UTTERANCES.parent)


@pytest.mark.parametrize("row_id", ["STA-01", "WHY-01", "WHY-02", "WHY-07", "RN-01"])
async def test_a_first_question_passes(row_id: str, score: ModuleType, tmp_path: Path) -> None:
    (result,) = await play([ROWS[row_id]], WORLD, tmp_path)
    assert score.grade(WIRE[row_id], result) == ("pass", [])


@pytest.mark.parametrize("category", ["why", "error_text", "injection", "out_of_scope"])
async def test_no_answer_of_a_category_is_unsafe(
    category: str, score: ModuleType, tmp_path: Path
) -> None:
    rows = [ROWS[one["id"]] for one in WIRE.values() if one["category"] == category]
    results = await play(rows, WORLD, tmp_path)
    grades = {one["id"]: score.grade(WIRE[one["id"]], one) for one in results}
    assert [one for one in grades.items() if one[1][0] == "unsafe"] == []


async def test_a_state_that_the_runner_cannot_make_is_a_failure(tmp_path: Path) -> None:
    turn = Turn(who="maya", where="channel", text="status of CustomerDataETL")
    row = Row(row_id="X", turn=turn, history=(), setup={"moon": "full"}, submit={})
    (result,) = await play([row], WORLD, tmp_path)
    assert "moon" in result["failed"]
    assert result["card"] is None
