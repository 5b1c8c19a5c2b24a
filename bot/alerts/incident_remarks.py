"""What is worth saying of an incident beside its record: a rerun under way, runs not read.

In memory alone, as it is seen again at the next look; a restart loses it for that long.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from cachetools import LRUCache

from adf.records import Failure, PipelineRun
from adf.records.glossary import counted
from adf.records.moments import moment_said
from adf.watch.reports import STORM
from bot.alerts.incidents import Incident

MOST_KNOWN = 500
_WINDOW = "TumblingWindowTrigger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Of one incident: how many runs were not looked into, and the run that may end it."""

    unread: int = 0
    alike: str = ""
    under_way: PipelineRun | None = None


class IncidentRemarks:
    """Remarks by incident; whoever draws its card asks for them."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: LRUCache[str, Remark] = LRUCache(MOST_KNOWN)

    def add(self, incident: Incident, failure: Failure) -> None:
        """Remember how much is known of a failure that belongs to an incident."""
        known = self._of(incident)
        unread = known.unread + (STORM in failure.report.gaps)
        alike = known.alike or failure.alike
        self._known[incident.incident_id] = replace(known, unread=unread, alike=alike)

    def note_run(self, incident: Incident, active: Sequence[PipelineRun]) -> bool:
        """Remember the run that may end an incident; whether that is news."""
        known, run = self._of(incident), run_under_way(incident, active)
        if (run.run_id if run else "") == (known.under_way.run_id if known.under_way else ""):
            return False
        self._known[incident.incident_id] = replace(known, under_way=run)
        return True

    def is_retried(self, incident: Incident) -> bool:
        """Whether a run is under way that may end it."""
        return self._of(incident).under_way is not None

    def text(self, incident: Incident, zone: ZoneInfo) -> str:
        """The remarks as sentences; nothing of one that is over."""
        if incident.ending is not None:
            return ""
        known = self._of(incident)
        said = (_under_way(known.under_way, zone), _unread(known, incident), self._alike(incident))
        return " ".join(one for one in said if one)

    def _of(self, incident: Incident) -> Remark:
        return self._known.get(incident.incident_id, Remark())

    def _alike(self, incident: Incident) -> str:
        """Another incident with the same error: likely one cause, which people decide."""
        mark = self._of(incident).alike
        others = [
            name
            for name, one in self._known.items()
            if mark and one.alike == mark and name != incident.incident_id
        ]
        return f"Likely the same cause as {others[-1]}: the error is the same." if others else ""


def run_under_way(incident: Incident, active: Sequence[PipelineRun]) -> PipelineRun | None:
    """The newest active run of a pipeline that stands still, begun after it broke."""
    broke = {one.pipeline: one.at for one in incident.standing if not one.well_by}
    after = [
        run
        for run in active
        if run.pipeline in broke and not run.debug and _began(run) >= broke[run.pipeline]
    ]
    return max(after, key=_began, default=None)


def _began(run: PipelineRun) -> datetime:
    return run.start or run.last_updated or datetime.max.replace(tzinfo=ZoneInfo("UTC"))


def _under_way(run: PipelineRun | None, zone: ZoneInfo) -> str:
    if run is None:
        return ""
    since = f" since {moment_said(run.start, zone)}" if run.start else ""
    if run.group_id and run.group_id != run.run_id:
        return f"A rerun of {run.pipeline} has been under way{since}."
    if run.invoked_by and run.invoked_by.kind == _WINDOW:
        return f"Its window is being retried{since}: {run.pipeline}."
    return f"The next run of {run.pipeline} has been under way{since}."


def _unread(known: Remark, incident: Incident) -> str:
    if not known.unread:
        return ""
    whole = counted(max(incident.count, known.unread), "run")
    was = "was" if known.unread == 1 else "were"
    return f"{known.unread} of its {whole} {was} not read in detail."
