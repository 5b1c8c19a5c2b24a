"""The files of recorded questions and the worlds that they are asked in."""

import asyncio
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.evals.conversation import Result
from tests.evals.model import Voice
from tests.evals.report import Played, is_asked_back, outcome_of
from tests.evals.rows import EVALS, Row, read_rows, selected
from tests.evals.runner import play, play_presses
from tests.evals.scoring import Scorer

WORLDS = EVALS / "worlds"
_FILES = ("rows.jsonl", "dialogues.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A file of rows and the world that they are asked in."""

    name: str
    utterances: Path
    world: Path

    def rows(self, ids: Collection[str] = ()) -> list[Row]:
        """The rows with these ids, every row without ids."""
        return selected(read_rows(self.utterances), ids)

    def play(self, rows: Sequence[Row], voice: Voice) -> list[Result]:
        """The result of each row."""
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(play(rows, self.world, Path(folder), voice))

    def report(self, rows: Sequence[Row], results: Sequence[Result], voice: Voice) -> Played:
        """What became of each row; the choices of each question back are pressed for it."""
        scorer = Scorer(self.utterances)
        pairs = list(zip(rows, results, strict=True))
        back = [row for row, result in pairs if is_asked_back(scorer, row, result)]
        with tempfile.TemporaryDirectory() as folder:
            presses = asyncio.run(play_presses(rows, back, self.world, Path(folder), voice))
        outcomes = [
            (scorer.category(row), outcome_of(scorer, row, result, presses.get(row.row_id, ())))
            for row, result in pairs
        ]
        return Played(name=self.name, outcomes=outcomes)


def world_suites(folder: Path = WORLDS) -> list[Suite]:
    """The rows and the dialogues of each folder that holds a world."""
    return [
        Suite(name=f"{world.parent.name}/{file}", utterances=world.parent / file, world=world)
        for world in sorted(folder.glob("*/world.json"))
        for file in _FILES
    ]
