"""Every import contract catches the import it forbids: each is broken on purpose here."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SABOTAGE = {
    "flow": ("adf/runs/sabotage.py", "from adf.tools import ADF_TOOLS"),
    "rooms": ("bot/sabotage_room.py", "import bot.messages"),
    "agents": ("bot/agents/mcp/sabotage.py", "import bot.agents.model.agent"),
    "alerts": ("bot/alerts/incidents/sabotage.py", "import bot.alerts.monitor"),
    "cards-are-pure": ("cards/sabotage.py", "import adf.client"),
    "agent-draws-nothing": ("bot/agents/sabotage.py", "import cards.card"),
    "simulator-stands-alone": ("adf/simulator/sabotage.py", "import adf.records"),
    "product-without-simulator": ("bot/sabotage_simulator.py", "import adf.simulator"),
    "acts-apart": ("adf/runs/sabotage_acts.py", "import adf.client.actions"),
    "botbuilder": ("bot/sabotage_botbuilder.py", "import botbuilder.core"),
    "azure-mgmt": ("adf/sabotage_azure.py", "import azure.mgmt.datafactory"),
    "openai": ("bot/sabotage_openai.py", "import openai"),
    "settings": ("bot/sabotage_settings.py", "import bot.hosting.settings"),
    "no-circles": ("bot/agents/foundry/versions.py", "import bot.agents.foundry.agent"),
    "adaptive-cards": ("bot/sabotage_cards.py", "import adaptive_cards"),
}


@pytest.fixture(scope="module")
def broken_contracts(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the linter on a copy of the tree with every sabotage in it."""
    copy = tmp_path_factory.mktemp("tree")
    for room in ("adf", "bot", "cards"):
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for file, line in SABOTAGE.values():
        (copy / file).write_text(f'"""Sabotage."""\n\n{line}\n', encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    return done.stdout


def contracts() -> dict[str, str]:
    """The name of each contract by its id."""
    wire = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {one["id"]: one["name"] for one in wire["tool"]["importlinter"]["contracts"]}


def test_no_contract_is_without_its_sabotage() -> None:
    assert contracts().keys() == SABOTAGE.keys()


@pytest.mark.parametrize("contract", SABOTAGE)
def test_a_forbidden_import_is_caught(contract: str, broken_contracts: str) -> None:
    assert f"{contracts()[contract]} BROKEN" in " ".join(broken_contracts.split())
