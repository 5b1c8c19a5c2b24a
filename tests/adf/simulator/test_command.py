"""`python -m adf.simulator` serves a world or the live factory until it is asked to end."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adf.simulator.__main__ import main
from tests.adf.simulator.git_folders import PROCFWK
from tests.adf.simulator.worlds import WORLD

ARM = "/subscriptions/s/resourceGroups/{}/providers/Microsoft.DataFactory/factories/{}{}"
LISTENING = re.compile(r"^Data Factory simulator listening on (http://127\.0\.0\.1:\d+)")


@contextmanager
def simulator(*words: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "adf.simulator", "--port", "0", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as it:
        try:
            assert it.stdout is not None
            told = LISTENING.match(it.stdout.readline())
            assert told is not None
            yield it, told[1]
        finally:
            it.kill()


def ask(base: str, path: str, body: object = None) -> dict[str, object]:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": "Bearer t", "Content-Type": "application/json"}
    url = f"{base}{path}?api-version=2018-06-01"
    with urllib.request.urlopen(urllib.request.Request(url, data, headers)) as answer:
        return json.load(answer)


@pytest.mark.parametrize("wanted", [signal.SIGTERM, signal.SIGINT])
def test_a_world_is_served_frozen_and_the_process_ends_when_asked(wanted: signal.Signals) -> None:
    with simulator("--world", str(WORLD)) as (process, base):
        query = {"lastUpdatedAfter": "2026-03-11T00:00:00Z", "lastUpdatedBefore": "2026-03-13"}
        path = ARM.format("rg-data-prod", "adf-prod", "/queryPipelineRuns")
        assert len(ask(base, path, query)["value"]) == 23  # type: ignore[arg-type]
        process.send_signal(wanted)
        assert process.wait(120) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_without_a_world_the_live_factory_is_served() -> None:
    with simulator() as (_, base):
        assert ask(base, ARM.format("rg-demo", "adf-demo", ""))["name"] == "adf-demo"


def test_a_git_folder_is_served_as_a_factory_under_the_name_given(tmp_path: Path) -> None:
    errors = tmp_path / "errors.jsonl"
    errors.write_text('{"message": "Out of paper."}', encoding="utf-8")
    told = ("--factory-dir", str(PROCFWK), "--name", "adf-x", "--errors", str(errors))
    with simulator(*told, "--seed", "4", "--clock", "x60") as (_, base):
        listed = ask(base, ARM.format("rg-demo", "adf-x", "/pipelines"))
        assert "01-Grandparent" in json.dumps(listed)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--factory-dir", "nowhere"), "not a folder"),
        (("--clock", "slow"), "not 'slow'"),
        (("--world", "nowhere.json"), "nowhere.json"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", "0", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
