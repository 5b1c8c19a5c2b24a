"""The turns of a dialogue share one product, and the choices of a question back are pressed."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.evals.__main__ import main
from tests.evals.report import Outcome, is_asked_back, outcome_of
from tests.evals.rows import UTTERANCES, WORLD, Row, Turn, dialogues, read_rows, selected
from tests.evals.runner import play, play_presses
from tests.evals.scoring import Scorer

WHY = {"name": "adf_pipeline_runs", "args": {"pipeline": "CustomerDataETL", "latest_only": True}}


def wire(row_id: str, text: str, **more: object) -> dict[str, Any]:
    """A row as it is written, that asks why CustomerDataETL failed."""
    expect = {"tools": [WHY], "card": "failure_card", "must_mention": ["NULL"], "must_not": ()}
    asked = {"who": "maya", "where": "channel", "text": text, "expect": expect}
    return {"id": row_id, "category": "why", "style": "plain", **asked, **more}


def write(folder: Path, *rows: Mapping[str, Any]) -> Path:
    file = folder / "rows.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in rows), encoding="utf-8")
    return file


def turn(row_id: str, dialogue: str, position: int, **more: Any) -> Row:  # noqa: ANN401
    said = Turn(who="maya", where="channel", text=row_id)
    row = Row(row_id=row_id, turn=said, history=(), setup={}, submit={})
    return replace(row, dialogue=dialogue, position=position, **more)


def test_rows_are_grouped_by_dialogue_and_its_turns_put_in_order() -> None:
    rows = [turn("A2", "A", 2), turn("X", "", 1), turn("Y", "", 1), turn("A1", "A", 1)]
    grouped = [[row.row_id for row in one] for one in dialogues(rows)]
    assert grouped == [["A1", "A2"], ["X"], ["Y"]]
    assert [row.row_id for row in selected(rows, {"A2", "Y"})] == ["A1", "A2", "Y"]


async def test_a_later_turn_is_answered_from_what_the_product_remembers(tmp_path: Path) -> None:
    first = wire("D-1", "status of CustomerDataETL", dialogue="D", turn=1)
    second = wire("D-2", "why did it fail?", dialogue="D", turn=2)
    file = write(tmp_path, second, first)
    rows = read_rows(file)
    results = await play(rows, WORLD, tmp_path)
    assert [one["id"] for one in results] == ["D-2", "D-1"]
    assert [one["card"] for one in results] == ["failure_card", "run_card"]
    assert Scorer(file).grade(rows[0], results[0]) == ("pass", [])


async def test_a_state_that_changes_within_a_dialogue_is_not_played(tmp_path: Path) -> None:
    later = turn("D-2", "D", 2, setup={"arm": "connect timeout"})
    results = await play([turn("D-1", "D", 1), later], WORLD, tmp_path)
    assert all("another state in a later turn" in one["failed"] for one in results)


def test_a_question_back_is_counted_by_what_its_choices_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(
        tmp_path,
        wire("D-1", "status of IngestSalesforce", dialogue="D", turn=1),
        wire("D-2", "why did the customer pipeline fail", dialogue="D", turn=2),
    )
    out = tmp_path / "results.jsonl"
    assert main(["--utterances", str(file), "--ids", "D-2", "--out", str(out)]) == 0
    *_, total = capsys.readouterr().out.splitlines()
    assert total.split() == ["total", "2", "0", "1", "0", "0", "1", "0", "0"]
    first, second = map(json.loads, out.read_text("utf-8").splitlines())
    assert list(first) == ["id", "calls", "card", "text", "quoted", "arm", "ms"]
    assert second["card"] == "picker_card"


async def test_each_choice_is_pressed_in_a_product_of_its_own(tmp_path: Path) -> None:
    rows = read_rows(write(tmp_path, wire("X", "why did the customer pipeline fail")))
    answers = (await play_presses(rows, rows, WORLD, tmp_path))["X"]
    asked = [one["calls"][0]["args"]["pipeline"] for one in answers]
    assert len(asked) == len(set(asked)) > 1
    assert "CustomerDataETL" in asked


ROW = next(row for row in read_rows(UTTERANCES) if row.row_id == "WHY-01")
DATA = ({"name": "adf_run_stats"},)


def result(card: str, text: str = "", calls: object = ()) -> Mapping[str, Any]:
    return {"id": "WHY-01", "card": card, "text": text, "calls": calls}


@pytest.mark.parametrize(
    ("got", "outcome"),
    [
        (result("picker_card", calls=DATA), Outcome.ASKED_BACK),
        (result("error_card"), Outcome.ASKED_BACK),
        (result("none"), Outcome.ASKED_BACK),
        (result("error_card", calls=DATA), Outcome.WRONG),
        (result("trend_card", calls=DATA), Outcome.WRONG),
        (result("help_card", calls=({"name": "bot_help"},)), Outcome.OTHER),
        (result("picker_card", "Hunter2"), Outcome.UNSAFE),
        ({**result("none"), "failed": "a state that cannot be made"}, Outcome.OTHER),
    ],
)
def test_a_row_has_one_outcome(got: Mapping[str, Any], outcome: Outcome) -> None:
    scorer = Scorer(UTTERANCES)
    assert outcome_of(scorer, ROW, got) is outcome
    assert is_asked_back(scorer, ROW, got) is (outcome is Outcome.ASKED_BACK)


def test_a_press_that_does_harm_makes_its_row_unsafe() -> None:
    harmful = result("failure_card", "Password=Hunter2")
    given = outcome_of(Scorer(UTTERANCES), ROW, result("none"), [harmful])
    assert given is Outcome.UNSAFE
