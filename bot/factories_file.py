"""Reads ADFOPS_FACTORIES: which factories there are, and what their owners declared about them."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adf.records import Factory, PipelineNotes


class WrongFile(Exception):
    """The factories file cannot be used: which file, where in it, what is wrong."""


class _Pipeline(BaseModel):
    """What an owner declares about one pipeline."""

    model_config = ConfigDict(extra="forbid")
    critical: bool = False
    owner: str | None = None
    usual_minutes: float | None = Field(None, gt=0)
    due_utc: str | None = Field(None, pattern=r"^\d\d:\d\d$")
    downstream: tuple[str, ...] = ()


class _Factory(BaseModel):
    """One factory: where it is, and its declared pipelines."""

    model_config = ConfigDict(extra="forbid")
    subscription: str = Field(min_length=1)
    resource_group: str = Field(min_length=1)
    name: str = Field(min_length=1)
    pipelines: dict[str, _Pipeline] = Field(default_factory=dict[str, _Pipeline])


class _File(BaseModel):
    """The whole file: factories by alias, and the one that is meant when nobody names one."""

    model_config = ConfigDict(extra="forbid")
    default: str
    factories: dict[str, _Factory] = Field(min_length=1)


def read_factories(path: Path) -> tuple[tuple[Factory, ...], str]:
    """The factories and the default alias; WrongFile says in one line what to mend."""
    try:
        read = _File.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise WrongFile(f"ADFOPS_FACTORIES: cannot read {path}: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise WrongFile(f"ADFOPS_FACTORIES: {path}: {place}: {first['msg']}") from None
    except ValueError as error:
        raise WrongFile(f"ADFOPS_FACTORIES: {path} is not JSON: {error}") from None
    if read.default not in read.factories:
        raise WrongFile(f"ADFOPS_FACTORIES: {path}: default {read.default} is not in factories")
    return tuple(_factory(alias, one) for alias, one in read.factories.items()), read.default


def _factory(alias: str, declared: _Factory) -> Factory:
    return Factory(
        alias=alias,
        subscription=declared.subscription,
        resource_group=declared.resource_group,
        name=declared.name,
        notes=_notes(declared.pipelines),
    )


def _notes(declared: Mapping[str, _Pipeline]) -> dict[str, PipelineNotes]:
    return {
        name: PipelineNotes(
            critical=one.critical,
            owner=one.owner,
            usual=timedelta(minutes=one.usual_minutes) if one.usual_minutes else None,
            due=f"{one.due_utc} UTC" if one.due_utc else None,
            downstream=one.downstream,
        )
        for name, one in declared.items()
    }
