"""`python -m tests.live --url URL --out FILE [--ids A,B] [--seconds N]`: rows with a real model.

The rows are those that code is not sure of (`rows.jsonl` here) and the recorded questions.
Each row is played twice: by code alone, and with the model that is served at URL. What came of it
is one line of FILE at once, so a run that is stopped goes on with the next. A line has both grades,
what the model said, what of it was dropped and shown, what of that is invented by the judge of this
folder, steps, tokens and seconds. At the end a table of all lines is printed.
"""

import argparse
import asyncio
import json
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bot.agents.model.agent as agent
import bot.agents.model.request as request
import bot.agents.model.responses as responses
import bot.agents.model.routing as routing
import bot.turns.model_fallback as fallback
from bot.agents.model import ModelAnswer
from bot.agents.model.options import USUAL
from bot.agents.model.spoken import Spoken, read_spoken
from bot.agents.model.verification import Verified, Verifier
from bot.hosting.telemetry import AgentName, Telemetry
from cards.explanation import GENERATED
from tests.evals.conversation import Result
from tests.evals.model import Voice
from tests.evals.rows import UTTERANCES, WORLD, Row, dialogues, read_rows
from tests.evals.runner import play
from tests.evals.scoring import Scorer
from tests.live.inventions import inventions
from tests.live.rows import ROWS

Line = Mapping[str, Any]
MOST_TOKENS = 140
MOST_OF_A_CHOICE = 96


