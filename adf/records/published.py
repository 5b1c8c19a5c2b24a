"""What is published: who uses a resource, what a pipeline does, and who owns it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from adf.records.base import BaseRecord, PlainRecord
from adf.records.glossary import counted
from adf.records.lineage import Certainty
from adf.records.one_line import MOST_NAMES
from adf.records.pipelines import Pipeline


class ResourceKind(StrEnum):
    """What a pipeline can use, as people call it."""

    PIPELINE = "pipeline"
    TRIGGER = "trigger"
    DATASET = "dataset"
    DATA_FLOW = "data flow"
    LINKED_SERVICE = "linked service"
    RUNTIME = "integration runtime"
    SECRET = "secret"  # noqa: S105 - the kind of thing, not one
    TABLE = "table"
    PROCEDURE = "stored procedure"
    NOTEBOOK = "notebook"
    CREDENTIAL = "credential"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceUse:
    """A pipeline that uses something: in which activities, and through which other resources."""

    pipeline: str
    activities: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    certainty: Certainty = Certainty.CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedResource:
    """Something that can be used, and by whom; `resources` refer to it without a pipeline."""

    kind: ResourceKind
    name: str
    uses: tuple[ResourceUse, ...] = ()
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UseReport(PlainRecord):
    """Everything of a name and who uses it; where nothing has the name, what is called alike."""

    factory: str
    name: str
    as_of: datetime
    found: tuple[UsedResource, ...] = ()
    similar: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory and the name."""
        return f"uses {self.factory} {self.name}"

    def one_line(self, zone: ZoneInfo) -> str:
        """How many pipelines use it."""
        del zone
        users = {use.pipeline for one in self.found for use in one.uses}
        return f"{self.name}: used by {counted(len(users), 'pipeline')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineParameter:
    """A parameter of a pipeline as published; a secure one has no default here."""

    name: str
    kind: str
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedStep:
    """An activity in plain words; `depth` is how many containers it stands in."""

    name: str
    words: str
    depth: int = 0
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedBy:
    """A trigger that starts a pipeline, its schedule in words, and when it is next."""

    trigger: str
    schedule: str
    started: bool
    starts_next: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Who is said to own a pipeline, and where that stands."""

    who: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineDescription(PlainRecord):
    """What a pipeline does, by its definition; `owners` as declared or written in it."""

    factory: str
    name: str
    as_of: datetime
    description: str = ""
    folder: str = ""
    annotations: tuple[str, ...] = ()
    owners: tuple[Owner, ...] = ()
    critical: bool = False
    due: str | None = None
    usual: timedelta | None = None
    concurrency: int | None = None
    parameters: tuple[PipelineParameter, ...] = ()
    steps: tuple[DescribedStep, ...] = ()
    started_by: tuple[StartedBy, ...] = ()
    callers: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The pipeline."""
        return f"definition {self.factory} {self.name}"

    def one_line(self, zone: ZoneInfo) -> str:
        """How many activities it has."""
        del zone
        many = counted(len(self.steps), "activity")
        return f"{self.name}: {many}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineOwners:
    """A pipeline with its owners."""

    pipeline: str
    owners: tuple[Owner, ...] = ()
    critical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerReport(PlainRecord):
    """Who owns one pipeline, or each of those that has an owner; `unowned` have none."""

    factory: str
    as_of: datetime
    pipeline: str | None = None
    pipelines: tuple[PipelineOwners, ...] = ()
    unowned: int = 0
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The pipeline, or the factory."""
        return f"owners {self.factory} {self.pipeline or ''}"

    def one_line(self, zone: ZoneInfo) -> str:
        """Who it is."""
        del zone
        people = dict.fromkeys(own.who for one in self.pipelines for own in one.owners)
        return f"owner: {', '.join(list(people)[:MOST_NAMES]) or 'not known'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineList(BaseRecord):
    """The pipelines of a factory that fit `match` (all of them without one)."""

    factory: str
    pipelines: tuple[Pipeline, ...]
    as_of: datetime
    match: str | None = None

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory, and what was looked for in it."""
        return f"pipelines {self.factory} {self.match or ''} {len(self.pipelines)}"

    def one_line(self, zone: ZoneInfo) -> str:
        """How many there are."""
        del zone
        return counted(len(self.pipelines), "pipeline")
