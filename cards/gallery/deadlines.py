"""Deadlines, as the gallery shows them."""

from dataclasses import replace
from datetime import timedelta

from adf.records import DeadlineOdds, DeadlineReport, DeadlineState, DeadlineStatus
from cards.gallery.typical import FACTORY, NOW, at

_ODDS = DeadlineOdds(
    what="CustomerDataETL",
    deadline=at(4),
    start=NOW,
    made=18,
    runs=20,
    usual=timedelta(minutes=24),
    longest=timedelta(minutes=31),
)
_FAILED = DeadlineStatus(
    pipeline="CustomerDataETL",
    deadline=at(4),
    state=DeadlineState.FAILED,
    odds=_ODDS,
    owner="priya",
    critical=True,
)
DEADLINES = DeadlineReport(
    factory=FACTORY,
    as_of=NOW,
    deadlines=(
        DeadlineStatus(
            pipeline="FinanceGL_Load",
            deadline=at(2),
            state=DeadlineState.MISSED,
            owner="sam-team",
            critical=True,
        ),
        _FAILED,
        DeadlineStatus(
            pipeline="ExportToPowerBI",
            deadline=at(6),
            state=DeadlineState.AHEAD,
            starts=at(4, 30),
            odds=replace(_ODDS, what="ExportToPowerBI", deadline=at(6), start=at(4, 30), made=20),
            owner="priya",
        ),
        DeadlineStatus(
            pipeline="PaymentsRecon",
            deadline=at(5),
            state=DeadlineState.DONE,
            done_at=at(1, 2),
            owner="ivy",
        ),
    ),
)
DEADLINE = replace(DEADLINES, pipeline="CustomerDataETL", deadlines=(_FAILED,))
DEADLINES_NONE = replace(DEADLINES, deadlines=())
