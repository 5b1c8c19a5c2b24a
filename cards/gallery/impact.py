"""Who waits for whom, as the gallery shows it."""

from dataclasses import replace
from datetime import timedelta

from adf.records import (
    Certainty,
    DeadlineOdds,
    LineageEdge,
    LineageEffect,
    LineageKind,
    LineageReport,
    RelatedPipeline,
)
from cards.gallery.typical import FACTORY, NOW, at


def _edge(
    source: str,
    target: str,
    kind: LineageKind,
    effect: LineageEffect,
    certainty: Certainty,
    via: str = "",
) -> LineageEdge:
    return LineageEdge(
        source=source, target=target, kind=kind, effect=effect, certainty=certainty, via=via
    )


_ORDERS = "ProcessOrders"
_MASTER = _edge(
    _ORDERS,
    "PL_Master_Nightly",
    LineageKind.CALL,
    LineageEffect.FAILS,
    Certainty.CERTAIN,
    "Run_Orders",
)
_POWER_BI = _edge(
    _ORDERS, "ExportToPowerBI", LineageKind.DECLARED, LineageEffect.WAITS, Certainty.DECLARED
)
_WAREHOUSE = _edge(
    _ORDERS,
    "LoadWarehouse",
    LineageKind.SEQUENCE,
    LineageEffect.SKIPPED,
    Certainty.CERTAIN,
    "PL_Master_Nightly",
)
_SALES = _edge(
    "LoadWarehouse",
    "SalesReport",
    LineageKind.TABLE,
    LineageEffect.STALE,
    Certainty.LIKELY,
    "dw.factsales",
)
IMPACT = LineageReport(
    factory=FACTORY,
    pipeline=_ORDERS,
    upstream=False,
    as_of=NOW,
    owner="lee",
    related=(
        RelatedPipeline(
            name="PL_Master_Nightly", edge=_MASTER, distance=1, owner="maya", critical=True
        ),
        RelatedPipeline(
            name="ExportToPowerBI",
            edge=_POWER_BI,
            distance=1,
            owner="priya",
            critical=True,
            starts_next=at(4, 30),
            due="05:00 UTC",
            due_at=at(5),
        ),
        RelatedPipeline(name="LoadWarehouse", edge=_WAREHOUSE, distance=1, owner="maya"),
        RelatedPipeline(
            name="SalesReport",
            edge=_SALES,
            distance=2,
            starts_next=at(6),
            starter="PL_Reports",
        ),
    ),
    odds=(
        DeadlineOdds(
            what="ExportToPowerBI",
            deadline=at(4, 30),
            start=NOW,
            made=17,
            runs=19,
            usual=timedelta(minutes=18),
            longest=timedelta(minutes=22),
        ),
    ),
    unknown=12,
)
NOTHING = replace(IMPACT, related=(), odds=(), owner=None)
UPSTREAM = replace(
    IMPACT,
    pipeline="ExportToPowerBI",
    upstream=True,
    odds=(),
    related=(RelatedPipeline(name=_ORDERS, edge=_POWER_BI, distance=1, owner="lee"),),
    gaps=("could not read the datasets (needs Microsoft.DataFactory/factories/datasets/read)",),
)
