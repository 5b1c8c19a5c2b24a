"""A hospital group in Adelaide: capitals with numbers, very short names, and everyday words."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.paraphrases.worlds import Told, World

WARD, LAB = "ward-main", "path-lab"


def _one(name: str, outcomes: str, factory: str = WARD, **told: Any) -> Told:  # noqa: ANN401
    return Told(name=name, factory=factory, outcomes=outcomes, **told)


PIPELINES = (
    _one("ADT_IN_01", "FSSS", age=1.1, every=6, critical=True),
    _one("ADT_IN_02", "SSFS", age=1.3, every=6, critical=True),
    _one("ADT_OUT_01", "SFSS", age=2.2),
    _one("HL7_ROUTER_100", "RSSF", age=0.4, every=4, critical=True),
    _one("LAB_RES_210", "FFSS", age=2.6),
    _one("LAB_RES_220", "SSSS", age=2.7),
    _one("RX_ORD_330", "FSSF", age=3.0, critical=True),
    _one("RX_DISP_331", "SFSS", age=3.4),
    _one("IMG_PACS_400", "FSSS", age=4.0, minutes=75),
    _one("BILL_MBS_500", "SSFS", age=5.1, critical=True),
    _one("BILL_PHI_510", "FSSS", age=5.3),
    _one("DWH_STG_900", "FSSS", age=3.9, minutes=60, critical=True),
    _one("DWH_DIM_910", "SSSS", age=3.8, parent="DWH_STG_900"),
    _one("DWH_FACT_920", "FSSS", age=3.5, parent="DWH_STG_900", minutes=28),
    _one("GL", "FSSS", age=6.0, wordy=True),
    _one("AP", "SFSS", age=6.2, wordy=True),
    _one("HR", "FSSS", age=7.0, wordy=True),
    _one("X1", "SSFS", age=2.0, every=8, wordy=True),
    _one("X2", "FSSS", age=2.1, every=8, wordy=True),
    _one("Beds", "FSSS", age=0.9, every=3, wordy=True),
    _one("Meals", "SFSS", age=4.4, wordy=True),
    _one("Laundry", "FSSS", age=8.1, wordy=True),
    _one("Visitors", "SSSS", age=3.3, wordy=True),
    _one("Pulse", "FSSSS", age=0.7, every=2, minutes=6, wordy=True),
    _one("Handover", "SFSS", age=5.7, every=12, wordy=True),
    _one("Discharge", "FSFS", age=1.8, wordy=True),
    _one("Rounds", "RSSF", age=0.3, every=12, wordy=True),
    _one("Theatre", "FSSS", age=2.9, wordy=True),
    _one("SPECIMENS_11", "FSSS", LAB, age=1.5),
    _one("SPECIMENS_12", "SSFS", LAB, age=1.6),
    _one("LAB_RES_210", "SSSS", LAB, age=6.4),
    _one("CULTURES_70", "SFSS", LAB, age=2.3, critical=True),
    _one("GL", "SSSS", LAB, age=6.6, wordy=True),
    _one("Freezer", "FSSS", LAB, age=1.2, every=2, wordy=True),
)

HOSPITAL = World(
    name="hospital",
    zone=ZoneInfo("Australia/Adelaide"),
    moments=(
        datetime.fromisoformat("2026-04-05T18:50:00+00:00"),
        datetime.fromisoformat("2026-11-12T05:15:00+00:00"),
    ),
    factories=(WARD, LAB),
    pipelines=PIPELINES,
    strangers=(
        "ADT_IN_03",
        "LAB_RES_230",
        "BILL_DVA_520",
        "X3",
        "ED_TRIAGE_600",
        "Parking",
        "Cleaning",
        "DWH_MART_930",
        "SPECIMENS_13",
        "RX_RETURN_332",
        "PAYROLL_77",
        "Oncology",
        "QX",
    ),
    baits=(
        "how many beds are free on ward 4",
        "who does the handover tonight",
        "what's for breakfast",
        "is the laundry room open",
        "what is the pulse of the patient in 12",
        "when do visitors have to leave",
        "the freezer in the kitchen is leaking",
        "are the rounds with dr lee cancelled today",
        "which theatre shows are on this weekend",
        "is hr in the office today",
        "did the lab call back about my blood test",
        "my meals are cold again",
        "how long is the queue at the pharmacy",
        "is the epic login broken",
        "why is the fax machine on level 2 dead",
        "who is on call for radiology",
        "can I get a discharge letter for my mother",
        "what did the gl team say in the meeting",
    ),
)
