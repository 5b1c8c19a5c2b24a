"""The recipe "Add a read tool" of CONTRIBUTING is true: its files, and only those, are enough.

The product and its tests are copied, the files of the recipe are written, and in the copy a test
shows that the new tool answers over MCP, is declared to the model, named in the help, and drawn.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_FILES = 5
COPIED = (
    "adf",
    "bot",
    "cards",
    "manifest",
    "tests",
    "app.py",
    "pyproject.toml",
    "requirements.txt",
)
# Compiled modules come along: they are as new as their sources, and importing takes half the time.
LEFT_OUT = shutil.ignore_patterns(
    "adf", "browser", "cards", "contract", "flows", "install", "paraphrases"
)

RECORD = '''
@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineLimits(PlainRecord):
    """How many runs of each pipeline may run at once; pipelines without a limit are left out."""

    factory: str
    as_of: datetime
    limits: tuple[tuple[str, int], ...]

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)


'''
TOOL = '''"""How many runs of a pipeline may run at once."""

from typing import Annotated

from adf.records.reports import PipelineLimits
from adf.tool import tool
from adf.tools.scope import Adf


@tool(
    progress="Looking at concurrency limits",
    reads=True,
    help="Limits: “how many runs may run at once”",
)
async def adf_pipeline_limits(
    adf: Adf,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> PipelineLimits:
    """List the pipelines with a concurrency limit, and the limit."""
    client = await adf.factories.client(factory)
    found = await client.list_pipelines()
    return PipelineLimits(
        factory=client.factory.alias,
        as_of=adf.clock(),
        limits=tuple((one.name, one.concurrency) for one in found if one.concurrency),
    )
'''
CARD = '''"""limits_card: how many runs of each pipeline may run at once."""

from adf.records.reports import PipelineLimits
from cards.card import Card
from cards.components.blocks import header
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ITEM, TELLING
from cards.context import CardContext
from cards.text import count, macro, md, say


def limits_card(record: PipelineLimits, reader: CardContext) -> Card:
    """One row for each pipeline with a limit."""
    del reader
    return fitted(lambda room: _draft(record, room))


def _draft(record: PipelineLimits, room: SizeLimit) -> CardDraft:
    total = count(len(record.limits), "pipeline")
    listed = [ListRow(look=ITEM, title=md(name), right=md(limit)) for name, limit in record.limits]
    return CardDraft(
        kind="limits_card",
        summary=f"Information: {total} with a limit.",
        body=[
            header(TELLING, say("{} with a limit", total), say("As of {}", macro(record.as_of))),
            *rows(listed, room.rows, "pipelines"),
        ],
    )
'''
PROOF = '''"""The new tool, from the question over MCP to its card."""

import json
from zoneinfo import ZoneInfo

from adf.records.reports import PipelineLimits
from adf.tools import ADF_TOOLS
from bot.agents.model.tool_schemas import declared
from bot.mcp_server import McpHandler
from bot.tools.help import help_lines
from cards import card_for
from tests.bot.mcp_server.conftest import NOW, person


async def test_the_new_tool_answers_over_mcp(desk: McpHandler) -> None:
    assert "adf_pipeline_limits" in {one.name for one in desk.tools}
    result = await desk.call(person("Maya"), "adf_pipeline_limits", {})
    told = json.loads(result.text)
    assert (told["record"], told["factory"]) == ("PipelineLimits", "adf-prod")
    assert told["limits"]
    denied = await desk.call(person("Sam"), "adf_pipeline_limits", {})
    assert json.loads(denied.text)["error"] == "Denied"


def test_the_new_tool_is_declared_to_the_model_and_named_in_the_help() -> None:
    assert "adf_pipeline_limits" in {one["name"] for one in declared(ADF_TOOLS)}
    assert "Limits: “how many runs may run at once”." in help_lines(ADF_TOOLS)


def test_the_new_record_has_a_card() -> None:
    record = PipelineLimits(factory="adf-prod", as_of=NOW, limits=(("Orders", 1),))
    assert card_for(record, now=NOW, zone=ZoneInfo("UTC")).kind == "limits_card"
'''
NEW = {"adf/tools/limits.py": TOOL, "cards/kinds/limits_card.py": CARD}
ADDED = {
    "adf/records/reports.py": (
        ("import BaseRecord\n", "import BaseRecord, PlainRecord\n"),
        ("# Whoever matches on records", f"{RECORD.lstrip()}# Whoever matches on records"),
        ("FactoryRecord = (\n    RunReport", "FactoryRecord = (\n    PipelineLimits | RunReport"),
    ),
    "cards/card_for.py": (
        (
            "from cards.card import",
            "from adf.records.reports import PipelineLimits\nfrom cards.card import",
        ),
        (
            "from cards.kinds.picker_card",
            "from cards.kinds.limits_card import limits_card\nfrom cards.kinds.picker_card",
        ),
        (
            "    match record:\n",
            "    match record:\n        case PipelineLimits():\n"
            "            return limits_card(record, reader)\n",
        ),
    ),
}


def follow_recipe(tree: Path) -> None:
    """Write what the recipe says into a copy of the tree."""
    for name, text in NEW.items():
        assert not (tree / name).exists()
        (tree / name).write_text(text, encoding="utf-8")
    for name, changes in ADDED.items():
        text = (tree / name).read_text(encoding="utf-8")
        for before, after in changes:
            assert text.count(before) == 1, (name, before)
            text = text.replace(before, after)
        (tree / name).write_text(text, encoding="utf-8")


def copy_of_the_tree(folder: Path) -> Path:
    """The product and its tests, as they are."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(source, folder / name)
    return folder


def test_the_recipe_for_a_read_tool_is_enough_and_touches_few_files(tmp_path: Path) -> None:
    assert len(NEW | ADDED) <= MOST_FILES
    tree = copy_of_the_tree(tmp_path)
    follow_recipe(tree)
    proof = tree / "tests" / "bot" / "mcp_server" / "test_new_tool.py"
    proof.write_text(PROOF, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", str(proof)]
    done = subprocess.run(
        command, cwd=tree, capture_output=True, text=True, timeout=170, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "3 passed" in done.stdout


def test_the_recipe_names_every_place_that_is_touched() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = re.search(r"### Add a read tool\n(.*?)\n### ", contributing, re.DOTALL)
    assert recipe is not None
    places = {"adf/records/", "adf/tools/", "cards/kinds/", "cards/card_for.py"}
    assert {one for one in places if f"`{one}" not in recipe[1]} == set()
    for name in NEW | ADDED:
        assert name.startswith(tuple(places)), name
