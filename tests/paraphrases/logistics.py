"""A haulage company in Chicago: one factory, snake_case names, families and near-duplicates."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.paraphrases.worlds import Told, World

HAUL = "haul-core"


def _one(name: str, outcomes: str, **told: Any) -> Told:  # noqa: ANN401
    return Told(name=name, factory=HAUL, outcomes=outcomes, **told)


PIPELINES = (
    _one("load_shipments", "FSSS", age=2.2, critical=True),
    _one("load_shipments_eu", "SSFS", age=2.6),
    _one("load_shipments_archive", "SS", age=30, every=48),
    _one("ingest_telematics", "SSSFSSSS", every=6, age=1.1, critical=True),
    _one("ingest_telematics_hourly", "FFSSSSSS", every=1, age=0.5, minutes=5),
    _one("route_optimizer", "RSSF", age=0.4, minutes=50, critical=True),
    _one("driver_hours_sync", "SFFS", age=3.3),
    _one("driver_hours_report", "SSSS", age=4.1),
    _one("fuel_card_import", "FSFS", age=1.4, error="Invalid object name 'stg.fuel'."),
    _one("status_feed_carriers", "SFSS", age=2.9, wordy=True),
    _one("daily_close", "FSSS", age=3.9, critical=True, wordy=True),
    _one("error_mailbox_scan", "SSSSF", every=4, age=1.9, wordy=True),
    _one("backup_warehouse", "SFSS", age=5.2, minutes=95, wordy=True),
    _one("load", "SFSS", age=3.1, wordy=True),
    _one("cancel_stale_bookings", "FSSS", age=2.4, wordy=True),
    _one("rerun_rejected_manifests", "SSFS", age=6.0, wordy=True),
    _one("failed_deliveries", "SSFS", age=2.0, wordy=True),
    _one("running_totals", "FSSS", age=1.7, wordy=True),
    _one("last_mile_costs", "SSSS", age=7.5, wordy=True),
    _one("yesterday_mileage", "FSSS", age=2.7, wordy=True),
    _one("dock_slots_24h", "SFSS", age=3.5, wordy=True),
    _one("track_and_trace", "SSSSSS", every=2, age=0.9, minutes=9, wordy=True),
    _one("pod_scans", "FSSSSF", every=3, age=1.2, minutes=8),
    _one("customs_declarations_us", "SSFS", age=4.4),
    _one("customs_declarations_mx", "FSSS", age=4.5),
    _one("yard_moves_v1", "SSSS", age=5.5),
    _one("yard_moves_v2", "FSSS", age=5.6),
    _one("invoice_3pl", "SCSS", age=3.7),
    _one("nightly_master", "FSSS", age=3.0, minutes=70, critical=True),
    _one("dim_carrier_refresh", "SSSS", age=2.95, parent="nightly_master"),
    _one("fact_freight_build", "FSSS", age=2.5, minutes=30, parent="nightly_master"),
    _one("eta_model_score", "SSSSS", every=12, age=4.9),
    _one("trailer_pings", "SFSS", every=8, age=1.3),
    _one("trailer_pins", "SSSS", age=9.0),
    _one("geofence_alerts", "RSSF", every=5, age=0.3),
    _one("pallet_ledger", "SS", age=60, every=72),
    _one("carrier_scorecard", "FSSS", age=8.2),
)

LOGISTICS = World(
    name="logistics",
    zone=ZoneInfo("America/Chicago"),
    moments=(
        datetime.fromisoformat("2026-03-09T08:20:00+00:00"),
        datetime.fromisoformat("2026-07-15T22:40:00+00:00"),
    ),
    factories=(HAUL,),
    pipelines=PIPELINES,
    strangers=(
        "load_shipments_us",
        "load_pallets",
        "hr_payroll_export",
        "ingest_weather",
        "yard_moves_v3",
        "customs_declarations_ca",
        "invoice_4pl",
        "dock_slots_48h",
        "driver_license_check",
        "crm_contacts",
        "salesforce_leads",
        "tms_archive_purge",
        "loyalty_points",
        "weekly_close",
    ),
    baits=(
        "is the fuel price going up again",
        "how many drivers are on holiday this week",
        "my backup drive is full, what now",
        "which carrier is the cheapest to rotterdam",
        "is the load balancer down",
        "what's the eta of my pizza",
        "the dock door 12 is stuck",
        "what's the status of the snowflake warehouse",
        "who is the driver of truck 88",
        "can you track my amazon parcel",
        "error in my excel sheet, help",
        "the tms website is slow",
        "where do i find the customs form for mexico",
        "why did the airflow dag for billing fail",
        "is the trailer park open on sunday",
    ),
)
