"""Integration runtimes: their nodes, how much they carry, and what stands still without them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.records.base import PlainRecord
from adf.records.glossary import counted
from adf.records.moments import moment_said

SELF_HOSTED = "SelfHosted"
# Runtimes without machines of the owners': there is nothing to look at.
AZURE_OWN = frozenset({"defaultintegrationruntime", "autoresolveintegrationruntime"})
_WELL = frozenset({"online", "started"})
# An Azure-SSIS runtime that is off costs nothing: it was stopped on purpose.
_AT_REST = frozenset({"initial", "stopped", "stopping", "starting", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeNode:
    """One machine of a self-hosted integration runtime, with its load where that is known."""

    name: str
    status: str
    version: str = ""
    last_connect: datetime | None = None
    last_start: datetime | None = None
    running: int | None = None
    running_limit: int | None = None
    cpu_percent: int | None = None
    free_memory_mb: int | None = None

    @property
    def is_online(self) -> bool:
        """Whether it takes work."""
        return self.status.lower() == "online"

    @property
    def is_full(self) -> bool:
        """Whether it works on as many jobs as it may at once."""
        return bool(self.running_limit) and (self.running or 0) >= (self.running_limit or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeStatus:
    """An integration runtime as the service reports it."""

    factory: str
    name: str
    kind: str
    state: str
    version: str = ""
    latest_version: str = ""
    version_status: str = ""
    auto_update: str = ""
    location: str = ""
    nodes: tuple[RuntimeNode, ...] = ()

    @property
    def is_self_hosted(self) -> bool:
        """Whether its machines are the owner's."""
        return self.kind.lower() == SELF_HOSTED.lower()

    @property
    def is_online(self) -> bool:
        """Whether it takes work, on every node."""
        return self.state.lower() in _WELL

    @property
    def has_problem(self) -> bool:
        """Whether work for it stands still or may do so."""
        return not self.is_online and (self.is_self_hosted or self.state.lower() not in _AT_REST)

    @property
    def is_busy(self) -> bool:
        """Whether each node that is online works on as many jobs as it may."""
        online = [node for node in self.nodes if node.is_online]
        return bool(online) and all(node.is_full for node in online)

    @property
    def offline_since(self) -> datetime | None:
        """The last time a node was heard from, while none is online."""
        if self.is_online or any(node.is_online for node in self.nodes):
            return None
        return max((node.last_connect for node in self.nodes if node.last_connect), default=None)

    @property
    def is_outdated(self) -> bool:
        """Whether a newer version should be installed."""
        return self.version_status.lower() in {"updateavailable", "updaterequired", "expiring"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeWork:
    """A pipeline run that uses a runtime: it failed there, or is at work on it now."""

    runtime: str
    pipeline: str
    run_id: str
    activity: str
    at: datetime | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeReport(PlainRecord):
    """The integration runtimes that fit a question, those with a problem first.

    `work` are runs of the last day that use one with a problem, or the one that was asked for:
    those that failed on it and those that run now. `gaps` say what could not be read.
    """

    factory: str
    as_of: datetime
    runtimes: tuple[RuntimeStatus, ...]
    name: str | None = None
    work: tuple[RuntimeWork, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The factory, and which of its runtimes."""
        return f"runtimes {self.factory} {self.name or ''}"

    def failed_on(self, runtime: str) -> tuple[RuntimeWork, ...]:
        """The runs that failed on a runtime, newest first."""
        return tuple(one for one in self.work if one.failed and one.runtime == runtime)

    def running_on(self, runtime: str) -> tuple[RuntimeWork, ...]:
        """The runs that are at work on a runtime now."""
        return tuple(one for one in self.work if not one.failed and one.runtime == runtime)

    def one_line(self, zone: ZoneInfo) -> str:
        """Which runtime is down and since when, else that all are online."""
        down = [one for one in self.runtimes if one.has_problem]
        if len(down) > 1:
            return f"{counted(len(down), 'integration runtime')} not online"
        if not down:
            return f"{counted(len(self.runtimes), 'integration runtime')} online"
        since = down[0].offline_since
        when = f" since {moment_said(since, zone)}" if since else ""
        return f"{down[0].name}: {down[0].state.lower()}{when}"
