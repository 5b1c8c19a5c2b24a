"""Records that the bot keeps itself: incidents, subscriptions, refusals."""

from dataclasses import replace
from datetime import timedelta

from cards.gallery.typical import CUSTOMER, FACTORY, NULL_KEY, at, said
from cards.records import (
    Concern,
    Denied,
    DigestLine,
    Handover,
    HandoverEntry,
    HandoverPart,
    IncidentDigest,
    IncidentEntry,
    IncidentList,
    IncidentReport,
    IncidentState,
    IncidentTimes,
    Mentioned,
    Mute,
    MuteList,
    Subscription,
    SubscriptionList,
    TimelineLine,
)

ALERT = IncidentReport(
    incident_id="INC-101",
    title="CustomerDataETL failed",
    factory=FACTORY,
    cause="Copy_CRM_Customers: a row arrived without CustomerKey; dw.DimCustomer refuses it.",
    since=at(1, 31, 12),
    pipelines=("CustomerDataETL",),
    count=3,
    last_seen=at(2, 31),
    error=NULL_KEY,
    waiting=(f"ExportToPowerBI, starts {said(4, 30)}, due {said(5)}",),
    history="2nd time",
    earlier="INC-87, recovered after 1 h 48 min",
    earlier_at=at(1, 31, day=10),
    next_step="Ask the owner of the feed why the row has no CustomerKey",
    owner="priya",
    run_id=CUSTOMER.run_id,
    people=(("Lee Park", "id-lee"), ("Ivy Stone", "id-ivy")),
    call=(Mentioned(name="Data on-call", person_id="00000000-0000-0000-0000-00000000000a"),),
)
ACKNOWLEDGED = replace(
    ALERT,
    state=IncidentState.ACKNOWLEDGED,
    changed_by="Maya",
    changed_at=at(2, 41),
    acknowledged_by="Maya",
    acknowledged_at=at(2, 41),
    assignee="Lee Park",
    assigned_by="Maya",
    muted_until=at(4),
    muted_by="Maya",
    call=(),
    revision=2,
    timeline=(
        TimelineLine(at=at(1, 31, 12), text="Failed, run 9d2e41aa"),
        TimelineLine(at=at(2, 41), text="Maya acknowledged it"),
        TimelineLine(at=at(2, 42), text="Maya assigned it to Lee Park"),
        TimelineLine(at=at(2, 43), text=f"Maya muted it until {said(4)}: feed is repaired"),
    ),
    times=IncidentTimes(detect=timedelta(seconds=40), acknowledge=timedelta(minutes=70)),
)
RESOLVED = replace(
    ALERT,
    state=IncidentState.RESOLVED,
    title="CustomerDataETL recovered",
    explained=True,
    changed_at=at(3, 19),
    resolved_by_run="9d2e41aa-0000-4000-8000-000000000009",
    acknowledged_by="Maya",
    acknowledged_at=at(2, 41),
    times=IncidentTimes(
        detect=timedelta(seconds=40),
        acknowledge=timedelta(minutes=70),
        resolve=timedelta(minutes=108),
    ),
    timeline=(
        *ACKNOWLEDGED.timeline,
        TimelineLine(at=at(3, 19), text="Recovered by run 9d2e41aa"),
    ),
    call=(),
    revision=3,
)
RUNTIME_DOWN = replace(
    ALERT,
    incident_id="INC-103",
    title="2 pipelines are blocked",
    cause="The integration runtime shir-prod-01 is offline.",
    pipelines=("LegacyERP_Extract", "InventoryERP_Extract"),
    next_step="Start the integration runtime service on its machine",
    error="",
    count=1,
    history="",
    call=(),
    run_id=None,
)
MUTES = MuteList(
    places=(FACTORY,),
    mutes=(
        Mute(target="DevSandbox_Test", factory=FACTORY, until=at(8), by="lee", reason="sandbox"),
        Mute(
            target="INC-103 (LegacyERP_Extract)",
            factory=FACTORY,
            until=at(5),
            by="Maya",
            held_back=3,
            known_issue=True,
        ),
    ),
    said=f"LegacyERP_Extract is muted until {said(5)} by Maya.",
)
NOTHING_MUTED = MuteList(places=(FACTORY,), mutes=(), said="DevSandbox_Test is not muted.")
INCIDENTS = IncidentList(
    places=(FACTORY,),
    as_of=at(2, 40),
    entries=(
        IncidentEntry(
            incident_id="INC-101",
            factory=FACTORY,
            pipelines=("CustomerDataETL",),
            state=IncidentState.OPEN,
            since=at(1, 31, 12),
            count=3,
            assignee="Lee Park",
            critical=True,
        ),
        IncidentEntry(
            incident_id="INC-102",
            factory=FACTORY,
            pipelines=("PL_Master_Nightly", "IngestSalesforce", "LoadWarehouse"),
            state=IncidentState.ACKNOWLEDGED,
            since=at(2, 20, 44),
            person="lee",
            person_since=at(2, 25),
            muted_until=at(5),
            muted_by="lee",
        ),
    ),
)
HANDOVER = Handover(
    places=(FACTORY,),
    hours=12,
    as_of=at(5),
    finding="2 incidents open, none acknowledged, 1 trigger did not fire, 1 recovered.",
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
                HandoverEntry(
                    title="INC-103 · LegacyERP_Extract",
                    detail=f"since {said(2, 3)} · assigned to lee",
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
            heading="Muted",
            concern=Concern.CALM,
            entries=(
                HandoverEntry(
                    title="DevSandbox_Test", detail=f"until {said(8)} by lee · 5 alerts held back"
                ),
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
    gaps=("missed starts of adf-uat (403)",),
)
QUIET_SHIFT = Handover(
    places=(FACTORY,), hours=8, as_of=at(5), finding="No open incidents, 2 recovered."
)
PLAIN = Handover(
    places=(FACTORY,),
    hours=24,
    as_of=at(5),
    finding="Some of the important data is late.",
    parts=(
        HandoverPart(
            heading="Late",
            concern=Concern.WATCH,
            entries=(
                HandoverEntry(
                    title="The Customer data is late; it's not known yet when it will be in. It "
                    f"was expected by {said(4)}. PowerBI is waiting for it."
                ),
                HandoverEntry(
                    title="The Orders data is still being loaded, later than usual. PowerBI waits "
                    "for it."
                ),
            ),
        ),
    ),
    plain=True,
)
SUBSCRIPTIONS = SubscriptionList(
    subscriptions=(
        Subscription(
            target="ProcessOrders",
            events="when it finishes",
            where="direct message",
            once=True,
            stop="stop my alerts for ProcessOrders",
        ),
        Subscription(
            target="FinanceGL_Load",
            events="when it does not start when it should",
            where="this channel",
            stop="stop alerts for FinanceGL_Load here",
        ),
    ),
    said="I'll message you directly once when ProcessOrders finishes. To stop: “stop my alerts "
    "for ProcessOrders”.",
)
NOISY = SubscriptionList(
    subscriptions=(
        Subscription(
            target="ProcessOrders",
            events="on failure",
            where="this channel",
            stop="stop alerts for ProcessOrders here",
        ),
    ),
    said="I'll post here when ProcessOrders fails. To stop: “stop alerts for ProcessOrders here”.",
    past="In the last 45 days, this would have posted 14 times; 11 recovered within 20 min. "
    "With a wait of 20 min: 3 times.",
    offers=(
        (
            "Wait 20 min first",
            "tell us when ProcessOrders fails, only if it stays red for 20 minutes",
        ),
    ),
)
DIGEST = IncidentDigest(
    factory=FACTORY,
    since=at(2, 12),
    lines=(
        DigestLine(
            incident_id="INC-121",
            pipelines=("InventorySync", "StockReport", "ReturnsLoad"),
            state=IncidentState.OPEN,
            since=at(2, 12),
            count=4,
        ),
        DigestLine(
            incident_id="INC-122",
            pipelines=("FinanceGL_Load",),
            state=IncidentState.ACKNOWLEDGED,
            since=at(2, 14),
        ),
        DigestLine(
            incident_id="INC-123",
            pipelines=("ProcessOrders",),
            state=IncidentState.RESOLVED,
            since=at(2, 15),
        ),
    ),
)
DENIED = Denied(
    asked="Rerun CustomerDataETL",
    happened="Tom is a reader of adf-prod: a rerun needs an operator.",
    needs="Data Factory Contributor on adf-prod, and the role operator in adf-prod",
    who=("maya", "lee", "ivy"),
)
