"""Which activities are not known to do no harm when they run once more, and why.

Only what a definition says counts: a Copy that overwrites a file or replaces rows is safe, code
that is called elsewhere is not known to be.
"""

from collections.abc import Iterable, Iterator, Mapping

from adf.client.wire_values import Json, object_of, objects_of, text_of
from adf.previews.activity_graph import ActivityNode, PublishedGraph, walk
from adf.records import Effect, IdempotencyNote, PreviewedActivity

# What only reads, or changes nothing but the run itself.
_HARMLESS = frozenset(
    {
        *("Lookup", "GetMetadata", "Validation", "Wait", "SetVariable", "AppendVariable", "Filter"),
        *("ForEach", "Until", "IfCondition", "Switch", "ExecutePipeline", "Fail", "Delete"),
    }
)
_FILE_SINKS = ("ParquetSink", "DelimitedTextSink", "JsonSink", "BinarySink", "AvroSink", "OrcSink")
_REPLACES = frozenset({"upsert", "merge"})
_EMPTIES = ("truncate", "delete ", "drop ")
_COPY_APPENDS = "adds rows to its target and says nothing of replacing them"
_CODE: Mapping[str, str] = {
    "SqlServerStoredProcedure": "calls a stored procedure",
    "Script": "runs SQL statements",
    "WebActivity": "calls a web address",
    "WebHook": "calls a web address",
    "AzureFunctionActivity": "calls a function",
    "ExecuteDataFlow": "runs a data flow",
    "DatabricksNotebook": "runs a notebook",
    "SynapseNotebook": "runs a notebook",
}
_RUNNING = frozenset({Effect.RUNS, Effect.DECIDED_ANEW, Effect.IF_IT_FAILS})


def idempotency_notes(
    activities: Iterable[PreviewedActivity], graphs: Mapping[str, PublishedGraph]
) -> tuple[IdempotencyNote, ...]:
    """A note for each activity that may run and is not known to be safe, once each."""
    found: dict[tuple[str, str], IdempotencyNote] = {}
    for one in activities:
        node = _node(graphs.get(one.pipeline), one.name)
        reason = _reason(node) if node and one.effect in _RUNNING else None
        if reason:
            found[(one.pipeline, one.name)] = IdempotencyNote(
                activity=one.name, kind=one.kind, pipeline=one.pipeline, reason=reason
            )
    return tuple(found.values())


def _node(graph: PublishedGraph | None, name: str) -> ActivityNode | None:
    return (
        next((one for one in walk(graph.activities) if one.name == name), None) if graph else None
    )


def _reason(node: ActivityNode) -> str | None:
    if node.kind in _HARMLESS:
        return None
    if node.kind == "Copy":
        return None if _copy_replaces(node.properties) else _COPY_APPENDS
    if node.kind == "WebActivity" and text_of(node.properties.get("method")).upper() == "GET":
        return None
    if node.kind == "Script" and _only_reads(node.properties):
        return None
    return _CODE.get(node.kind, f"does work that is not known here ({node.kind})")


def _copy_replaces(properties: Json) -> bool:
    """Whether a Copy overwrites files, or replaces the rows of its target."""
    sink = object_of(properties.get("sink"))
    if text_of(sink.get("type")) in _FILE_SINKS:
        return True
    if text_of(sink.get("writeBehavior")).lower() in _REPLACES:
        return True
    return any(word in text.lower() for text in _scripts(sink) for word in _EMPTIES)


def _scripts(sink: Json) -> Iterator[str]:
    """What a Copy runs on its target before it writes: a text, or an expression."""
    script: object = sink.get("preCopyScript")
    yield script if isinstance(script, str) else text_of(object_of(script).get("value"))


def _only_reads(properties: Json) -> bool:
    scripts = objects_of(properties.get("scripts"))
    return bool(scripts) and all(text_of(one.get("type")) == "Query" for one in scripts)
