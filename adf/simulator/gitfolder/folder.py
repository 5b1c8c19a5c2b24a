"""Reads the Git folder of a data factory or Synapse workspace: one JSON file for each resource."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import orjson

from adf.simulator.runs import Json

_BOM = b"\xef\xbb\xbf"
_PIPELINES = "pipeline"


class WrongFolder(ValueError):
    """A folder that is no factory's; the message names what is missing or cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitFolder:
    """The `properties` of everything published from a folder, by kind and name."""

    name: str
    pipelines: Mapping[str, Json]
    triggers: Mapping[str, Json]
    runtimes: Mapping[str, Json]
    datasets: Mapping[str, Json]
    data_flows: Mapping[str, Json]
    linked_services: Mapping[str, Json]


def read_folder(path: str | Path, name: str | None = None) -> GitFolder:
    """The factory in a folder, found at its top or one level below; WrongFolder for another."""
    given = Path(path).resolve()
    home = _home(given)
    return GitFolder(
        name=name or _plain(given.name),
        pipelines=_read(home / _PIPELINES),
        triggers=_read(home / "trigger"),
        runtimes=_read(home / "integrationRuntime"),
        datasets=_read(home / "dataset"),
        data_flows=_read(home / "dataflow"),
        linked_services=_read(home / "linkedService"),
    )


def _home(given: Path) -> Path:
    if not given.is_dir():
        raise WrongFolder(f"{given} is not a folder")
    below = sorted(one for one in given.iterdir() if one.is_dir())
    for place in (given, *below):
        if any((place / _PIPELINES).glob("*.json")):
            return place
    raise WrongFolder(f"no pipeline/*.json in {given} or one level below it")


def _read(folder: Path) -> dict[str, Json]:
    found = (_resource(file) for file in sorted(folder.glob("*.json")))
    return dict(sorted(found, key=lambda one: one[0].lower()))


def _resource(file: Path) -> tuple[str, Json]:
    try:
        document: object = orjson.loads(file.read_bytes().removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        raise WrongFolder(f"{file} is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise WrongFolder(f"{file} is not a JSON object")
    known = cast("dict[str, Any]", document)
    properties = known.get("properties")
    if not isinstance(properties, dict):
        raise WrongFolder(f"{file} has no properties")
    return str(known.get("name") or file.stem), cast("Json", properties)


def _plain(name: str) -> str:
    """A folder's name as a factory may be called: letters, digits and single hyphens."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-") or "factory"
