"""`python app.py audit export` writes what was done and refused as JSON lines."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import app
from bot.access.audit import AuditedAct, AuditLog
from bot.state.store import open_store
from tests.bot.builders.people import BOUND, OPAL


async def test_what_was_done_is_exported_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    now = datetime.now(UTC)
    store = await open_store(url)
    for ago in (2, 1):
        audit = AuditLog(store, partial(_before, now, ago))
        act = AuditedAct(factory="prod", action="rerun", proposal=f"p{ago}", pipeline="Load")
        await audit.acted("approved", OPAL, BOUND, act)
    await store.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADFOPS_STORE", url)
    work = app.read_command(["audit", "export"])
    await work
    lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
    assert [(one["proposal"], one["name"], one["kind"]) for one in lines] == [
        ("p2", "Opal", "approved"),
        ("p1", "Opal", "approved"),
    ]


def _before(now: datetime, hours: int) -> datetime:
    return now - timedelta(hours=hours)
