"""Reads the files that settings name: factories and people, model prices, MCP servers."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from adf.records import Factory, PipelineNotes
from bot.access.directory import DirectoryRoles
from bot.access.policy import OBJECT_ID, DeclaredRoles, Role
from bot.alerts.escalation import EscalationPolicy
from bot.hosting.escalation_file import EscalationEntry, policy_of
from bot.hosting.rooms_file import RoomEntry, binding_of, boards_of, summaries_of
from bot.state.rooms import Binding
from bot.state.summaries import DeclaredSummary
from bot.state.usage import Price

_Entry = TypeVar("_Entry", bound=BaseModel)
# Azure's own roles by the names people know them by (Azure built-in roles).
BUILT_IN_ROLES = {
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "Data Factory Contributor": "673868aa-7521-48a0-acc6-0f60742d39f5",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
}
_LONGEST_STEP = 100
ALIAS = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"


class WrongFile(Exception):
    """The factories file cannot be used: which file, where in it, what is wrong."""


class _Pipeline(BaseModel):
    """What an owner declares about one pipeline."""

    model_config = ConfigDict(extra="forbid")
    critical: bool = False
    owner: str | None = None
    usual_minutes: float | None = Field(None, gt=0)
    usual_rows: int | None = Field(None, ge=0)
    due_utc: str | None = Field(None, pattern=r"^\d\d:\d\d$")
    downstream: tuple[str, ...] = ()


class _Factory(BaseModel):
    """One factory: where it is, its pipelines, who is called, who may cancel critical runs."""

    model_config = ConfigDict(extra="forbid")
    subscription: str = Field(min_length=1)
    resource_group: str = Field(min_length=1)
    name: str = Field(min_length=1)
    pipelines: dict[str, _Pipeline] = Field(default_factory=dict[str, _Pipeline])
    groups: dict[str, Role] = Field(default_factory=dict[str, Role])
    azure_roles: dict[str, Role] = Field(default_factory=dict[str, Role])
    second_person_for_critical_cancel: bool = False
    second_person_after_acts: int | None = Field(None, ge=1, le=100)
    break_glass: bool = False
    escalation: EscalationEntry | None = None


class _Person(BaseModel):
    """Who is behind an object id, and what they are in which factory."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=1, max_length=60)
    roles: dict[str, Role] = Field(default_factory=dict[str, Role])


