"""Live boards: a night with work in it, a quiet one, and the last words of one that moved."""

from cards.gallery.typical import FACTORY, at, said
from cards.records import Board, Concern, HandoverEntry, HandoverPart

BOARD = Board(
    factory=FACTORY,
    as_of=at(2, 41),
    finding="2 incidents open, 1 of them not acknowledged, 1 trigger did not fire, 1 recovered.",
    standing=2,
    unacknowledged=1,
    running=3,
    recovered=1,
    parts=(
        HandoverPart(
            heading="Not acknowledged",
            concern=Concern.BAD,
            entries=(
                HandoverEntry(
                    title="INC-101 · CustomerDataETL",
                    detail=f"since {said(1, 31)} · 3 times · critical",
                    question="status of INC-101",
                ),
            ),
        ),
        HandoverPart(
            heading="Acknowledged",
            concern=Concern.WATCH,
            entries=(
                HandoverEntry(
                    title="INC-103 · LegacyERP_Extract",
                    detail=f"since {said(1, 5)} · acknowledged by Maya at {said(1, 12)}",
                    question="status of INC-103",
                ),
            ),
        ),
        HandoverPart(
            heading="Did not run",
            concern=Concern.BAD,
            entries=(
                HandoverEntry(
                    title="FinanceGL_Load",
                    detail=f"due {said(1, 30)} · trg_finance_0130 is stopped",
                ),
            ),
        ),
        HandoverPart(
            heading="Longer than usual",
            concern=Concern.WATCH,
            entries=(
                HandoverEntry(
                    title="NightlyWarehouse",
                    detail=f"since {said(0)} · usually 48 min",
                    question="status of run 0c5c3f1c",
                ),
            ),
        ),
        HandoverPart(
            heading="Running",
            concern=Concern.CALM,
            entries=(
                HandoverEntry(
                    title="ProcessOrders", detail=f"since {said(1, 30)} · usually 12 min"
                ),
                HandoverEntry(title="LoadLanding", detail="queued"),
            ),
        ),
        HandoverPart(
            heading="Recovered on its own",
            concern=Concern.FINE,
            entries=(
                HandoverEntry(
                    title="INC-100 · MarketingDaily", detail=f"{said(0, 10)} after 20 min"
                ),
            ),
        ),
    ),
)
QUIET = Board(
    factory=FACTORY,
    as_of=at(5),
    finding="No incident is open.",
    running=None,
    gaps=("what is running (Data Factory does not answer)",),
)
ENDED = Board(
    factory=FACTORY,
    as_of=at(5),
    finding="",
    ended=f"Posted again below at {said(4)} by Maya. This message no longer updates.",
)
