"""The recipe "Add a read tool" followed for what is not in the table: the captures of changes."""

from tests.architecture.recipes import Recipe

_OPERATION = """LIST_CAPTURES = ArmOperation(
    name="list_captures",
    operation_id="ChangeDataCapture_ListByFactory",
    purpose="list its captures",
    request="list the captures of {factory}",
    permissions=(f"{_FACTORY}/adfcdcs/read",),
    path="/adfcdcs",
    arguments=(NEXT_LINK,),
)
"""
_RECORD = '''"""What captures of changed data a factory has, by name and state."""

from dataclasses import dataclass
from datetime import datetime

from adf.records.base import PlainRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One capture: its name, whether it runs, and the folder it lies in."""

    name: str
    status: str
    folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureList(PlainRecord):
    """The captures of a factory, by name."""

    factory: str
    as_of: datetime
    captures: tuple[Capture, ...]

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)
'''
_TOOL = '''"""What captures there are."""

from typing import Annotated

from adf.client.operations import LIST_CAPTURES
from adf.client.wire_values import Json, object_of, text_of
from adf.records.captures import Capture, CaptureList
from adf.tool import tool
from adf.tools.scope import Adf


@tool(
    progress="Reading the list of captures",
    reads=True,
    help="Captures: “list the captures”",
)
async def adf_list_captures(
    adf: Adf,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> CaptureList:
    """List the captures of a factory, with their state and folder.

    Use when asked what captures of changed data there are.
    """
    client = await adf.factories.client(factory)
    rows = await client.read_list(LIST_CAPTURES)
    found = sorted(map(_capture, rows), key=lambda one: one.name.lower())
    return CaptureList(factory=client.factory.alias, as_of=adf.clock(), captures=tuple(found))


def _capture(wire: Json) -> Capture:
    properties = object_of(wire.get("properties"))
    folder = object_of(properties.get("folder"))
    return Capture(
        name=text_of(wire.get("name")),
        status=text_of(properties.get("status")),
        folder=text_of(folder.get("name")),
    )
'''
_CARD = '''"""capture_card: the captures of a factory."""

from adf.records.captures import CaptureList
from cards.card import Card
from cards.components.blocks import header
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ITEM, TELLING
from cards.context import CardContext
from cards.text import count, macro, md, say


def capture_card(record: CaptureList, reader: CardContext) -> Card:
    """One row for each capture."""
    del reader
    return fitted(lambda room: _draft(record, room))


def _draft(record: CaptureList, room: SizeLimit) -> CardDraft:
    total = count(len(record.captures), "capture")
    listed = [
        ListRow(look=ITEM, title=md(one.name), below=md(one.folder), right=md(one.status))
        for one in record.captures
    ]
    return CardDraft(
        kind="capture_card",
        summary=f"Information: {total}.",
        body=[
            header(TELLING, md(total), say("As of {}", macro(record.as_of))),
            *rows(listed, room.rows, "captures"),
        ],
    )
'''
_SAMPLE = """    "capture_card": CaptureList(
        factory=typical.FACTORY,
        as_of=typical.NOW,
        captures=(Capture(name="Orders", status="Running", folder="payments"),),
    ),
"""
_PROOF = '''"""The new tool, from Azure to a model, to other assistants, and to its card in chat."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from adf.simulator import load_world
from adf.tools import ADF_TOOLS
from bot.mcp_server import McpHandler
from bot.tools.help import help_lines
from tests.bot.mcp_server.conftest import Azure, person
from tests.doubles.foundry import Answering, Heard, Item, calls, says
from tests.doubles.foundry.wire import NO_TOOL
from tests.evals.rows import WORLD
from tests.flows.model.stage import Clock, read, talking

KINDS = {
    f"Table{number:02}": {
        "status": "Running",
        "description": "AccountKey=Hunter2;",
        "folder": {"name": "Sql password=Hunter2"},
    }
    for number in range(60)
}
BODY = {"value": [{"name": name, "properties": one} for name, one in KINDS.items()]}


async def test_the_new_tool_answers_over_mcp_for_those_who_may_read(
    desk: McpHandler, azure: Azure
) -> None:
    azure.instead = (200, BODY)
    result = await desk.call(person("Maya"), "adf_list_captures", {})
    facts = json.loads(result.text)
    assert (facts["record"], facts["factory"]) == ("CaptureList", "adf-prod")
    assert facts["captures"][0]["name"] == "Table00"
    assert "Hunter2" not in result.text
    assert azure.asked[-1] == ("GET", "adfcdcs")
    denied = await desk.call(person("Sam"), "adf_list_captures", {})
    assert json.loads(denied.text)["error"] == "Denied"


async def test_what_azure_refuses_is_an_error_like_any_other(
    desk: McpHandler, azure: Azure
) -> None:
    azure.instead = (403, {"error": {"code": "AuthorizationFailed", "message": "no"}})
    result = await desk.call(person("Maya"), "adf_list_captures", {})
    facts = json.loads(result.text)
    assert (facts["error"], facts["asked"]) == ("Forbidden", "list the captures of adf-prod")


@dataclass(slots=True)
class AsksForCaptures:
    """A model that chooses the new tool if it was declared, and keeps what it is given to word."""

    given: list[str] = field(default_factory=list)

    def __call__(self, heard: Heard) -> Sequence[Item]:
        if heard.declares(NO_TOOL):
            assert heard.declares("adf_list_captures")
            return [calls("adf_list_captures")]
        self.given.append(heard.text)
        return [says("Those are the captures.")]


@pytest.mark.parametrize("backend", ["foundry", "azure_openai"])
async def test_the_new_tool_is_chosen_by_a_model_and_answers_in_chat(
    backend: str, tmp_path: Path
) -> None:
    clock, model = Clock(), AsksForCaptures()
    state = load_world(WORLD, clock)
    state.get_factory("rg-data-prod", "adf-prod").captures = KINDS
    async with talking(backend, Answering(model), tmp_path, clock=clock, state=state) as stage:
        stage.model.chooses = True
        asked = stage.client().in_channel("captures of changes, all of them")
        sent = await stage.product.ask(asked)
        assert stage.product.cards[-1].kind == "capture_card"
        assert "60 captures" in read(sent).text
        await stage.edits()
        pages = [one for one in stage.arm if one.endswith("/adfcdcs")]
    assert len(pages) == 2
    assert "CaptureList" in model.given[0]
    assert "Hunter2" not in stage.shown + str(model.given)


def test_the_new_tool_is_named_in_the_help() -> None:
    assert "Captures: “list the captures”." in help_lines(ADF_TOOLS)
'''
READ_TOOL = Recipe(
    title="Add a read tool",
    new={
        "adf/records/captures.py": _RECORD,
        "adf/tools/captures.py": _TOOL,
        "cards/kinds/capture_card.py": _CARD,
    },
    changed={
        "adf/client/operations.py": (
            ("\nOPERATIONS = (\n", f"{_OPERATION}\nOPERATIONS = (\n    LIST_CAPTURES,\n"),
        ),
        "cards/card_for.py": (
            (
                "from cards.card import",
                "from adf.records.captures import CaptureList\nfrom cards.card import",
            ),
            (
                "from cards.kinds.change_card",
                "from cards.kinds.capture_card import capture_card\nfrom cards.kinds.change_card",
            ),
            ("Record = FactoryRecord | ", "Record = FactoryRecord | CaptureList | "),
            (
                "        case Help():\n",
                "        case CaptureList():\n            return capture_card(record, reader)\n"
                "        case Help():\n",
            ),
        ),
        "deploy/reader-role.json": (
            (
                '    "Microsoft.DataFactory/factories/pipelines/read",\n',
                '    "Microsoft.DataFactory/factories/pipelines/read",\n'
                '    "Microsoft.DataFactory/factories/adfcdcs/read",\n',
            ),
        ),
    },
    tests={
        "cards/gallery/samples.py": (
            (
                "from cards.card import Card\n",
                "from adf.records.captures import Capture, CaptureList\n"
                "from cards.card import Card\n",
            ),
            ('    "denied_card": keeping', f'{_SAMPLE}    "denied_card": keeping'),
        ),
        "tests/bot/tools/read_only.py": (
            ('"adf_list_pipelines"', '"adf_list_captures",\n        "adf_list_pipelines"'),
        ),
        "tests/adf/simulator/test_access.py": (
            (
                '    ("adf_ir_status", {}),\n',
                '    ("adf_ir_status", {}),\n    ("adf_list_captures", {}),\n',
            ),
        ),
        "tests/adf/test_tool.py": (
            ('    "adf_health",\n', '    "adf_health",\n    "adf_list_captures",\n'),
        ),
        "tests/bot/agents/model/test_tool_schemas.py": (
            ("assert needed <= 1800", "assert needed <= 1900"),
        ),
        "tests/cards/test_judged.py": (("approval confirm", "approval capture confirm"),),
    },
    proof=("tests/bot/mcp_server/test_new_tool.py", _PROOF),
)
