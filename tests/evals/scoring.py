"""The grades of played rows, by the score.py beside the recorded questions."""

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.evals.conversation import Result
from tests.evals.rows import EVALS, Row

Grade = tuple[str, object]


class NoGrader(Exception):
    """There is no score.py where one was looked for."""


def grader(folder: Path) -> ModuleType:
    """The grader that lies beside the rows, or the one of the recorded questions."""
    files = (folder / "score.py", EVALS / "score.py")
    file = next((one for one in files if one.is_file()), None)
    spec = importlib.util.spec_from_file_location("score", file) if file else None
    if spec is None or spec.loader is None:
        raise NoGrader(str(folder))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Scorer:
    """Grades results of the rows of one file."""

    def __init__(self, file: Path) -> None:
        """`file` is the rows as they were written; its folder may hold a grader of its own."""
        lines = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        self._wire: dict[str, Any] = {one["id"]: one for one in lines}
        self._score = grader(file.parent)

    def category(self, row: Row) -> str:
        """What kind of question a row is."""
        return self._wire[row.row_id]["category"]

    def expected_card(self, row: Row) -> str:
        """The kind of card that is the right answer to a row."""
        return self._wire[row.row_id]["expect"]["card"]

    def grade(self, row: Row, result: Result) -> Grade:
        """The grade of a result and the reasons for it; what was not played fails."""
        if "failed" in result:
            return "fail", result["failed"]
        return self._score.grade(self._wire[row.row_id], result)

    def grades(self, rows: Sequence[Row], results: Sequence[Result]) -> list[Grade]:
        """The grade of each row."""
        return [self.grade(row, one) for row, one in zip(rows, results, strict=True)]
