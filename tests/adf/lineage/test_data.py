"""Who reads what another pipeline writes: files, tables, data flows, windows, events, owners."""

import pytest

from adf.records import PipelineNotes
from tests.adf.lineage.published import (
    Json,
    copying,
    dataset,
    downstream,
    file_in,
    graph_of,
    table_in,
)
from tests.adf.simulator.git_folders import pipeline, step


def between(written: Json, read: Json, datasets: dict[str, Json]) -> dict[str, tuple[str, str]]:
    """What is downstream of Writer, where Reader reads."""
    graph = graph_of(
        {
            "Writer": pipeline(copying("Out", sink=written)),
            "Reader": pipeline(copying("In", source=read)),
        },
        datasets=datasets,
    )
    return downstream(graph, "Writer")


STALE, LIKELY = {"Reader": ("stale", "certain")}, {"Reader": ("stale", "likely")}


def test_the_same_file_is_certain_and_a_file_in_the_folder_likely() -> None:
    file = file_in("Lake", "gold", "sales/daily", "sum.parquet")
    folder = file_in("lake", "Gold", "sales/daily")
    other = file_in("lake", "gold", "stock", "sum.parquet")
    known = {"File": file, "Folder": folder, "Other": other, "Same": file}
    assert between(dataset("File"), dataset("same"), known) == STALE
    assert between(dataset("File"), dataset("Folder"), known) == LIKELY
    assert between(dataset("Folder"), dataset("File"), known) == LIKELY
    assert between(dataset("File"), dataset("Other"), known) == {}


def test_the_container_alone_is_shared_by_too_many_to_say_anything() -> None:
    known = {"A": file_in("lake", "gold", "sales"), "All": file_in("lake", "gold", "")}
    assert between(dataset("A"), dataset("All"), known) == {}


def test_another_account_is_other_data() -> None:
    known = {"A": file_in("lake", "gold", "sales"), "B": file_in("archive", "gold", "sales")}
    assert between(dataset("A"), dataset("B"), known) == {}


def test_parameters_of_a_dataset_are_filled_in_and_what_is_chosen_at_run_time_is_counted() -> None:
    folder = {"value": "@{dataset().area}/daily", "type": "Expression"}
    known = {
        "Any": file_in("lake", "gold", folder),
        "Sales": file_in("lake", "gold", "sales/daily"),
    }
    assert between(dataset("Any", area="sales"), dataset("Sales"), known) == STALE
    assert between(dataset("Any", area="stock"), dataset("Sales"), known) == {}
    chosen = {"value": "@item().area", "type": "Expression"}
    graph = graph_of(
        {
            "Writer": pipeline(
                copying("Out", sink={**dataset("Any"), "parameters": {"area": chosen}})
            )
        },
        datasets=known,
    )
    assert graph.unknown == 1


def test_a_table_is_the_same_in_a_dataset_and_in_sql() -> None:
    known = {"Table": table_in("Sql", "dw", "FactSales"), "Query": table_in("sql", None, None)}
    services = {"Sql": {"type": "AzureSqlDatabase"}}
    reading = copying("In", source=dataset("Query"), query="SELECT * FROM dw.FactSales")
    graph = graph_of(
        {"Writer": pipeline(copying("Out", sink=dataset("Table"))), "Reader": pipeline(reading)},
        datasets=known,
        linked_services=services,
    )
    assert downstream(graph, "Writer") == LIKELY


def test_scripts_hand_tables_on() -> None:
    def script(text: str) -> Json:
        service = {"referenceName": "sql", "type": "LinkedServiceReference"}
        return step("Run", "Script", scripts=[{"type": "NonQuery", "text": text}]) | {
            "linkedServiceName": service
        }

    graph = graph_of(
        {
            "Writer": pipeline(script("INSERT INTO Orders SELECT * FROM stg.Orders")),
            "Reader": pipeline(script("UPDATE rpt.Sums SET n = (SELECT COUNT(*) FROM dbo.Orders)")),
            "Else": pipeline(script("SELECT * FROM stg.Orders")),
        },
        linked_services={"sql": {"type": "AzureSqlDW"}},
    )
    assert downstream(graph, "Writer") == LIKELY


