"""`app.py forget --person ID`, and the log that ADFOPS_LOG chooses, through the command line."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest

import app
from adf.simulator import live_factory, make_simulator
from bot.hosting.settings import process_environment
from bot.state.store import open_sqlite, read_all
from tests.bot.state.store.test_lease import contents
from tests.bot.state.store.test_rows import filled
from tests.doubles.connector import running_connector
from tests.doubles.teams import Client
from tests.harness import listening

ROOT = Path(__file__).parents[2]


async def run_command(folder: Path, *words: str) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "app.py"), *words),
        cwd=folder,
        env={**process_environment(), "ADFOPS_STORE": f"sqlite:///{folder / 'store.db'}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


@pytest.mark.timeout(120)
async def test_a_person_is_erased_and_what_others_need_stays_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = await open_sqlite(str(tmp_path / "store.db"))
    await filled(store)
    code, _, err = await run_command(tmp_path, "forget", "--person", "maya")
    assert (code, "in use by" in err) == (2, True)
    await store.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ADFOPS_STORE", f"sqlite:///{tmp_path / 'store.db'}")
    await app.read_command(["forget", "--person", "MAYA"])
    assert "rows deleted" in capsys.readouterr().out
    store = await open_sqlite(str(tmp_path / "store.db"))
    left = {
        partition: [entry.value for entry in await read_all(store, partition)]
        for partition in await store.partitions()
    }
    await store.close()
    assert "maya" not in str(left).lower()
    assert left["audit-2026-03-12"][0]["person"] == "erased"
    assert left["bindings"][0]["by"] == "erased"
    assert len(left["rooms"]) == 1
    assert not [name for name in left if name.startswith("memory-")]
    assert not any(b"maya" in content.lower() for content in contents(tmp_path).values())


async def log_of(folder: Path, level: str) -> str:
    """What a bot of that log level writes while it answers one question."""
    async with (
        listening(make_simulator(live_factory())) as arm,
        running_connector() as connector,
    ):
        settings = {
            "ADFOPS_LOCAL": "1",
            "ADFOPS_PORT": "0",
            "ADFOPS_ARM_URL": arm,
            "ADFOPS_STORE": "memory:",
            "ADFOPS_LOG": level,
            "AZURE_SUBSCRIPTION_ID": "00000000-0000-0000-0000-00000000000a",
            "AZURE_RESOURCE_GROUP": "rg-demo",
            "AZURE_DATA_FACTORY_NAME": "adf-demo",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "app.py"), "serve"),
            cwd=folder,
            env={**process_environment(), **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        port = (await process.stdout.readline()).decode().strip().rpartition(":")[2]
        question = Client(service_url=connector.url).personal("status of CustomerDataETL")
        url = f"http://127.0.0.1:{port}/api/messages"
        async with aiohttp.ClientSession() as session, session.post(url, json=question) as answer:
            assert answer.status == 202
        await connector.wait_for(1, limit=30)
        process.terminate()
        return (await process.communicate())[1].decode()


@pytest.mark.timeout(120)
async def test_the_log_has_tools_and_cards_at_info_and_neither_at_error(tmp_path: Path) -> None:
    said = await log_of(tmp_path, "INFO")
    assert "INFO adfops tool adf_" in said
    assert "INFO adfops card run_card" in said
    assert "status of" not in said
    assert "adfops" not in await log_of(tmp_path, "ERROR")
