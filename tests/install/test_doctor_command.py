"""`python app.py doctor`: every wrong setting at once, an exit code for scripts, no secret."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

import app
from adf.simulator import make_simulator
from bot.hosting.settings import check_ready_to_serve, process_environment, read_settings
from tests.adf.simulator.worlds import world

ROOT = Path(__file__).parents[2]
SECRET = "planted-secret-of-the-bot"
NOWHERE = "http://127.0.0.1:9"


Doctor = Callable[..., Awaitable[tuple[int, str]]]


@pytest.fixture
def doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Doctor:
    """Runs the command where no .env is; its exit code and all it said."""

    async def run(**settings: str) -> tuple[int, str]:
        monkeypatch.chdir(tmp_path)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        code = await app.doctor(as_json=True)
        return code, "".join(capsys.readouterr())

    return run


async def doctor_process(folder: Path, **settings: str) -> tuple[int, str]:
    """The same in a process of its own."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "app.py"),
        "doctor",
        "--json",
        cwd=folder,
        env={**process_environment(), **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    assert running.returncode is not None
    return running.returncode, said.decode()


def wrongs(said: str) -> Mapping[str, Any]:
    """What is wrong, by name."""
    findings = json.loads(said)["findings"]
    return {one["what"]: one for one in findings if one["verdict"] == "wrong"}


async def test_every_wrong_setting_is_told_at_once(tmp_path: Path) -> None:
    code, said = await doctor_process(
        tmp_path,
        ADFOPS_ARM_URL=NOWHERE,
        ADFOPS_PORT="many",
        ADFOPS_ZONE="Mars/Base",
        ADFOPS_FACTORIES="nowhere.json",
        ADFOPS_MCP_SERVERS="none.json",
        ADFOPS_PRICES="free.json",
        MODEL_ENDPOINT=NOWHERE,
        ADFOPS_OPERATORS="maya@contoso.com",
        MicrosoftAppId="adf-ops",
        MicrosoftAppPassword=SECRET,
        ADFOPS_STORE=f"sqlite:///{tmp_path}",
    )
    assert code == 1
    assert wrongs(said).keys() >= {
        "ADFOPS_PORT",
        "ADFOPS_ZONE",
        "ADFOPS_FACTORIES",
        "ADFOPS_MCP_SERVERS",
        "ADFOPS_PRICES",
        "ADFOPS_OPERATORS",
        "MicrosoftAppId",
        "MicrosoftAppTenantId",
        "ADFOPS_STORE",
    }
    assert all(one["fix"] for one in wrongs(said).values())
    assert SECRET not in said


async def test_settings_that_do_not_fit_together_are_told(doctor: Doctor) -> None:
    code, said = await doctor(ADFOPS_LOCAL="1", ADFOPS_HOST="0.0.0.0", ADFOPS_ARM_URL=NOWHERE)
    assert code == 1
    assert any("ADFOPS_HOST" in one["said"] for one in wrongs(said).values())


async def test_a_secret_of_blanks_is_told(doctor: Doctor) -> None:
    guid = "22222222-2222-4222-8222-222222222222"
    code, said = await doctor(
        ADFOPS_ARM_URL=NOWHERE,
        MicrosoftAppId=guid,
        MicrosoftAppTenantId=guid,
        MicrosoftAppPassword="  ",
    )
    assert code == 1
    assert "blank" in wrongs(said)["MicrosoftAppPassword"]["said"]


async def test_the_model_and_the_servers_of_the_settings_are_looked_at(
    doctor: Doctor, tmp_path: Path
) -> None:
    servers = tmp_path / "servers.json"
    servers.write_text(json.dumps({"wiki": {"url": f"{NOWHERE}/mcp"}}), encoding="utf-8")
    _, said = await doctor(
        ADFOPS_LOCAL="1",
        ADFOPS_ARM_URL=NOWHERE,
        ADFOPS_MCP_SERVERS=str(servers),
        MCP_SERVER_URL=f"{NOWHERE}/learn",
        MODEL_ENDPOINT=NOWHERE,
        MODEL_API_KEY=SECRET,
    )
    told = {one["what"]: one["verdict"] for one in json.loads(said)["findings"]}
    names = ("language model", "MCP server wiki", "MCP server MicrosoftLearn")
    assert [told[name] for name in names] == ["warn", "warn", "warn"]
    assert SECRET not in said


async def test_a_well_installation_ends_with_zero(doctor: Doctor) -> None:
    runner = web.AppRunner(make_simulator(world()), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    code, said = await doctor(
        ADFOPS_LOCAL="1",
        ADFOPS_ARM_URL=f"http://127.0.0.1:{runner.addresses[0][1]}",
        AZURE_SUBSCRIPTION_ID="00000000-1111-4222-8333-444444444444",
        AZURE_RESOURCE_GROUP="rg-lab",
        AZURE_DATA_FACTORY_NAME="adf-lab",
        ADFOPS_PORT="0",
    )
    await runner.cleanup()
    assert wrongs(said) == {}
    assert code == 0


def test_the_copied_example_serves_once_the_needed_values_are_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guid = "22222222-2222-4222-8222-222222222222"
    needed = {
        "MicrosoftAppId": guid,
        "MicrosoftAppPassword": SECRET,
        "MicrosoftAppTenantId": guid,
        "AZURE_SUBSCRIPTION_ID": guid,
        "AZURE_RESOURCE_GROUP": "rg",
        "AZURE_DATA_FACTORY_NAME": "adf",
    }
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name, value in needed.items():
        example = example.replace(f"\n{name}=\n", f"\n{name}={value}\n")
    (tmp_path / ".env").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = read_settings()
    check_ready_to_serve(settings)
    assert settings.factories_file is None
