"""Something that stands as it should not though no run failed, from the first alert to its end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from adf.records import BaseRecord, ConditionKind, RunStatus
from cards.records.incidents import Mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionReport(BaseRecord):
    """What is wrong since when; `over_at` is set once it has ended.

    `limit` is the limit that somebody asked for, `began` and `lasted` are of the run it is about,
    `ended_as` is how that run ended, `count` how many starts were missed or runs are queued.
    """

    alert_id: str
    factory: str
    kind: ConditionKind
    subject: str
    since: datetime
    pipelines: tuple[str, ...] = ()
    limit: str = ""
    run_id: str = ""
    trigger: str = ""
    is_stopped: bool = False
    count: int = 0
    usual: timedelta | None = None
    usual_rows: int | None = None
    retrying: str = ""
    began: datetime | None = None
    lasted: timedelta | None = None
    ended_as: RunStatus | None = None
    over_at: datetime | None = None
    over_by: str = ""
    owner: str = ""
    waiting: tuple[str, ...] = ()
    call: tuple[Mentioned, ...] = ()

    @property
    def factories(self) -> tuple[str, ...]:
        """The one it is of."""
        return (self.factory,)

    @property
    def identity(self) -> str:
        """The alert."""
        return f"condition {self.alert_id}"
