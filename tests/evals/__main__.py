"""`python -m tests.evals [--utterances FILE] [--world FILE] [--agent NAME] [--worlds] --out FILE`.

Writes one result line for each row, grades them and prints a table of what became of them; with
--worlds the rows and dialogues of the other worlds are played too and counted in that table. The
agents with a language model need a live one (PROJECT_ENDPOINT, AZURE_OPENAI_ENDPOINT or
MODEL_ENDPOINT); with --model-double a double stands in its place, and the rules' own rate is
printed beside. What a double says is no score of a model.
"""

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bot.hosting.settings import read_settings
from tests.evals.conversation import Result
from tests.evals.model import AGENTS, OFFLINE, Double, NoLiveModel, Voice, live_settings
from tests.evals.report import TOTAL, Outcome, Played, table
from tests.evals.rows import UTTERANCES, WORLD, Row
from tests.evals.scoring import Grade, Scorer
from tests.evals.suites import Suite, world_suites


def main(words: Sequence[str] | None = None) -> int:
    """Play, write, grade; 1 when something was unsafe or nothing was played, 2 without a model."""
    given = _parser().parse_args(words)
    try:
        voice = _voice(given.agent, given.model_double)
    except NoLiveModel as error:
        print(f"no score of {given.agent} without a live model: {error}", file=sys.stderr)
        return 2
    suite = Suite(name=given.utterances.name, utterances=given.utterances, world=given.world)
    rows = suite.rows({one for one in str(given.ids).split(",") if one})
    results = suite.play(rows, voice)
    _write(given.out, results)
    _print_grades(suite, rows, results)
    if voice.double is not None:
        _print_rates(suite, rows, results, voice)
    played = [suite.report(rows, results, voice)]
    if given.worlds:
        played += [_played(one, voice) for one in world_suites()]
    print(table(played))
    return 1 if any(map(_is_bad, played)) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests.evals")
    parser.add_argument("--utterances", type=Path, default=UTTERANCES)
    parser.add_argument("--world", type=Path, default=WORLD)
    parser.add_argument("--worlds", action="store_true", help="count the other worlds too")
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


def _write(out: Path, results: Sequence[Result]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(f"{json.dumps(one)}\n" for one in results), encoding="utf-8")


def _played(suite: Suite, voice: Voice) -> Played:
    """A whole file, counted; its single rows are neither printed nor written."""
    rows = suite.rows()
    return suite.report(rows, suite.play(rows, voice), voice)


def _is_bad(played: Played) -> bool:
    counts = played.counted()[TOTAL]
    return not counts or counts[Outcome.UNSAFE] > 0


def _print_grades(suite: Suite, rows: Sequence[Row], results: Sequence[Result]) -> None:
    grades = Scorer(suite.utterances).grades(rows, results)
    for row, (grade, why) in zip(rows, grades, strict=True):
        if grade != "pass":
            print(f"{grade:8}{row.row_id:8}{row.turn.text[:60]!r} {why}")
    counted = Counter(grade for grade, _ in grades)
    times = sorted(int(one["ms"]) for one in results if "failed" not in one)
    print(f"{len(results)} rows: {dict(counted)}; p50 {times[len(times) // 2]} ms" if times else "")


def _print_rates(
    suite: Suite, rows: Sequence[Row], results: Sequence[Result], voice: Voice
) -> None:
    """How many pass with the double, and how many by the rules alone."""
    scorer = Scorer(suite.utterances)
    rules = scorer.grades(rows, suite.play(rows, Voice()))
    ours = scorer.grades(rows, results)
    print(f"pass with {voice.agent} over a model that is {voice.double}: {_rate(ours)}")
    print(f"pass with {OFFLINE}: {_rate(rules)}")


def _rate(grades: Sequence[Grade]) -> str:
    passed = sum(grade == "pass" for grade, _ in grades)
    return f"{passed} of {len(grades)} ({passed / max(1, len(grades)):.1%})"


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main())
