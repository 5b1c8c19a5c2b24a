"""Where the data of an activity is: file or table, under a linked service, as far as it is fixed.

A dataset's own parameters are replaced by the fixed values of the reference; what an expression
puts together at run time has no address, and is counted instead.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from adf.client.wire_values import Json, object_of, objects_of, text_of
from adf.lineage.walk import Step, is_expression

_PARAMETER = re.compile(r"@\{\s*dataset\(\)\.(\w+)\s*\}|^@\s*dataset\(\)\.(\w+)$")
_CONTAINERS = ("container", "fileSystem", "bucketName")
_FILE_PARTS = ("folderPath", "fileName", "relativeUrl", "collectionName", "entityName")
_READS_DATASET = frozenset({"lookup", "getmetadata", "validation"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DataAddress:
    """A file, folder or table under a linked service, in lower case; `dataset` names it."""

    service: str
    path: str
    is_table: bool
    dataset: str = ""

    @property
    def label(self) -> str:
        """As people say it."""
        return self.path or self.dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class DataUse:
    """What one activity reads and writes by datasets; `unknown` are those without an address."""

    reads: tuple[DataAddress, ...] = ()
    writes: tuple[DataAddress, ...] = ()
    unknown: int = 0


def data_use(step: Step, datasets: Mapping[str, Json], flows: Mapping[str, Json]) -> DataUse:
    """What an activity reads and writes."""
    reads, writes = list(_read_references(step)), objects_of(step.wire.get("outputs"))
    flow = flows.get(_name(step.detail.get("dataFlow") or step.detail.get("dataflow")).lower())
    if flow is not None:
        detail = object_of(flow.get("typeProperties"))
        reads += [object_of(one.get("dataset")) for one in objects_of(detail.get("sources"))]
        writes += [object_of(one.get("dataset")) for one in objects_of(detail.get("sinks"))]
    found = [[_address(one, datasets) for one in some if _name(one)] for some in (reads, writes)]
    return DataUse(
        reads=tuple(one for one in found[0] if one),
        writes=tuple(one for one in found[1] if one),
        unknown=sum(one is None for some in found for one in some),
    )


def _read_references(step: Step) -> Iterator[Json]:
    yield from objects_of(step.wire.get("inputs"))
    if step.kind.lower() in _READS_DATASET:
        yield object_of(step.detail.get("dataset"))


def _name(reference: object) -> str:
    return text_of(object_of(reference).get("referenceName"))


def _address(reference: Json, datasets: Mapping[str, Json]) -> DataAddress | None:
    """Where a dataset is; None for one that is not there, or is put together at run time."""
    name = _name(reference)
    known = datasets.get(name.lower())
    if known is None:
        return None
    arguments = object_of(reference.get("parameters"))
    service = _name(known.get("linkedServiceName")).lower()
    for is_table, parts in ((False, _file_parts(known)), (True, _table_parts(known))):
        texts = [_filled(part, arguments) for part in parts]
        if any(texts):
            if any(is_expression(one) for one in texts):
                return None
            path = ".".join(texts) if is_table else "/".join(one.strip("/") for one in texts)
            return DataAddress(service=service, path=path.lower(), is_table=is_table, dataset=name)
    return None


def _file_parts(dataset: Json) -> list[object]:
    detail = object_of(dataset.get("typeProperties"))
    location = object_of(detail.get("location"))
    if location:
        return [location[key] for key in (*_CONTAINERS, *_FILE_PARTS) if location.get(key)]
    return [detail[key] for key in _FILE_PARTS if detail.get(key)]


def _table_parts(dataset: Json) -> list[object]:
    detail = object_of(dataset.get("typeProperties"))
    if detail.get("table"):
        return [detail[key] for key in ("schema", "table") if detail.get(key)]
    return [detail["tableName"]] if detail.get("tableName") else []


def _filled(wire: object, arguments: Json) -> str:
    """A part of an address with the dataset's parameters replaced by what is handed to them."""
    text = text_of(_fixed(wire))

    def given(found: re.Match[str]) -> str:
        fixed = _fixed(arguments.get(found[1] or found[2]))
        return text_of(fixed) if isinstance(fixed, str | int) else f"@{{{found[1] or found[2]}}}"

    return _PARAMETER.sub(given, text).replace("[", "").replace("]", "")


def _fixed(wire: object) -> object:
    """A value, or what an expression object holds."""
    return object_of(wire).get("value", wire)


def is_inside(one: str, other: str) -> bool:
    """Whether one file or folder lies in the other, both with a folder below their container."""
    shorter, longer = sorted((one.split("/"), other.split("/")), key=len)
    return len(shorter) > 1 and longer[: len(shorter)] == shorter
