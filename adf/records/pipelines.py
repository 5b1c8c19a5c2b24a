"""What there is to run: factories, pipelines as published, what their owners declared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineNotes:
    """What the owners declared about a pipeline in our settings, because Azure does not know it."""

    critical: bool = False
    owner: str | None = None
    usual: timedelta | None = None
    usual_rows: int | None = None
    due: str | None = None
    downstream: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Factory:
    """Where a data factory is, under the alias people call it by."""

    alias: str
    subscription: str
    resource_group: str
    name: str
    notes: Mapping[str, PipelineNotes] = field(default_factory=dict[str, PipelineNotes])

    @property
    def resource_id(self) -> str:
        """Its id in Azure Resource Manager."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.resource_group}"
            f"/providers/Microsoft.DataFactory/factories/{self.name}"
        )

    def notes_for(self, pipeline: str) -> PipelineNotes:
        """What was declared about a pipeline; empty notes for an undeclared one."""
        return self.notes.get(pipeline) or PipelineNotes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """One pipeline of a factory's inventory; `calls` are the pipelines that it starts."""

    factory: str
    name: str
    folder: str | None = None
    annotations: tuple[str, ...] = ()
    concurrency: int | None = None
    calls: tuple[str, ...] = ()
    notes: PipelineNotes = field(default_factory=PipelineNotes)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDefinition:
    """One activity as published; `inner` are the activities a container holds."""

    name: str
    kind: str
    after: tuple[str, ...] = ()
    calls: str | None = None
    inner: tuple["ActivityDefinition", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineDefinition:
    """A pipeline as published, read as JSON because the SDK loses the activity types."""

    name: str
    activities: tuple[ActivityDefinition, ...] = ()
    concurrency: int | None = None
