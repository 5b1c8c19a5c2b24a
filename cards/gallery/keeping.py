"""Records that the bot keeps itself: incidents, subscriptions, refusals."""

from dataclasses import replace

from cards.gallery.typical import CUSTOMER, FACTORY, LIMIT, NULL_KEY, at
from cards.records import (
    Denied,
    DigestLine,
    IncidentDigest,
    IncidentReport,
    IncidentState,
    Mentioned,
    Subscription,
    SubscriptionList,
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
    waiting=("ExportToPowerBI, starts 05:30, due 06:00",),
    history="Second time since Tuesday; then a corrected feed mended it.",
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
    muted_until=at(4),
    call=(),
    revision=2,
)
RESOLVED = replace(
    ALERT,
    state=IncidentState.RESOLVED,
    changed_at=at(3, 19),
    resolved_by_run="9d2e41aa-0000-4000-8000-000000000009",
    call=(),
    revision=3,
)
RUNTIME_DOWN = replace(
    ALERT,
    incident_id="INC-103",
    title="2 pipelines stand still",
    cause="The integration runtime shir-prod-01 has been offline since 02:58.",
    pipelines=("LegacyERP_Extract", "InventoryERP_Extract"),
    error=LIMIT,
    count=1,
    history="",
    call=(),
    run_id=None,
)
SUBSCRIPTIONS = SubscriptionList(
    subscriptions=(
        Subscription(
            target="ProcessOrders",
            events="finishes",
            where="this channel",
            once=True,
            stop="stop telling us about ProcessOrders",
        ),
        Subscription(
            target="FinanceGL_Load",
            events="failed, did not run",
            where="your own chat",
            stop="stop telling me about FinanceGL_Load",
        ),
    ),
    said="You are told once, when ProcessOrders finishes.",
)
NOISY = SubscriptionList(
    subscriptions=(
        Subscription(
            target="ProcessOrders",
            events="failed",
            where="this channel",
            stop="stop telling us about ProcessOrders",
        ),
    ),
    said="This channel is told when ProcessOrders fails. To stop: “stop telling us about "
    "ProcessOrders”.",
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
    needs="Data Factory Contributor on adf-prod, and the role operator here",
    who=("maya", "lee", "ivy"),
)