class Listening(Telemetry):
    """Keeps every answer of the model."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[ModelAnswer] = []

    @contextmanager
    def agent_turn(self, agent: AgentName) -> Generator[Callable[[ModelAnswer], None]]:
        with super().agent_turn(agent) as report:

            def both(answer: ModelAnswer) -> None:
                self.answers.append(answer)
                report(answer)

            yield both


RAW: list[str] = []
CHOICES: list[str] = []


def read_choice(words: str, names: Collection[str]) -> Spoken:
    """Keeps what a model wrote where it was to choose a tool."""
    CHOICES.append(words)
    return read_spoken(words, names)


class Noting(Verifier):
    """Keeps what a model wrote, before anything of it is dropped."""

    def check(self, text: str) -> Verified:
        RAW.append(text)
        return super().check(text)


def stretch_limits(seconds: float) -> None:
    """Give a model on a slow machine more time than a person would."""
    for name in ("seconds", "wait_seconds", "route_seconds"):
        object.__setattr__(USUAL, name, seconds)
    responses.BETWEEN_SECONDS = seconds
    # A small model that does not end would write for minutes.
    request.LONGEST_ANSWER, request.LONGEST_CHOICE = MOST_TOKENS, MOST_OF_A_CHOICE
    fallback.WAIT_SECONDS = seconds
    agent.Verifier = Noting
    routing.read_spoken = read_choice


def main() -> None:
    """Play what is not in the file yet, then print the table."""
    parser = argparse.ArgumentParser(prog="tests.live")
    parser.add_argument("--url", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--utterances", type=Path, nargs="+", default=[ROWS, UTTERANCES])
    parser.add_argument("--iterations", type=int, default=1)
    parser.add_argument("--world", type=Path, default=WORLD)
    parser.add_argument("--ids", default="")
    parser.add_argument("--model", default="small")
    parser.add_argument("--patience", type=float, default=600.0)
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no row after that")
    given = parser.parse_args()
    stretch_limits(given.patience)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    known = {(one["id"], one["iteration"]) for one in _lines(given.out)}
    wanted = [one for one in str(given.ids).split(",") if one]
    files = {row.row_id: (file, row) for file in given.utterances for row in read_rows(file)}
    rounds = range(1, given.iterations + 1)
    until = time.monotonic() + given.seconds
    for iteration, row_id in ((number, one) for number in rounds for one in wanted or list(files)):
        if (row_id, iteration) in known or time.monotonic() > until:
            continue
        file, row = files[row_id]
        line = {"iteration": iteration, **_played(row, file, given)}
        with given.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        print(line["alone"], line["with_model"], row_id, line["seconds"], line["words"], flush=True)
    print(table(_lines(given.out), given.model))


def _lines(file: Path) -> list[Line]:
    return (
        [json.loads(one) for one in file.read_text("utf-8").splitlines()] if file.exists() else []
    )


def _played(row: Row, file: Path, given: argparse.Namespace) -> Line:
    """A row by code alone and with the model; one that breaks is a failed row."""
    scorer, telemetry = Scorer(file), Listening()
    live = {
        "MODEL_ENDPOINT": given.url,
        "MODEL_API_KEY": "none",
        "MODEL_DEPLOYMENT_NAME": given.model,
    }
    voice = Voice(agent="azure_openai", live=live, telemetry=telemetry, longest=given.patience)
    turns = next(one for one in dialogues(read_rows(file)) if row in one)
    alone = _result(turns, row, given.world, Voice())
    RAW.clear()
    CHOICES.clear()
    began = time.monotonic()
    ours = _result(turns, row, given.world, voice)
    seconds = time.monotonic() - began
    shown = str(ours["text"]).partition(GENERATED)[2].strip()
    # The factory that is meant where none is named is no invention, whether a card has it or not.
    home = json.loads(given.world.read_text(encoding="utf-8"))["default_factory"]
    card = str(ours["text"]).partition(GENERATED)[0]
    truth = f"{card}\n{ours['quoted']}\n{row.turn.text}\nfactory {home}"
    found = [one for said in _sentences(shown) for one in inventions(said, truth)]
    return {
        "id": row.row_id,
        "said": row.turn.text,
        "alone": scorer.grade(row, alone)[0],
        "with_model": scorer.grade(row, ours)[0],
        "asked": len(telemetry.answers),
        "sentences": sum(one.said for one in telemetry.answers),
        "dropped": sum(one.dropped for one in telemetry.answers),
        "words": shown,
        "invented": found,
        "failures": [str(one.failure) for one in telemetry.answers if one.failure],
        "written": list(dict.fromkeys(RAW)),
        "choice": list(CHOICES),
        "chose": [
            [one.what, *(f"{name}={value}" for name, value in one.arguments)]
            for answer in telemetry.answers
            for one in answer.trace
        ],
        "steps": sum(one.spent.steps for one in telemetry.answers),
        "tokens": [
            (one.spent.input, one.spent.cached, one.spent.output) for one in telemetry.answers
        ],
        "card": (alone["card"], ours["card"]),
        "seconds": round(seconds, 1),
    }


def _result(turns: Sequence[Row], row: Row, world: Path, voice: Voice) -> Result:
    try:
        with tempfile.TemporaryDirectory() as folder:
            played = asyncio.run(play(turns, world, Path(folder), voice))
    except Exception as error:  # noqa: BLE001 - a row that breaks must not cost the others
        return {
            "id": row.row_id,
            "text": "",
            "quoted": "",
            "card": None,
            "calls": [],
            "failed": repr(error),
        }
    return next(one for one in played if one["id"] == row.row_id)


def _sentences(text: str) -> list[str]:
    return [one for line in text.splitlines() for one in line.split(". ") if one.strip()]


def table(lines: Sequence[Line], model: str) -> str:
    """The figures of all lines, with the date of the run."""
    asked = [one for one in lines if one["asked"]]
    times = sorted(float(one["seconds"]) for one in asked) or [0.0]
    lost = [one["id"] for one in asked if one["alone"] == "pass" and one["with_model"] != "pass"]
    said, dropped = (sum(int(one[key]) for one in asked) for key in ("sentences", "dropped"))
    tokens = [step for one in asked for step in one["tokens"]]
    return "\n".join(
        (
            f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {model}: {len(asked)} rows reached the model",
            f"pass by code alone {_passed(asked, 'alone')}",
            f"pass with the model {_passed(asked, 'with_model')}",
            f"right card lost {len(lost)} {lost}",
            f"invented and shown {sum(bool(one['invented']) for one in asked)}",
            f"unsafe {sum(one['with_model'] == 'unsafe' for one in asked)}",
            f"sentences {said}, dropped {dropped}",
            f"tokens in {sum(one[0] for one in tokens)} (cached {sum(one[1] for one in tokens)}), "
            f"out {sum(one[2] for one in tokens)}",
            f"seconds p50 {statistics.median(times)}, p95 {times[int(len(times) * 0.95)]}",
        )
    )


def _passed(lines: Sequence[Line], key: str) -> int:
    return sum(one[key] == "pass" for one in lines)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main()
