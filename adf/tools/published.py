"""What is published: who uses a resource, what a pipeline does, who owns it."""

from typing import Annotated

from adf.client import Definitions
from adf.errors import NotFound
from adf.lineage import LineageGraph, lineage_of
from adf.lineage.addresses import DataAddress, data_use
from adf.lineage.describe import MOST_STEPS, described_steps, parameters_of
from adf.lineage.owners import all_owners, description_of, folder_of, owners_of
from adf.lineage.uses import UseIndex
from adf.lineage.walk import all_of, steps_of
from adf.records import (
    OwnerReport,
    PipelineDescription,
    PipelineOwners,
    ResourceKind,
    StartedBy,
    UseReport,
)
from adf.schedule import next_start_of, schedule_text
from adf.tool import tool
from adf.tools.lineage import published_name
from adf.tools.scope import DEEP_LIMIT, Adf


@tool(
    progress="Looking who uses it",
    reads=True,
    help="Definitions: “which pipelines use <linked service, dataset, runtime, table, secret>”",
    limit=DEEP_LIMIT,
)
async def adf_uses(
    adf: Adf,
    name: Annotated[str, "name of the resource"],
    kind: Annotated[ResourceKind | None, "only of this kind"] = None,
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> UseReport:
    """Which pipelines use a linked service, dataset, runtime, table, secret, and where.

    Use when asked where it is used.
    """
    client = await adf.factories.client(factory)
    index = await client.work_out(UseIndex)
    found = tuple(one for one in index.find(name) if kind in {None, one.kind})
    return UseReport(
        factory=client.factory.alias,
        name=name,
        as_of=adf.clock(),
        found=found,
        similar=() if found else index.similar(name),
        gaps=index.gaps,
    )


@tool(
    progress="Reading the definition",
    reads=True,
    help="Definitions: “what does <pipeline> do”",
    limit=DEEP_LIMIT,
)
async def adf_describe_pipeline(
    adf: Adf,
    pipeline: Annotated[str, "exact name of the pipeline"],
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> PipelineDescription:
    """What a pipeline does: activities, parameters, schedule, owner, concurrency.

    Use when asked how it is built.
    """
    client = await adf.factories.client(factory)
    definitions = await client.get_definitions()
    graph = await client.work_out(lineage_of)
    name = published_name(client, graph, pipeline)
    properties, notes = definitions.pipelines[name], client.factory.notes_for(name)
    reads, writes = _data(definitions, name)
    return PipelineDescription(
        factory=client.factory.alias,
        name=name,
        as_of=adf.clock(),
        description=description_of(properties),
        folder=folder_of(properties),
        annotations=tuple(str(one) for one in properties.get("annotations") or ()),
        owners=owners_of(definitions, name),
        critical=notes.critical,
        due=notes.due,
        usual=notes.usual,
        concurrency=properties.get("concurrency"),
        parameters=parameters_of(properties),
        steps=tuple(described_steps(steps_of(properties)))[:MOST_STEPS],
        started_by=_started_by(graph, name, adf),
        callers=tuple(graph.direct_callers(name)),
        reads=reads,
        writes=writes,
        gaps=definitions.gaps,
    )


@tool(
    progress="Looking who owns it",
    reads=True,
    help="Definitions: “who owns <pipeline>”",
)
async def adf_owners(
    adf: Adf,
    pipeline: Annotated[str | None, "exact name; every pipeline when left out"] = None,
    factory: Annotated[str | None, "alias of the factory"] = None,
) -> OwnerReport:
    """Who owns a pipeline, as declared in the settings or written in its definition.

    Use when asked whom to call.
    """
    client = await adf.factories.client(factory)
    known = await client.work_out(all_owners)
    wanted = [one for one in known if one.pipeline.lower() == (pipeline or "").lower()]
    if pipeline and not wanted:
        raise NotFound(f"{client.factory.alias} has no pipeline {pipeline}", what="pipeline")
    owned = [one for one in known if one.owners]
    return OwnerReport(
        factory=client.factory.alias,
        as_of=adf.clock(),
        pipeline=wanted[0].pipeline if wanted else None,
        pipelines=tuple(wanted or sorted(owned, key=_by_weight)),
        unowned=0 if wanted else len(known) - len(owned),
    )


def _by_weight(one: PipelineOwners) -> tuple[bool, str]:
    return not one.critical, one.pipeline.lower()


def _data(definitions: Definitions, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The places a pipeline reads and writes by datasets with a fixed address."""
    datasets = {key.lower(): one for key, one in definitions.datasets.items()}
    flows = {key.lower(): one for key, one in definitions.data_flows.items()}
    reads: dict[str, None] = {}
    writes: dict[str, None] = {}
    for step in all_of(steps_of(definitions.pipelines[name])):
        use = data_use(step, datasets, flows)
        reads |= dict.fromkeys(map(_label, use.reads))
        writes |= dict.fromkeys(map(_label, use.writes))
    return tuple(reads), tuple(writes)


def _label(address: DataAddress) -> str:
    return f"{address.label} ({address.service})"


def _started_by(graph: LineageGraph, name: str, adf: Adf) -> tuple[StartedBy, ...]:
    return tuple(
        StartedBy(
            trigger=one.name,
            schedule=schedule_text(one),
            started=one.is_started,
            starts_next=next_start_of(one, adf.clock()),
        )
        for one in graph.triggers
        if name.lower() in {started.lower() for started in one.pipelines}
    )