class _FactoriesFile(BaseModel):
    """The whole file; `default` is the factory of a question that names none."""

    model_config = ConfigDict(extra="forbid")
    default: str
    factories: dict[str, _Factory] = Field(min_length=1)
    people: dict[str, _Person] = Field(default_factory=dict[str, _Person])
    rooms: dict[str, RoomEntry] = Field(default_factory=dict[str, RoomEntry])

    @model_validator(mode="after")
    def _names_fit(self) -> "_FactoriesFile":
        """Every alias that is named is one of the factories; people are named by object id."""
        for complaint in self._misfits():
            raise ValueError(complaint)
        return self

    def _misfits(self) -> Iterator[str]:
        yield from (f"factories.{one}: use letters, digits, . _ -" for one in self._bad_aliases())
        if self.default not in self.factories:
            yield f"default {self.default} is not in factories"
        for key, person in self.people.items():
            if not OBJECT_ID.fullmatch(key):
                yield f"people.{key}: not an Entra object id (a GUID, as Entra's user page shows)"
            for alias in person.roles.keys() - self.factories.keys():
                yield f"people.{key}.roles.{alias}: is not in factories"
        yield from self._unknown_on_call()
        yield from self._bad_directory()
        for key, room in self.rooms.items():
            if ";messageid=" in key:
                yield f"rooms.{key}: name the channel without ;messageid="
            if room.factory not in self.factories:
                yield f"rooms.{key}.factory: {room.factory} is not in factories"

    def _unknown_on_call(self) -> Iterator[str]:
        known = {key.lower() for key in self.people}
        for alias, factory in self.factories.items():
            named = factory.escalation.everybody if factory.escalation else ()
            for one in (one for one in named if one.lower() not in known):
                yield f"factories.{alias}.escalation: {one} is not among people"

    def _bad_directory(self) -> Iterator[str]:
        for alias, factory in self.factories.items():
            for one in factory.groups:
                if not OBJECT_ID.fullmatch(one):
                    yield f"factories.{alias}.groups.{one}: not the object id of a group (a GUID)"
            for one in factory.azure_roles:
                if one not in BUILT_IN_ROLES and not OBJECT_ID.fullmatch(one):
                    known = ", ".join(BUILT_IN_ROLES)
                    place = f"factories.{alias}.azure_roles.{one}"
                    yield f"{place}: no id of a role, and none of {known}"

    def _bad_aliases(self) -> list[str]:
        return [alias for alias in self.factories if not re.fullmatch(ALIAS, alias)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactoriesFile:
    """What the file declares; people are by object id, rooms by conversation."""

    factories: tuple[Factory, ...]
    default: str
    people: Mapping[str, DeclaredRoles] = field(default_factory=dict[str, DeclaredRoles])
    directory: DirectoryRoles = field(default_factory=DirectoryRoles)
    rooms: Mapping[str, Binding] = field(default_factory=dict[str, Binding])
    summaries: Mapping[str, DeclaredSummary] = field(default_factory=dict[str, DeclaredSummary])
    boards: Mapping[str, str] = field(default_factory=dict[str, str])
    second_person: frozenset[str] = frozenset()
    mass_acts: Mapping[str, int] = field(default_factory=dict[str, int])
    break_glass: frozenset[str] = frozenset()
    escalations: Mapping[str, EscalationPolicy] = field(default_factory=dict[str, EscalationPolicy])


def read_file(path: Path) -> FactoriesFile:
    """The factories file; WrongFile says in one line what to fix."""
    try:
        read = _FactoriesFile.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise WrongFile(f"ADFOPS_FACTORIES: cannot read {path}: {error.strerror}") from None
    except ValidationError as error:
        raise WrongFile(f"ADFOPS_FACTORIES: {path}: {_one_line(error.errors()[0])}") from None
    except ValueError as error:
        raise WrongFile(f"ADFOPS_FACTORIES: {path} is not JSON: {error}") from None
    names = {key: one.name for key, one in read.people.items()}
    return FactoriesFile(
        factories=tuple(_factory(alias, one) for alias, one in read.factories.items()),
        default=read.default,
        people={
            key: DeclaredRoles(name=one.name, roles=one.roles) for key, one in read.people.items()
        },
        directory=_directory(read.factories),
        rooms={key: binding_of(one) for key, one in read.rooms.items()},
        summaries=summaries_of(read.rooms),
        boards=boards_of(read.rooms),
        second_person=frozenset(
            alias for alias, one in read.factories.items() if one.second_person_for_critical_cancel
        ),
        mass_acts={
            alias: one.second_person_after_acts
            for alias, one in read.factories.items()
            if one.second_person_after_acts
        },
        break_glass=frozenset(alias for alias, one in read.factories.items() if one.break_glass),
        escalations={
            alias: policy_of(one.escalation, names)
            for alias, one in read.factories.items()
            if one.escalation
        },
    )


def _one_line(error: ErrorDetails) -> str:
    place = _place(error)
    text = error["msg"].removeprefix("Value error, ")
    return f"{place}: {text}" if place else text


def _place(error: ErrorDetails) -> str:
    """Where in the file, in a line: a name in it may be as long as the file."""
    return ".".join(str(step)[:_LONGEST_STEP] for step in error["loc"])


def _directory(factories: Mapping[str, _Factory]) -> DirectoryRoles:
    """The roles of groups and of Azure's roles, everything by its id in small letters."""
    return DirectoryRoles(
        groups={
            alias: {key.lower(): role for key, role in one.groups.items()}
            for alias, one in factories.items()
            if one.groups
        },
        azure={
            alias: {
                BUILT_IN_ROLES.get(key, key).lower(): role for key, role in one.azure_roles.items()
            }
            for alias, one in factories.items()
            if one.azure_roles
        },
    )


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
            usual_rows=one.usual_rows,
            due=f"{one.due_utc} UTC" if one.due_utc else None,
            downstream=one.downstream,
        )
        for name, one in declared.items()
    }


def read_mapping(
    setting: str, path: Path, kind: type[RootModel[dict[str, _Entry]]]
) -> dict[str, _Entry]:
    """What a file maps by name; WrongFile says in one line what to fix."""
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8")).root
    except (OSError, UnicodeDecodeError) as error:
        raise WrongFile(f"{setting}: {path}: cannot be read ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(first) or "the file"
        text = first["msg"].removeprefix("Value error, ")
        raise WrongFile(f"{setting}: {path}: {place}: {text}") from None


class _Price(BaseModel):
    """The price of a deployment for a million tokens; `cached` is as `input` if left out."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)
    input: float = Field(ge=0)
    cached: float | None = Field(None, ge=0)
    output: float = Field(ge=0)
    currency: str = Field("USD", min_length=1, max_length=5)


class _PricesFile(RootModel[dict[str, _Price]]):
    """The whole file: prices by deployment."""


def read_prices(path: Path) -> Mapping[str, Price]:
    """The prices by deployment; raises WrongFile."""
    prices = read_mapping("ADFOPS_PRICES", path, _PricesFile)
    return {name: _price(one) for name, one in prices.items()}


def _price(one: _Price) -> Price:
    cached = one.input if one.cached is None else one.cached
    return Price(input=one.input, cached=cached, output=one.output, currency=one.currency)
