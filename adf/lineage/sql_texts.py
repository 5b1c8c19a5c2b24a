"""Where SQL stands in an activity, in which dialect, and the tables it reads and writes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from adf.client.wire_values import Json, object_of, objects_of, text_of
from adf.lineage.walk import Step, is_expression

# Parts of the names of linked service types, and the dialect their SQL is in.
_DIALECTS = (
    ("sqldatabase", "tsql"),
    ("sqlserver", "tsql"),
    ("sqldw", "tsql"),
    ("sqlmi", "tsql"),
    ("synapse", "tsql"),
    ("warehouse", "tsql"),
    ("oracle", "oracle"),
    ("postgre", "postgres"),
    ("greenplum", "postgres"),
    ("snowflake", "snowflake"),
    ("mysql", "mysql"),
    ("mariadb", "mysql"),
    ("databricks", "databricks"),
    ("spark", "spark"),
    ("hive", "hive"),
    ("bigquery", "bigquery"),
    ("redshift", "redshift"),
    ("teradata", "teradata"),
    ("db2", ""),
)
_QUERIES = (
    *("query", "sqlReaderQuery", "oracleReaderQuery", "preCopyScript", "commandText"),
    *("snowflakeQuery", "sqlQuery"),
)
_SCHEMALESS = "dbo"


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlTable:
    """A table under a linked service, in lower case."""

    service: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TableUse:
    """A table in the SQL of an activity, read or written."""

    table: SqlTable
    written: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesInText:
    """The names of tables in a SQL text, in lower case; `complete` unless it was not all read."""

    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    complete: bool = True


TablesIn = Callable[[str, str], TablesInText]
"""The tables of a SQL text in a dialect."""


def tables_of(
    step: Step, datasets: Mapping[str, Json], services: Mapping[str, Json], tables_in: TablesIn
) -> Iterator[TableUse]:
    """Every table in the SQL texts of an activity."""
    for service, text in _texts(step, datasets):
        dialect = dialect_of(services.get(service, {}))
        found = tables_in(text, dialect)
        for written, names in ((False, found.reads), (True, found.writes)):
            for name in names:
                table = SqlTable(service=service, name=with_schema(name, dialect))
                yield TableUse(table=table, written=written)


def with_schema(name: str, dialect: str) -> str:
    """A table of SQL Server without a schema is one of dbo; a database before it is left out."""
    parts = name.split(".")[-2:]
    return f"{_SCHEMALESS}.{parts[0]}" if len(parts) == 1 and dialect == "tsql" else ".".join(parts)


def dialect_of(service: Json) -> str:
    """The dialect of a linked service; empty where it is not known."""
    kind = text_of(service.get("type")).lower()
    return next((dialect for part, dialect in _DIALECTS if part in kind), "")


def _texts(step: Step, datasets: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Each SQL text with the linked service it is sent to."""
    detail, own = step.detail, _name(step.wire.get("linkedServiceName"))
    for script in objects_of(detail.get("scripts")):
        yield from _fixed(own, script.get("text"))
    inputs, outputs = (objects_of(step.wire.get(one)) for one in ("inputs", "outputs"))
    read = [*inputs, object_of(detail.get("dataset"))]
    for key, references in (("source", read), ("sink", outputs)):
        service = next((_service(one, datasets) for one in references if _name(one)), own)
        queries = object_of(detail.get(key))
        for query in _QUERIES:
            if query in queries:
                yield from _fixed(service, queries[query])


def _fixed(service: str, wire: object) -> Iterator[tuple[str, str]]:
    """A text that is no expression as a whole; values put into it do not change its tables."""
    text = text_of(object_of(wire).get("value", "")) or (wire if isinstance(wire, str) else "")
    whole = is_expression(text) and text.startswith("@") and not text.startswith("@{")
    if text.strip() and not whole:
        yield service, text


def _service(reference: Json, datasets: Mapping[str, Json]) -> str:
    dataset = datasets.get(_name(reference), {})
    return _name(dataset.get("linkedServiceName"))


def _name(reference: object) -> str:
    return text_of(object_of(reference).get("referenceName")).lower()
