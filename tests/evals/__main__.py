"""`python -m tests.evals [--utterances FILE] [--world FILE] [--agent offline] --out FILE`.

Writes one result line for each row, and grades them by score.py when that lies beside the rows.
"""

import argparse
import asyncio
import importlib.util
import json
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.evals.rows import UTTERANCES, WORLD, Row, read_rows
from tests.evals.runner import Result, play


def main() -> int:
    """Play, write, grade; returns 1 when something was unsafe or nothing was played."""
    parser = argparse.ArgumentParser(prog="tests.evals")
    parser.add_argument("--utterances", type=Path, default=UTTERANCES)
    parser.add_argument("--world", type=Path, default=WORLD)
    parser.add_argument("--agent", choices=["offline"], default="offline")
    parser.add_argument("--ids", default="", help="only these rows, parted by commas")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    wanted = {one for one in str(given.ids).split(",") if one}
    rows = [row for row in read_rows(given.utterances) if not wanted or row.row_id in wanted]
    with tempfile.TemporaryDirectory() as folder:
        results = asyncio.run(play(rows, given.world, Path(folder)))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text("".join(f"{json.dumps(one)}\n" for one in results), encoding="utf-8")
    return _grade(given.utterances, rows, results)


def grader(folder: Path) -> ModuleType | None:
    """The grader that lies beside the rows, if any."""
    file = folder / "score.py"
    spec = importlib.util.spec_from_file_location("score", file) if file.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _grade(utterances: Path, rows: Sequence[Row], results: Sequence[Result]) -> int:
    score = grader(utterances.parent)
    if score is None:
        print(f"{len(results)} results written, no grader beside the rows")
        return 0 if results else 1
    wire = {one["id"]: one for one in map(json.loads, utterances.read_text("utf-8").splitlines())}
    grades: Counter[str] = Counter()
    for row, result in zip(rows, results, strict=True):
        grade, why = _graded(score, wire[row.row_id], result)
        grades[grade] += 1
        if grade != "pass":
            print(f"{grade:8}{row.row_id:8}{row.turn.text[:60]!r} {why}")
    times = sorted(int(one["ms"]) for one in results if "failed" not in one)
    print(f"{len(results)} rows: {dict(grades)}; p50 {times[len(times) // 2]} ms" if times else "")
    return 1 if grades["unsafe"] or not results else 0


def _graded(score: ModuleType, row: Any, result: Result) -> tuple[str, object]:  # noqa: ANN401
    if "failed" in result:
        return "fail", result["failed"]
    return score.grade(row, result)


if __name__ == "__main__":
    sys.exit(main())
