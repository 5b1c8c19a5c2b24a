"""Who uses what: from a secret over a linked service and a dataset up to the activity."""

from typing import Any

import pytest

from adf.lineage.uses import UseIndex
from adf.records import Certainty, ResourceKind, UsedResource
from tests.adf.lineage.published import copying, dataset, published, table_in
from tests.adf.simulator.git_folders import calling, pipeline, step

SERVICE = {
    "type": "AzureSqlDatabase",
    "connectVia": {"referenceName": "shir-01", "type": "IntegrationRuntimeReference"},
    "typeProperties": {
        "connectionString": "Server=x",
        "password": {
            "type": "AzureKeyVaultSecret",
            "store": {"referenceName": "kv_prod", "type": "LinkedServiceReference"},
            "secretName": "sql-pw",
        },
    },
}
VAULT = {"type": "AzureKeyVault", "typeProperties": {"baseUrl": "https://x"}}
SCRIPT = step("Fill", "Script", scripts=[{"text": "INSERT INTO rpt.Sums SELECT * FROM dw.Orders"}])
SCRIPT["linkedServiceName"] = {"referenceName": "sql_dw", "type": "LinkedServiceReference"}


def index(**pipelines: Any) -> UseIndex:  # noqa: ANN401
    known = pipelines or {
        "Load": pipeline(
            step("Each", "ForEach", activities=[copying("Copy_In", source=dataset("ds_orders"))])
        ),
        "Sum": pipeline(SCRIPT),
        "Else": pipeline(step("Wait", "Wait")),
        "Top": pipeline(calling("Run_Load", "Load")),
    }
    return UseIndex(
        published(
            known,
            datasets={"DS_Orders": table_in("SQL_DW", "dw", "Orders")},
            linked_services={"SQL_DW": SERVICE, "kv_prod": VAULT},
        )
    )


def one(name: str) -> UsedResource:
    (found,) = index().find(name)
    return found


def users(name: str) -> dict[str, tuple[str, ...]]:
    return {use.pipeline: use.activities for use in one(name).uses}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ds_orders", ResourceKind.DATASET),
        ("sql_dw", ResourceKind.LINKED_SERVICE),
        ("SHIR-01", ResourceKind.RUNTIME),
        ("sql-pw", ResourceKind.SECRET),
        ("kv_prod", ResourceKind.LINKED_SERVICE),
    ],
)
def test_a_pipeline_uses_what_its_dataset_rests_on(name: str, kind: ResourceKind) -> None:
    found = one(name)
    assert found.kind is kind
    assert users(name)["Load"] == ("Copy_In",)
    assert "Else" not in users(name)


def test_the_way_and_what_stands_between_are_said() -> None:
    found = one("sql-pw")
    uses = {use.pipeline: use.through for use in found.uses}
    assert uses == {
        "Load": ("dataset DS_Orders",),
        "Sum": ("linked service SQL_DW",),
    }
    assert found.resources == ("linked service SQL_DW", "dataset DS_Orders")


def test_a_table_is_certain_by_a_dataset_and_likely_by_sql() -> None:
    sure = {use.pipeline: use.certainty for use in one("dw.Orders").uses}
    assert sure == {"Load": Certainty.CERTAIN, "Sum": Certainty.LIKELY}
    assert {use.pipeline for use in one("[Orders]").uses} == {"Load", "Sum"}
    assert users("rpt.sums") == {"Sum": ("Fill",)}


def test_a_pipeline_is_used_by_its_callers() -> None:
    assert users("load") == {"Top": ("Run_Load",)}


def test_what_is_there_and_unused_is_not_missing() -> None:
    assert (one("Else").uses, one("Else").resources) == ((), ())


@pytest.mark.parametrize("name", ["sql_dww", "nothing_like_it", "", "orders_"])
def test_a_name_that_nothing_has_finds_nothing(name: str) -> None:
    assert index().find(name) == ()


def test_what_is_called_alike_is_offered() -> None:
    assert "SQL_DW" in index().similar("sql_dww")
    assert "shir-01" in index().similar("shir")
    assert index().similar("zzzz") == ()


def test_procedures_and_notebooks_are_found_by_their_names() -> None:
    known = index(
        A=pipeline(step("Run", "SqlServerStoredProcedure", storedProcedureName="[etl].[Load]")),
        B=pipeline(step("Note", "DatabricksNotebook", notebookPath="/etl/shape")),
    )
    assert [(u.kind, u.uses[0].pipeline) for u in known.find("etl.load")] == [
        (ResourceKind.PROCEDURE, "A")
    ]
    assert [(u.kind, u.uses[0].pipeline) for u in known.find("/etl/shape")] == [
        (ResourceKind.NOTEBOOK, "B")
    ]
