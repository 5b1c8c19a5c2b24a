"""A grid operator in Kolkata, half an hour off the hour: kebab and camel case, live and test."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.paraphrases.worlds import Told, World

LIVE, TEST = "grid-live", "grid-test"


def _one(name: str, outcomes: str, factory: str = LIVE, **told: Any) -> Told:  # noqa: ANN401
    return Told(name=name, factory=factory, outcomes=outcomes, **told)


PIPELINES = (
    _one("meter-readings-raw", "FSSS", age=1.2, critical=True),
    _one("meter-readings-clean", "SSFS", age=1.0, critical=True),
    _one("meterEvents", "SFSS", every=4, age=0.8),
    _one("outage-map-refresh", "RSSF", every=2, age=0.3),
    _one("outageTickets", "FFSS", age=2.4),
    _one("tariffSlabs2026", "SSSS", age=3.1),
    _one("tariffSlabs2025", "FSSS", age=3.2),
    _one("billing-run-north", "FSSS", age=4.0, critical=True, minutes=90),
    _one("billing-run-south", "SSFS", age=4.2, critical=True, minutes=88),
    _one("solarForecast", "SFSS", every=6, age=1.9),
    _one("wind-forecast", "SSSS", every=6, age=2.0),
    _one("substation-telemetry", "FSSSS", every=3, age=0.7),
    _one("night-shift-roster", "SFSS", age=5.0, wordy=True),
    _one("green-certificates", "FSSS", age=6.1, wordy=True),
    _one("retry-queue-drain", "SSFS", age=2.2, wordy=True),
    _one("complaintsInbox", "SSSF", age=7.3),
    _one("dayAheadPrices", "FSSS", age=3.4, wordy=True),
    _one("vendor-sap-sync", "SFSS", age=8.8),
    _one("load-curve", "SSSS", age=2.9, wordy=True),
    _one("load-shedding", "FSSS", age=1.6, wordy=True),
    _one("theftDetection", "CSSF", age=9.4),
    _one("grandNightly", "FSSS", age=5.5, critical=True, minutes=80),
    _one("dimConsumers", "SSSS", age=5.4, parent="grandNightly"),
    _one("factConsumption", "FSSS", age=4.9, parent="grandNightly", minutes=30),
    _one("meter-readings-raw", "SSSS", TEST, age=5.2),
    _one("billing-run-north", "SFFS", TEST, age=6.6),
    _one("solarForecast", "FSSS", TEST, age=7.7),
    _one("grandNightly", "SSSS", TEST, age=8.0),
    _one("outageTickets", "SSSS", TEST, age=3.3),
    _one("sandboxJoin", "FFFF", TEST, age=2.5),
)

ENERGY = World(
    name="energy",
    zone=ZoneInfo("Asia/Kolkata"),
    moments=(
        datetime.fromisoformat("2026-01-01T20:10:00+00:00"),
        datetime.fromisoformat("2026-02-27T09:45:00+00:00"),
    ),
    factories=(LIVE, TEST),
    pipelines=PIPELINES,
    strangers=(
        "billing-run-east",
        "tariffSlabs2024",
        "hydroForecast",
        "meter-readings-final",
        "customerChurn",
        "wind-turbine-health",
        "dimVendors",
        "gas-pressure",
        "payrollMonthly",
    ),
    baits=(
        "what's tomorrow's solar output going to be",
        "is there an outage in sector 12 right now",
        "how much do i owe on my electricity bill",
        "my meter shows a strange number",
        "is the vendor portal down",
        "who is on the night shift",
        "complaint: the lift in tower b is stuck",
        "can you forecast my chances of sleeping tonight",
        "is the kafka broker for meters alive",
        "sap login fails for me",
    ),
)
