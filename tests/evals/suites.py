"""The files of recorded questions and the worlds that they are asked in."""

import asyncio
import tempfile
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.evals.conversation import Result
from tests.evals.model import Voice
from tests.evals.report import Played, is_asked_back, outcome_of
from tests.evals.rows import EVALS, Row, read_rows, selected
from tests.evals.runner import play, play_presses
from tests.evals.scoring import Scorer
from tests.simulated_time import SimulatedTimeLoop

Answers = TypeVar("Answers")
WORLDS = EVALS / "worlds"
_FILES = ("rows.jsonl", "dialogues.jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A file of rows and the world that they are asked in.

    A suite that is not `timed` is played in simulated time, so that its counts do not depend on
    the speed of the machine; a live model always keeps real time.
    """

    name: str
    utterances: Path
    world: Path
    timed: bool = True

    def rows(self, ids: Collection[str] = ()) -> list[Row]:
        """The rows with these ids, every row without ids."""
        return selected(read_rows(self.utterances), ids)

    def play(self, rows: Sequence[Row], voice: Voice) -> list[Result]:
        """The result of each row."""
        with tempfile.TemporaryDirectory() as folder:
            return self._run(play(rows, self.world, Path(folder), voice), voice)

    def report(self, rows: Sequence[Row], results: Sequence[Result], voice: Voice) -> Played:
        """What became of each row; the choices of each question back are pressed for it."""
        scorer = Scorer(self.utterances)
        pairs = list(zip(rows, results, strict=True))
        back = [row for row, result in pairs if is_asked_back(scorer, row, result)]
        with tempfile.TemporaryDirectory() as folder:
            pressed = play_presses(rows, back, self.world, Path(folder), voice)
            presses = self._run(pressed, voice)
        outcomes = [
            (scorer.category(row), outcome_of(scorer, row, result, presses.get(row.row_id, ())))
            for row, result in pairs
        ]
        return Played(name=self.name, outcomes=outcomes)

    def _run(self, playing: Coroutine[None, None, Answers], voice: Voice) -> Answers:
        is_real = self.timed or bool(voice.live)
        with asyncio.Runner(loop_factory=None if is_real else SimulatedTimeLoop) as runner:
            return runner.run(playing)


def world_suites(folder: Path = WORLDS) -> list[Suite]:
    """The rows and the dialogues of each folder that holds a world."""
    return [
        Suite(
            name=f"{world.parent.name}/{file}",
            utterances=world.parent / file,
            world=world,
            timed=False,
        )
        for world in sorted(folder.glob("*/world.json"))
        for file in _FILES
    ]
