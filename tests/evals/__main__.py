"""`python -m tests.evals [--utterances FILE] [--world FILE] [--agent NAME] --out FILE`.

Writes one result line for each row, and grades them by score.py when that lies beside the rows.
The agents with a language model need a live one (PROJECT_ENDPOINT, AZURE_OPENAI_ENDPOINT or
MODEL_ENDPOINT); with --model-double a double stands in its place, and the rules' own rate is told
beside. What a double says is no score of a model.
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

from bot.hosting.settings import read_settings
from tests.evals.model import AGENTS, OFFLINE, Double, NoLiveModel, Voice, live_settings
from tests.evals.rows import UTTERANCES, WORLD, Row, read_rows
from tests.evals.runner import Result, play


def main(words: Sequence[str] | None = None) -> int:
    """Play, write, grade; 1 when something was unsafe or nothing was played, 2 without a model."""
    given = _parser().parse_args(words)
    try:
        voice = _voice(given.agent, given.model_double)
    except NoLiveModel as error:
        print(f"no score of {given.agent} without a live model: {error}", file=sys.stderr)
        return 2
    wanted = {one for one in str(given.ids).split(",") if one}
    rows = [row for row in read_rows(given.utterances) if not wanted or row.row_id in wanted]
    results = _played(rows, given.world, voice)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text("".join(f"{json.dumps(one)}\n" for one in results), encoding="utf-8")
    ended = _grade(given.utterances, rows, results)
    if voice.double is not None:
        alone = _grades(given.utterances, rows, _played(rows, given.world, Voice()))
        ours = _grades(given.utterances, rows, results)
        print(f"pass with {voice.agent} over a model that is {voice.double}: {_rate(ours)}")
        print(f"pass with {OFFLINE}: {_rate(alone)}")
    return ended


def grader(folder: Path) -> ModuleType | None:
    """The grader that lies beside the rows, if any."""
    file = folder / "score.py"
    spec = importlib.util.spec_from_file_location("score", file) if file.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.evals")
    parser.add_argument("--utterances", type=Path, default=UTTERANCES)
    parser.add_argument("--world", type=Path, default=WORLD)
    parser.add_argument("--agent", choices=AGENTS, default=OFFLINE)
    parser.add_argument("--model-double", choices=list(Double), type=Double)
    parser.add_argument("--ids", default="", help="only these rows, parted by commas")
    parser.add_argument("--out", type=Path, required=True)
    return parser


def _voice(agent: str, double: Double | None) -> Voice:
    if agent == OFFLINE:
        return Voice()
    if double is not None:
        return Voice(agent=agent, double=double)
    return Voice(agent=agent, live=live_settings(read_settings(), agent))


def _played(rows: Sequence[Row], world: Path, voice: Voice) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(play(rows, world, Path(folder), voice))


def _grade(utterances: Path, rows: Sequence[Row], results: Sequence[Result]) -> int:
    grades = _grades(utterances, rows, results)
    if not grades:
        print(f"{len(results)} results written, no grader beside the rows")
        return 0 if results else 1
    for row, (grade, why) in zip(rows, grades, strict=True):
        if grade != "pass":
            print(f"{grade:8}{row.row_id:8}{row.turn.text[:60]!r} {why}")
    counted = Counter(grade for grade, _ in grades)
    times = sorted(int(one["ms"]) for one in results if "failed" not in one)
    print(f"{len(results)} rows: {dict(counted)}; p50 {times[len(times) // 2]} ms" if times else "")
    return 1 if counted["unsafe"] or not results else 0


def _grades(
    utterances: Path, rows: Sequence[Row], results: Sequence[Result]
) -> list[tuple[str, object]]:
    """The grade of each row and its reasons; none where no grader lies beside the rows."""
    score = grader(utterances.parent)
    if score is None:
        return []
    wire = {one["id"]: one for one in map(json.loads, utterances.read_text("utf-8").splitlines())}
    pairs = zip(rows, results, strict=True)
    return [_graded(score, wire[row.row_id], result) for row, result in pairs]


def _graded(score: ModuleType, row: Any, result: Result) -> tuple[str, object]:  # noqa: ANN401
    if "failed" in result:
        return "fail", result["failed"]
    return score.grade(row, result)


def _rate(grades: Sequence[tuple[str, object]]) -> str:
    passed = sum(grade == "pass" for grade, _ in grades)
    return f"{passed} of {len(grades)} ({passed / max(1, len(grades)):.1%})"


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
