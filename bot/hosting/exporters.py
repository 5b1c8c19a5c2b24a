"""Where spans and metrics go: an OTLP collector, Application Insights, or nowhere.

The SDK and its exporters are imported only where telemetry is configured; the one for a collector
of one's own is installed by who wants it.
"""

import importlib
import os
from dataclasses import dataclass
from typing import Any

from bot.hosting.telemetry import NAME, Telemetry

OTLP = "opentelemetry-exporter-otlp-proto-http"
# Besides what is sent, the exporter tells Microsoft of itself and asks it for settings.
QUIET = (
    "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
    "APPLICATIONINSIGHTS_SDKSTATS_DISABLED",
    "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED",
    "APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED",
)


class CannotExport(Exception):
    """Telemetry is configured, and the package that sends it is not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Where telemetry goes: the base URL of an OTLP collector, or Application Insights."""

    otlp: str = ""
    insights: str = ""


def telemetry_to(collector: Collector) -> Telemetry:
    """Telemetry that goes to a collector; CannotExport says what to install."""
    if not collector.otlp and not collector.insights:
        return Telemetry()
    try:
        return make_telemetry(
            *(_to_insights(collector) if collector.insights else _to_otlp(collector))
        )
    except ImportError as error:
        reason = f"Telemetry is wanted, and {error.name or error} is not installed"
        raise CannotExport(f"{reason}: pip install {OTLP}") from None


def _to_otlp(collector: Collector) -> tuple[Any, Any]:
    base = collector.otlp.rstrip("/")
    spans = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    metrics = importlib.import_module("opentelemetry.exporter.otlp.proto.http.metric_exporter")
    return (
        spans.OTLPSpanExporter(endpoint=f"{base}/v1/traces"),
        metrics.OTLPMetricExporter(endpoint=f"{base}/v1/metrics"),
    )


def _to_insights(collector: Collector) -> tuple[Any, Any]:
    # It takes these as variables alone, and some of them at its import.
    for name in QUIET:
        os.environ.setdefault(name, "true")  # noqa: TID251
    exporter = importlib.import_module("azure.monitor.opentelemetry.exporter")
    given = {"connection_string": collector.insights, "disable_offline_storage": True}
    return exporter.AzureMonitorTraceExporter(**given), exporter.AzureMonitorMetricExporter(**given)


def make_telemetry(spans: Any, metrics: Any) -> Telemetry:  # noqa: ANN401 - the SDK is not there to name
    """Batches of spans and metrics, sent from threads of the SDK."""
    trace = importlib.import_module("opentelemetry.sdk.trace")
    batches = importlib.import_module("opentelemetry.sdk.trace.export")
    measuring = importlib.import_module("opentelemetry.sdk.metrics")
    reading = importlib.import_module("opentelemetry.sdk.metrics.export")
    resources = importlib.import_module("opentelemetry.sdk.resources")
    named = resources.Resource.create({"service.name": NAME})
    tracers = trace.TracerProvider(resource=named)
    tracers.add_span_processor(batches.BatchSpanProcessor(spans))
    reader = reading.PeriodicExportingMetricReader(metrics)
    meters = measuring.MeterProvider(resource=named, metric_readers=[reader])

    def close() -> None:
        tracers.shutdown()
        meters.shutdown()

    return Telemetry(tracers.get_tracer(NAME), meters.get_meter(NAME), close=close)
