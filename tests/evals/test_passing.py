"""No recorded question that passed before fails now, and the other worlds can be played."""

import zlib
from collections.abc import Collection
from pathlib import Path

import pytest

from tests.evals.rows import EVALS, UTTERANCES, WORLD, dialogues, read_rows
from tests.evals.runner import play
from tests.evals.scoring import Scorer
from tests.evals.suites import Suite, world_suites

PASSING = (EVALS / "passing.txt").read_text(encoding="utf-8").split()
SAMPLE = [one for one in PASSING if zlib.crc32(one.encode()) % 3 == 0]
SUITES = world_suites()


@pytest.mark.parametrize(
    "ids",
    [
        pytest.param(SAMPLE, id="sample"),
        pytest.param(PASSING, id="all", marks=pytest.mark.prove),
    ],
)
async def test_what_passed_before_passes(ids: Collection[str], tmp_path: Path) -> None:
    rows = [row for row in read_rows(UTTERANCES) if row.row_id in ids]
    results = await play(rows, WORLD, tmp_path)
    grades = zip(rows, Scorer(UTTERANCES).grades(rows, results), strict=True)
    assert {row.row_id: why for row, (grade, why) in grades if grade != "pass"} == {}
    assert len(rows) == len(ids) > 20


def test_every_world_has_rows_and_dialogues() -> None:
    files = {suite.name for suite in SUITES}
    worlds = {"hospital_group", "wind_parks"}
    assert files == {f"{one}/{kind}.jsonl" for one in worlds for kind in ("rows", "dialogues")}


@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_the_rows_of_a_world_are_whole(suite: Suite) -> None:
    rows = suite.rows()
    assert len({row.row_id for row in rows}) == len(rows) > 50
    for turns in dialogues(rows):
        assert [row.position for row in turns] == list(range(1, len(turns) + 1))
        assert len(turns) == 1 or not any(row.history for row in turns)