def test_a_data_flow_reads_its_sources_and_writes_its_sinks() -> None:
    known = {"In": file_in("lake", "raw", "in"), "Out": file_in("lake", "gold", "out")}
    flow = {
        "type": "MappingDataFlow",
        "typeProperties": {
            "sources": [{"name": "s", "dataset": dataset("In")}],
            "sinks": [{"name": "t", "dataset": dataset("Out")}],
        },
    }
    reference = {"referenceName": "Shape", "type": "DataFlowReference"}
    graph = graph_of(
        {
            "Load": pipeline(copying("C", sink=dataset("In"))),
            "Flow": pipeline(step("Run", "ExecuteDataFlow", dataflow=reference)),
            "Use": pipeline(copying("C", source=dataset("Out"))),
        },
        datasets=known,
        data_flows={"Shape": flow},
    )
    assert downstream(graph, "Load") == {"Flow": ("stale", "certain"), "Use": ("stale", "certain")}


def window(pipeline_name: str, *upstream: str) -> Json:
    return {
        "type": "TumblingWindowTrigger",
        "runtimeState": "Started",
        "pipeline": {"pipelineReference": {"referenceName": pipeline_name}},
        "typeProperties": {
            "frequency": "Hour",
            "interval": 6,
            "startTime": "2026-01-01T00:00:00Z",
            "dependsOn": [
                {
                    "type": "TumblingWindowTriggerDependencyReference",
                    "referenceTrigger": {"referenceName": one, "type": "TriggerReference"},
                }
                for one in upstream
            ],
        },
    }


def test_windows_wait_for_the_windows_they_depend_on() -> None:
    plain = pipeline(step("Copy"))
    graph = graph_of(
        {"Silver": plain, "Gold": plain, "Alone": plain},
        triggers={
            "t_silver": window("Silver"),
            "t_gold": window("Gold", "T_Silver"),
            "t_alone": window("Alone", "gone"),
        },
    )
    assert downstream(graph, "Silver") == {"Gold": ("waits", "certain")}
    assert downstream(graph, "Alone") == {}


@pytest.mark.parametrize(
    ("begins", "starts"),
    [("/landing/blobs/orders/", True), ("/landing/blobs/ord", True), ("/landing/blobs/x", False)],
)
def test_a_storage_event_starts_on_files_that_another_pipeline_writes(
    begins: str, starts: bool
) -> None:
    event = {
        "type": "BlobEventsTrigger",
        "runtimeState": "Started",
        "pipelines": [{"pipelineReference": {"referenceName": "Loader"}}],
        "typeProperties": {"blobPathBeginsWith": begins, "scope": "x/stlanding"},
    }
    graph = graph_of(
        {
            "Writer": pipeline(copying("Out", sink=dataset("D"))),
            "Loader": pipeline(step("Copy")),
        },
        datasets={"D": file_in("lake", "landing", "orders/2026")},
        triggers={"t": event},
    )
    assert downstream(graph, "Writer") == ({"Loader": ("waits", "likely")} if starts else {})


def test_declared_links_lead_also_to_what_is_no_pipeline() -> None:
    notes = {"A": PipelineNotes(downstream=("B", "The sales dashboard"))}
    plain = pipeline(step("Copy"))
    graph = graph_of({"A": plain, "B": plain}, notes=notes)
    assert downstream(graph, "a") == {
        "B": ("waits", "declared"),
        "The sales dashboard": ("waits", "declared"),
    }


def test_a_chain_is_no_surer_than_its_weakest_link() -> None:
    known = {"D": file_in("lake", "gold", "x")}
    graph = graph_of(
        {
            "A": pipeline(step("Copy")),
            "B": pipeline(copying("Out", sink=dataset("D"))),
            "C": pipeline(copying("In", source=dataset("D"))),
        },
        datasets=known,
        notes={"A": PipelineNotes(downstream=("B",))},
    )
    assert downstream(graph, "A")["C"] == ("stale", "declared")
