"""`app.py diagnose-gaps` lists the errors that were met and not known, the most frequent first."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import app
from bot.hosting.settings import process_environment
from bot.state.error_gaps import ErrorGaps
from bot.state.store import open_sqlite

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)


async def listed(folder: Path) -> tuple[int | None, list[str], str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "app.py"), "diagnose-gaps"),
        cwd=folder,
        env={**process_environment(), "ADFOPS_STORE": f"sqlite:///{folder / 'store.db'}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode().splitlines(), err.decode()


@pytest.mark.timeout(120)
async def test_what_was_counted_is_listed_by_signature_and_count(tmp_path: Path) -> None:
    store = await open_sqlite(str(tmp_path / "store.db"))
    gaps = ErrorGaps(store, lambda: NOW)
    for signature in ("aaaa", "bbbb", "bbbb"):
        await gaps.count(signature)
    await store.close()
    code, lines, err = await listed(tmp_path)
    assert (code, err) == (0, "")
    assert [line.split() for line in lines] == [
        ["bbbb", "2", "last", "on", "2026-05-02"],
        ["aaaa", "1", "last", "on", "2026-05-02"],
        ["2", "unknown", "errors."],
    ]


async def test_a_store_without_unknown_errors_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADFOPS_STORE", f"sqlite:///{tmp_path / 'store.db'}")
    await app.read_command(["diagnose-gaps"])
    assert capsys.readouterr().out.splitlines() == ["No unknown error was met."]
