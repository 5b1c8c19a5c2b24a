"""With a double that chooses as a strong model would, unsure questions get the right card."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.foundry import Heard, Item, calls, says
from tests.doubles.foundry.wire import NO_TOOL
from tests.evals.conversation import Conversation
from tests.evals.rows import Row, read_rows
from tests.evals.scoring import Scorer
from tests.flows.model.stage import talking
from tests.live.rows import ROWS

LEAST = 0.95
AT_ONCE = 15
# What is asked by rows that expect no call to a tool that rows record.
QUEUED: Sequence[Mapping[str, Any]] = ({"name": "adf_queue_status"},)
INSIDE = "adf_pipeline_activity_runs"


class Strong:
    """Chooses what the row that was asked expects; `chosen` counts its choices."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = {row.turn.text: row for row in rows}
        self.chosen = 0

    async def reply(self, heard: Heard) -> list[Item]:
        """The expected call, or words that claim nothing."""
        row = self._rows.get(heard.question)
        if row is None or not heard.declares(NO_TOOL):
            return [says("Ask its owner.")]
        self.chosen += 1
        expected = row.expected or QUEUED
        names = [one["name"] for one in expected]
        return [calls(INSIDE if INSIDE in names else names[0], **_given(row, expected[0]))]


def _given(row: Row, first: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the first call; of a tool that rows do not record, the name in the text."""
    if row.expected:
        return dict(first["args"])
    return {"pipeline": next(one for one in row.turn.text.split() if one == "ProcessOrders")}


@pytest.mark.prove
async def test_a_strong_choice_is_the_right_card() -> None:
    rows, scorer, passed, double = read_rows(ROWS), Scorer(ROWS), 0, 0
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        brain = Strong(some)
        with tempfile.TemporaryDirectory() as folder:
            async with talking("azure_openai", brain, Path(folder)) as stage:
                stage.model.chooses = True
                asking = Conversation(product=stage.product, zone="Europe/Berlin", patience=20)
                for row in some:
                    result, _ = await asking.ask(row.turn)
                    grade = scorer.grade(row, {"id": row.row_id, **result})
                    passed += grade[0] == "pass"
                    if grade[0] != "pass":
                        print(row.row_id, row.turn.text, grade, result["card"], result["calls"])
        double += brain.chosen
    print(f"{passed} of {len(rows)} pass; {double} were chosen by the double, which is no score")
    assert passed >= LEAST * len(rows)
