"""The recipe "Add a read tool" followed for an operation that is not in the table: the datasets."""

from tests.architecture.recipes import Recipe

_OPERATION = """LIST_DATASETS = ArmOperation(
    name="list_datasets",
    operation_id="Datasets_ListByFactory",
    purpose="list its datasets",
    request="list the datasets of {factory}",
    permissions=(f"{_FACTORY}/datasets/read",),
    path="/datasets",
    arguments=(NEXT_LINK,),
)
"""
_RECORD = '''"""What data the pipelines of a factory read and write, by name and kind."""

from dataclasses import dataclass
from datetime import datetime

from adf.records.base import PlainRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One dataset: its name, its kind, and the linked service that it is reached through."""

    name: str
    kind: str
    linked_service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetList(PlainRecord):
    """The datasets of a factory, by name."""

    factory: str
    as_of: datetime
    datasets: tuple[Dataset, ...]

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)
'''
_TOOL = '''"""What datasets there are."""

from typing import Annotated

from adf.client.operations import LIST_DATASETS
from adf.client.wire_values import Json, object_of, text_of
from adf.records.datasets import Dataset, DatasetList
from adf.tool import tool
from adf.tools.scope import Adf


@tool(
    progress="Reading the list of datasets",
    reads=True,
    help="Datasets: “list the datasets”",
)
async def adf_list_datasets(
    adf: Adf,
    factory: Annotated[str | None, "alias of the factory; the default one when left out"] = None,
) -> DatasetList:
    """List the datasets of a factory, with their kind and linked service."""
    client = await adf.factories.client(factory)
    rows = await client.read_list(LIST_DATASETS)
    found = sorted(map(_dataset, rows), key=lambda one: one.name.lower())
    return DatasetList(factory=client.factory.alias, as_of=adf.clock(), datasets=tuple(found))


def _dataset(wire: Json) -> Dataset:
    properties = object_of(wire.get("properties"))
    linked = object_of(properties.get("linkedServiceName"))
    return Dataset(
        name=text_of(wire.get("name")),
        kind=text_of(properties.get("type")),
        linked_service=text_of(linked.get("referenceName")),
    )
'''
_CARD = '''"""dataset_card: the datasets of a factory."""

from adf.records.datasets import DatasetList
from cards.card import Card
from cards.components.blocks import header
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ITEM, TELLING
from cards.context import CardContext
from cards.text import count, macro, md, say


def dataset_card(record: DatasetList, reader: CardContext) -> Card:
    """One row for each dataset."""
    del reader
    return fitted(lambda room: _draft(record, room))


def _draft(record: DatasetList, room: SizeLimit) -> CardDraft:
    total = count(len(record.datasets), "dataset")
    listed = [
        ListRow(look=ITEM, title=md(one.name), below=md(one.linked_service), right=md(one.kind))
        for one in record.datasets
    ]
    return CardDraft(
        kind="dataset_card",
        summary=f"Information: {total}.",
        body=[
            header(TELLING, md(total), say("As of {}", macro(record.as_of))),
            *rows(listed, room.rows, "datasets"),
        ],
    )
'''
_SAMPLE = """    "dataset_card": DatasetList(
        factory=typical.FACTORY,
        as_of=typical.NOW,
        datasets=(Dataset(name="Orders", kind="AzureSqlTable", linked_service="SqlPayments"),),
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
        "type": "AzureSqlTable",
        "description": "AccountKey=Hunter2;",
        "linkedServiceName": {"referenceName": "Sql password=Hunter2", "type": "x"},
    }
    for number in range(60)
}
BODY = {"value": [{"name": name, "properties": one} for name, one in KINDS.items()]}


async def test_the_new_tool_answers_over_mcp_for_those_who_may_read(
    desk: McpHandler, azure: Azure
) -> None:
    azure.instead = (200, BODY)
    result = await desk.call(person("Maya"), "adf_list_datasets", {})
    facts = json.loads(result.text)
    assert (facts["record"], facts["factory"]) == ("DatasetList", "adf-prod")
    assert facts["datasets"][0]["name"] == "Table00"
    assert "Hunter2" not in result.text
    assert azure.asked[-1] == ("GET", "datasets")
    denied = await desk.call(person("Sam"), "adf_list_datasets", {})
    assert json.loads(denied.text)["error"] == "Denied"


async def test_what_azure_refuses_is_an_error_like_any_other(
    desk: McpHandler, azure: Azure
) -> None:
    azure.instead = (403, {"error": {"code": "AuthorizationFailed", "message": "no"}})
    result = await desk.call(person("Maya"), "adf_list_datasets", {})
    facts = json.loads(result.text)
    assert (facts["error"], facts["asked"]) == ("Forbidden", "list the datasets of adf-prod")


@dataclass(slots=True)
class AsksForDatasets:
    """A model that chooses the new tool if it was declared, and keeps what it is given to word."""

    given: list[str] = field(default_factory=list)

    def __call__(self, heard: Heard) -> Sequence[Item]:
        if heard.declares(NO_TOOL):
            assert heard.declares("adf_list_datasets")
            return [calls("adf_list_datasets")]
        self.given.append(heard.text)
        return [says("Those are the datasets.")]


@pytest.mark.parametrize("backend", ["foundry", "azure_openai"])
async def test_the_new_tool_is_chosen_by_a_model_and_answers_in_chat(
    backend: str, tmp_path: Path
) -> None:
    clock, model = Clock(), AsksForDatasets()
    state = load_world(WORLD, clock)
    state.get_factory("rg-data-prod", "adf-prod").datasets = KINDS
    async with talking(backend, Answering(model), tmp_path, clock=clock, state=state) as stage:
        stage.model.chooses = True
        asked = stage.client().in_channel("please list every dataset that is defined here")
        sent = await stage.product.ask(asked)
        assert stage.product.cards[-1].kind == "dataset_card"
        assert "60 datasets" in read(sent).text
        await stage.edits()
        pages = [one for one in stage.arm if one.endswith("/datasets")]
    assert len(pages) == 2
    assert "DatasetList" in model.given[0]
    assert "Hunter2" not in stage.shown + str(model.given)


def test_the_new_tool_is_named_in_the_help() -> None:
    assert "Datasets: “list the datasets”." in help_lines(ADF_TOOLS)
'''
READ_TOOL = Recipe(
    title="Add a read tool",
    new={
        "adf/records/datasets.py": _RECORD,
        "adf/tools/datasets.py": _TOOL,
        "cards/kinds/dataset_card.py": _CARD,
    },
    changed={
        "adf/client/operations.py": (
            ("\nOPERATIONS = (\n", f"{_OPERATION}\nOPERATIONS = (\n    LIST_DATASETS,\n"),
        ),
        "cards/card_for.py": (
            (
                "from cards.card import",
                "from adf.records.datasets import DatasetList\nfrom cards.card import",
            ),
            (
                "from cards.kinds.deadline_card",
                "from cards.kinds.dataset_card import dataset_card\nfrom cards.kinds.deadline_card",
            ),
            ("Record = FactoryRecord | ", "Record = FactoryRecord | DatasetList | "),
            (
                "        case Help():\n",
                "        case DatasetList():\n            return dataset_card(record, reader)\n"
                "        case Help():\n",
            ),
        ),
        "deploy/reader-role.json": (
            (
                '    "Microsoft.DataFactory/factories/pipelines/read",\n',
                '    "Microsoft.DataFactory/factories/pipelines/read",\n'
                '    "Microsoft.DataFactory/factories/datasets/read",\n',
            ),
        ),
    },
    tests={
        "cards/gallery/samples.py": (
            (
                "from cards.card import Card\n",
                "from adf.records.datasets import Dataset, DatasetList\n"
                "from cards.card import Card\n",
            ),
            ('    "denied_card": keeping', f'{_SAMPLE}    "denied_card": keeping'),
        ),
        "tests/bot/tools/read_only.py": (
            ('"adf_list_pipelines"', '"adf_list_datasets",\n        "adf_list_pipelines"'),
        ),
        "tests/adf/simulator/test_access.py": (
            (
                '    ("adf_ir_status", {}),\n',
                '    ("adf_ir_status", {}),\n    ("adf_list_datasets", {}),\n',
            ),
        ),
        "tests/adf/test_tool.py": (
            ('    "adf_health",\n', '    "adf_health",\n    "adf_list_datasets",\n'),
        ),
        "tests/bot/agents/model/test_tool_schemas.py": (
            ("assert needed <= 1800", "assert needed <= 1900"),
        ),
        "tests/cards/test_judged.py": (("approval confirm", "approval dataset confirm"),),
    },
    proof=("tests/bot/mcp_server/test_new_tool.py", _PROOF),
)
