"""An incident written up: what was recorded of it, and that nobody is declared to own it."""

from datetime import timedelta

from cards.gallery.keeping import ALERT
from cards.gallery.typical import FACTORY, at, said
from cards.records import IncidentState, IncidentTimes, IncidentWriteUp, TimelineLine

WRITE_UP = IncidentWriteUp(
    incident_id="INC-101",
    title="CustomerDataETL failed",
    factory=FACTORY,
    pipelines=("CustomerDataETL",),
    cause=ALERT.cause,
    state=IncidentState.RESOLVED,
    since=at(2, 31),
    as_of=at(5),
    count=3,
    ended=at(4, 19),
    ended_by="run 9d2e41aa",
    acknowledged_by="Maya",
    ticket="INC0010001 in ServiceNow",
    affected=(f"ExportToPowerBI, due {said(5)}",),
    earlier="2nd time. Last: INC-87, recovered after 1 h 48 min",
    next_step="Ask the owner of the feed why the row has no CustomerKey",
    times=IncidentTimes(
        detect=timedelta(seconds=41),
        acknowledge=timedelta(minutes=10),
        resolve=timedelta(hours=1, minutes=48),
    ),
    timeline=(
        TimelineLine(at=at(2, 31), text="CustomerDataETL failed (run 7f3a)"),
        TimelineLine(at=at(2, 41), text="Maya acknowledged it"),
        TimelineLine(at=at(2, 44), text="Maya assigned it to Lee Park"),
        TimelineLine(at=at(4, 19), text="run 9d2e succeeded"),
    ),
    open_points=("No owner is declared for it.",),
)
