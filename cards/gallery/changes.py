"""Changes as a deployment in the evening leaves them."""

from adf.records import Change, ChangedThing, ChangeLog, GreenToRed
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
        differences=("only the red run began Check_Duplicates",),
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
