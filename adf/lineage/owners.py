"""Who owns a pipeline: what is declared in the settings, else what its definition says."""

import re
from collections.abc import Iterator

from adf.client import Definitions
from adf.client.wire_values import Json, list_of, object_of, objects_of, text_of
from adf.lineage.walk import all_of, steps_of
from adf.records import Owner, PipelineOwners

DECLARED = "ADFOPS_FACTORIES"
_TITLES = (
    r"(?:business|technical|data|product|pipeline)?[ _-]?owne(?:rs?|d[ _-]?by)"
    r"|(?:owning[ _-]?)?team|contact(?:s|[ _-]?person)?"
    r"|support(?:ed[ _-]?by|[ _-]?group)?|on[ _-]?call|responsible"
    r"|maintainer|steward"
)
_NAMED = re.compile(rf"(?i)^\s*({_TITLES})\s*[:=]\s*(\S.{{0,80}}?)\s*$")
_IN_TEXT = re.compile(rf"(?im)(?:^|[.;(\n]\s*)({_TITLES})\s*[:=]\s*([^.;,\n()]{{1,80}})")
_TITLE = re.compile(rf"(?i)^\s*(?:{_TITLES})\s*$")


def owners_of(definitions: Definitions, pipeline: str) -> tuple[Owner, ...]:
    """The owners of one pipeline, the declared one first; each person or team once."""
    declared = definitions.factory.notes_for(pipeline).owner
    written = _written(definitions.pipelines.get(pipeline, {}))
    found = [Owner(who=declared, source=DECLARED)] if declared else []
    known = {one.who.lower(): one for one in reversed([*found, *written])}
    return tuple(reversed(known.values()))


def all_owners(definitions: Definitions) -> tuple[PipelineOwners, ...]:
    """Every pipeline with its owners, if it has any."""
    return tuple(
        PipelineOwners(
            pipeline=name,
            owners=owners_of(definitions, name),
            critical=definitions.factory.notes_for(name).critical,
        )
        for name in definitions.pipelines
    )


def _written(properties: Json) -> Iterator[Owner]:
    """What annotations, user properties and the description say."""
    for note in list_of(properties.get("annotations")):
        named = _NAMED.match(text_of(note)) if isinstance(note, str) else None
        if named:
            yield Owner(who=named[2], source="annotation of the pipeline")
    for step in all_of(steps_of(properties)):
        for one in objects_of(step.wire.get("userProperties")):
            who = one.get("value")
            if _TITLE.match(text_of(one.get("name"))) and isinstance(who, str) and who.strip():
                yield Owner(who=who.strip()[:80], source=f"user property of {step.name}")
    for found in _IN_TEXT.finditer(text_of(properties.get("description"))):
        yield Owner(who=found[2].strip(), source="description of the pipeline")


def description_of(properties: Json) -> str:
    """What its authors wrote about it."""
    return " ".join(text_of(properties.get("description")).split())


def folder_of(properties: Json) -> str:
    """The folder it lies in."""
    return text_of(object_of(properties.get("folder")).get("name"))
