"""The docstring of a package is a map: it names every file once, and none that is not there."""

import importlib
import re
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    "package",
    [
        "bot.agents",
        "bot.agents.model",
        "bot.agents.foundry",
        "bot.agents.azure_openai",
        "bot.agents.mcp",
        "bot.mcp_server",
    ],
)
def test_a_package_describes_each_of_its_files(package: str) -> None:
    module = importlib.import_module(package)
    folder = Path(str(module.__file__)).parent
    files = {one.stem for one in folder.glob("*.py")} | {
        one.parent.name for one in folder.glob("*/*.py")
    }
    described = re.findall(r"^([a-z_]+)/? {2,}\S", module.__doc__ or "", re.MULTILINE)
    assert sorted(described) == sorted(files - {"__init__", folder.name})
