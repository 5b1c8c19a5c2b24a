"""Changes as a deployment in the evening leaves them, and what Azure reports of a night."""

from adf.records import (
    AvailabilityState,
    AzureHealth,
    Change,
    ChangedThing,
    ChangeLog,
    GreenToRed,
    ServiceEvent,
    SharedError,
    TimeRange,
)
from cards.gallery.typical import CUSTOMER, FACTORY, LAST_TWO_DAYS, NOW, at

DEPLOYED = Change(
    at=at(17, 5, 10, day=11),
    actor="svc-devops",
    deployment="adf-release-218",
    things=(
        ChangedThing(kind="pipeline", name="CustomerDataETL", done="changed", relation="itself"),
        ChangedThing(
            kind="linked service",
            name="ls_crm",
            done="changed",
            relation="used by CustomerDataETL",
        ),
        ChangedThing(kind="pipeline", name="FinanceGL_Load", done="changed"),
    ),
)
STOPPED = Change(
    at=at(17, 4, 41, day=11),
    actor="svc-devops",
    things=(ChangedThing(kind="trigger", name="trg_finance_0130", done="stopped"),),
)
REFUSED = Change(
    at=at(15, 12, day=11),
    actor="priya@contoso.com",
    things=(ChangedThing(kind="dataset", name="ds_orders", done="changed"),),
    succeeded=False,
)
TURNED_RED = ChangeLog(
    factory=FACTORY,
    as_of=NOW,
    time_range=LAST_TWO_DAYS,
    changes=(DEPLOYED,),
    elsewhere=(STOPPED, REFUSED),
    pipeline="CustomerDataETL",
    turned_red=GreenToRed(
        good_run_id="11111111-0000-4000-8000-000000000002",
        good_at=at(1, day=11),
        bad_run_id=CUSTOMER.run_id,
        bad_at=at(1, 31, 12),
        differences=("only the failed run reached Check_Duplicates",),
    ),
)
ALL = ChangeLog(
    factory=FACTORY, as_of=NOW, time_range=LAST_TWO_DAYS, changes=(DEPLOYED, STOPPED, REFUSED)
)
NONE = ChangeLog(
    factory=FACTORY,
    as_of=NOW,
    time_range=LAST_TWO_DAYS,
    changes=(),
    elsewhere=(STOPPED,),
    pipeline="ProcessOrders",
)
_NIGHT = TimeRange(start=at(20, 40, day=11), end=NOW)
SHARED = AzureHealth(
    factory=FACTORY,
    as_of=NOW,
    time_range=_NIGHT,
    looked_at=(FACTORY, "adf-uat"),
    state=AvailabilityState.AVAILABLE,
    summary="There aren't any known Azure platform problems affecting this data factory.",
    shared=(
        SharedError(
            pipelines=("CustomerDataETL", "ProcessOrders", "FinanceGL_Load"),
            factories=(FACTORY, "adf-uat"),
            first=at(1, 31),
            last=at(1, 38),
            cause="The database cannot be reached.",
        ),
    ),
    broken=("CustomerDataETL", "ProcessOrders", "FinanceGL_Load"),
)
REPORTED = AzureHealth(
    factory=FACTORY,
    as_of=NOW,
    time_range=_NIGHT,
    looked_at=(FACTORY,),
    state=AvailabilityState.DEGRADED,
    since=at(1, 20),
    summary="We are investigating failures of pipeline runs in West Europe.",
    events=(
        ServiceEvent(
            tracking_id="3TCY-9PZ",
            title="Data Factory: delays and failures in West Europe",
            kind="ServiceIssue",
            is_active=True,
            started=at(1, 15),
            services=("Azure Data Factory V2",),
            regions=("West Europe",),
        ),
    ),
    broken=("CustomerDataETL",),
)
QUIET = AzureHealth(
    factory=FACTORY,
    as_of=NOW,
    time_range=_NIGHT,
    looked_at=(FACTORY,),
    state=AvailabilityState.AVAILABLE,
    summary="There aren't any known Azure platform problems affecting this data factory.",
)
