"""A savings bank in Madrid: numbered prefixes, names with blanks, camel case of every kind."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.paraphrases.worlds import Told, World

CORE, RISK = "bank-core-prd", "bank-risk-prd"


def _one(name: str, outcomes: str, factory: str = CORE, **told: Any) -> Told:  # noqa: ANN401
    return Told(name=name, factory=factory, outcomes=outcomes, **told)


PIPELINES = (
    _one("pl_100_accounts_daily", "FSSS", age=1.4, critical=True),
    _one("pl_110_accounts_intraday", "SSFS", age=0.8, every=4),
    _one("pl_200_cards_auth", "FSSS", age=2.1, critical=True),
    _one("pl_210_cards_clearing", "SFSS", age=2.3),
    _one("pl_300_sepa_out", "RSSF", age=0.4, every=6, critical=True),
    _one("pl_310_sepa_in", "FFSS", age=1.9, every=6),
    _one("Load Mortgage Rates", "FSSS", age=3.2),
    _one("Load Branch Master", "SSSS", age=3.6),
    _one("Copy FX Rates", "SFSS", age=1.1, every=3),
    _one("copyAtmJournals", "FSSS", age=2.8),
    _one("LoanBookSnapshot", "SSFS", age=4.3),
    _one("LoanBookSnapshot_Hist", "FSSS", age=4.9),
    _one("KycRefresh", "FSFS", age=5.2),
    _one("amlScreening", "FSSS", age=2.6, critical=True),
    _one("DailyGlPosting", "SFSS", age=6.1, critical=True, wordy=True),
    _one("EndOfDay", "FSSS", age=3.9, minutes=80, critical=True, wordy=True),
    _one("dwCustomers", "SSSS", age=3.8, parent="EndOfDay"),
    _one("dwPositions", "FSSS", age=3.4, parent="EndOfDay", minutes=25),
    _one("StatementsPdf", "SFSS", age=7.7),
    _one("pushNotifications", "FSSS", age=1.7, wordy=True),
    _one("regReport_FINREP", "SSFS", RISK, age=5.4, critical=True),
    _one("regReport_COREP", "FSSS", RISK, age=5.6, critical=True),
    _one("stressTest2026", "RSSF", RISK, age=0.3),
    _one("KycRefresh", "SSSS", RISK, age=8.0),
    _one("var_history_calc", "FSSS", RISK, age=2.2),
    _one("counterpartyLimits", "SFSS", RISK, age=2.9),
)

BANK = World(
    name="bank",
    zone=ZoneInfo("Europe/Madrid"),
    moments=(
        datetime.fromisoformat("2026-03-29T02:20:00+00:00"),
        datetime.fromisoformat("2026-09-14T13:05:00+00:00"),
    ),
    factories=(CORE, RISK),
    pipelines=PIPELINES,
    strangers=(
        "pl_220_cards_fraud",
        "pl_400_bizum",
        "Load Deposit Rates",
        "copyBranchHours",
        "regReport_LCR",
        "mobileLogins",
        "PensionFunds",
        "stressTest2025",
        "Copy Bond Prices",
    ),
    baits=(
        "what are the mortgage rates today",
        "my card was declined at the atm",
        "how do i open an account",
        "is the sepa instant scheme down in europe",
        "what is the fx rate of the dollar",
        "is the branch in calle mayor open",
        "why did my loan get rejected",
        "when is the end of day party",
        "can you push a notification to all customers",
        "is the aml team in the office",
        "who signs the corep report",
        "did the stress test of the ecb come out",
        "how many customers closed their account this year",
        "the kyc form does not open in my browser",
    ),
)
