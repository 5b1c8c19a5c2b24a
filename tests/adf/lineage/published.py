"""Definitions as the client reads them: of a public factory, or written for a test."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from adf.client import Definitions
from adf.client.decode_triggers import trigger_definition
from adf.lineage import LineageGraph, lineage_of
from adf.records import Factory, PipelineNotes

Json = Mapping[str, Any]


def published(
    pipelines: Mapping[str, Json],
    *,
    triggers: Mapping[str, Json] | None = None,
    datasets: Mapping[str, Json] | None = None,
    data_flows: Mapping[str, Json] | None = None,
    linked_services: Mapping[str, Json] | None = None,
    notes: Mapping[str, PipelineNotes] | None = None,
) -> Definitions:
    """The definitions of a factory that owners declared `notes` about."""
    factory = Factory(
        alias="lab", subscription="sub", resource_group="rg-lab", name="adf-lab", notes=notes or {}
    )
    rows = [{"name": name, "properties": one} for name, one in (triggers or {}).items()]
    return Definitions(
        factory=factory,
        pipelines=pipelines,
        triggers=tuple(trigger_definition(factory, row) for row in rows),
        trigger_resources=triggers or {},
        datasets=datasets or {},
        data_flows=data_flows or {},
        linked_services=linked_services or {},
    )


def whole(factory: Path) -> Definitions:
    """Everything published in a public factory."""
    kinds: dict[str, Any] = json.loads(gzip.decompress((factory / "whole.json.gz").read_bytes()))
    return published(
        kinds["pipeline"],
        triggers=kinds["trigger"],
        datasets=kinds["dataset"],
        data_flows=kinds["dataflow"],
        linked_services=kinds["linkedService"],
    )


def graph_of(pipelines: Mapping[str, Json], **more: Any) -> LineageGraph:  # noqa: ANN401
    """The graph of written definitions."""
    return lineage_of(published(pipelines, **more))


def downstream(graph: LineageGraph, pipeline: str) -> dict[str, tuple[str, str]]:
    """Who is concerned, with the effect and how sure it is."""
    return {
        one.name: (str(one.edge.effect), str(one.certainty)) for one in graph.downstream(pipeline)
    }


def upstream(graph: LineageGraph, pipeline: str) -> set[str]:
    """What a pipeline depends on."""
    return {one.name for one in graph.upstream(pipeline)}


def copying(
    name: str, source: Json | None = None, sink: Json | None = None, query: str = ""
) -> Json:
    """A copy between two dataset references, or of what a query finds."""
    return {
        "name": name,
        "type": "Copy",
        "dependsOn": [],
        "inputs": [source] if source else [],
        "outputs": [sink] if sink else [],
        "typeProperties": {"source": {"sqlReaderQuery": query}} if query else {},
    }


def dataset(name: str, **parameters: str) -> Json:
    """A reference to a dataset."""
    return {"referenceName": name, "type": "DatasetReference", "parameters": parameters}


def file_in(service: str, container: str, folder: object, file: object = None) -> Json:
    """A file dataset."""
    location = {"type": "AzureBlobFSLocation", "fileSystem": container, "folderPath": folder}
    return {
        "type": "Parquet",
        "linkedServiceName": {"referenceName": service, "type": "LinkedServiceReference"},
        "typeProperties": {"location": location | ({"fileName": file} if file else {})},
    }


def table_in(service: str, schema: object, table: object) -> Json:
    """A table dataset."""
    return {
        "type": "AzureSqlTable",
        "linkedServiceName": {"referenceName": service, "type": "LinkedServiceReference"},
        "typeProperties": {"schema": schema, "table": table},
    }
