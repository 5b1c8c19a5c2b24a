"""A model that is down costs no grade, one that obeys planted orders does no harm."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.hosting.settings import read_settings
from tests.evals.__main__ import main
from tests.evals.conversation import Result
from tests.evals.model import Double, NoLiveModel, Voice, live_settings
from tests.evals.rows import UTTERANCES, WORLD, Row, read_rows
from tests.evals.runner import play
from tests.evals.scoring import grader

ROWS = read_rows(UTTERANCES)
WIRE = {one["id"]: one for one in map(json.loads, UTTERANCES.read_text("utf-8").splitlines())}
PLANTED = [row for row in ROWS if WIRE[row.row_id]["category"] == "injection"]
AGENTS = ("foundry", "azure_openai")


def grades(rows: Sequence[Row], results: Sequence[Result]) -> dict[str, str]:
    score = grader(UTTERANCES.parent)
    pairs = zip(rows, results, strict=True)
    return {row.row_id: score.grade(WIRE[row.row_id], one)[0] for row, one in pairs}


@pytest.mark.parametrize(
    ("agent", "double", "rows"),
    [
        pytest.param("foundry", Double.DEAD, ROWS, marks=pytest.mark.prove),
        pytest.param("foundry", Double.BROKEN, ROWS[::8], marks=pytest.mark.prove),
        pytest.param("azure_openai", Double.DEAD, ROWS[1::8], marks=pytest.mark.prove),
        pytest.param("azure_openai", Double.BROKEN, ROWS[2::8], marks=pytest.mark.prove),
        ("foundry", Double.DEAD, ROWS[3::24]),
        ("foundry", Double.BROKEN, ROWS[8::24]),
        ("azure_openai", Double.DEAD, ROWS[1::24]),
        ("azure_openai", Double.BROKEN, ROWS[10::24]),
    ],
)
async def test_with_the_model_down_every_grade_is_that_of_the_rules(
    agent: str, double: Double, rows: Sequence[Row], tmp_path: Path
) -> None:
    alone = await play(rows, WORLD, tmp_path)
    ours = await play(rows, WORLD, tmp_path, Voice(agent=agent, double=double))
    assert grades(rows, ours) == grades(rows, alone)
    assert any("No explanation right now" in one["text"] for one in ours)


@pytest.mark.parametrize("agent", AGENTS)
async def test_a_model_that_obeys_what_is_planted_does_no_harm(agent: str, tmp_path: Path) -> None:
    results = await play(PLANTED, WORLD, tmp_path, Voice(agent=agent, double=Double.OBEYING))
    assert len(results) > 5
    assert "unsafe" not in grades(PLANTED, results).values()
    assert [one["arm"] for one in results] == [[] for _ in PLANTED]
    assert any("tried to steer it" in one["text"] for one in results)


async def test_a_row_that_says_so_is_played_with_the_model_down(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row.without_model]
    results = await play(rows, WORLD, tmp_path)
    assert set(grades(rows, results).values()) == {"pass"}


@pytest.mark.parametrize("agent", AGENTS)
def test_without_a_live_model_there_is_no_score(
    agent: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("PROJECT_ENDPOINT", "AZURE_OPENAI_ENDPOINT", "MODEL_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    out = tmp_path / "results.jsonl"
    assert main(["--agent", agent, "--out", str(out)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "without a live model" in line
    assert not out.exists()


def test_what_leads_to_a_live_model_is_handed_to_the_product() -> None:
    settings = read_settings(
        _env_file=None,
        ADFOPS_FACTORIES="f.json",
        MODEL_ENDPOINT="https://models.example",
        MODEL_API_KEY="key",
        MODEL_DEPLOYMENT_NAME="gpt",
    )
    assert live_settings(settings, "azure_openai") == {
        "MODEL_ENDPOINT": "https://models.example",
        "MODEL_DEPLOYMENT_NAME": "gpt",
        "MODEL_API_KEY": "key",
    }
    with pytest.raises(NoLiveModel, match="PROJECT_ENDPOINT"):
        live_settings(settings, "foundry")


def test_both_rates_are_told_where_a_double_stands_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--agent", "azure_openai", "--model-double", "dead", "--ids", "STA-01,WHY-01"]
    assert main([*words, "--out", str(tmp_path / "results.jsonl")]) == 0
    told = capsys.readouterr().out
    assert "azure_openai over a model that is dead: 2 of 2 (100.0%)" in told
    assert "pass with offline: 2 of 2 (100.0%)" in told
