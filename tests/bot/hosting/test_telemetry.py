"""Telemetry that nobody collects records nothing; one that cannot be sent stops the start."""

import subprocess
import sys
from collections.abc import Sequence

import pytest
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import get_current_span

from adf.errors import Forbidden
from bot.hosting import CannotExport, Collector, telemetry_to
from bot.hosting.exporters import make_telemetry
from bot.hosting.telemetry import AgentName, Telemetry


def test_without_a_collector_nothing_is_recorded() -> None:
    telemetry = telemetry_to(Collector())
    with (
        telemetry.turn("message", "channel"),
        telemetry.tool_call("adf_x"),
        telemetry.arm_call("PipelineRuns_Get", "prod"),
    ):
        assert not get_current_span().is_recording()
    telemetry.close()


def test_an_error_passes_whether_it_is_collected_or_not() -> None:
    telemetry = Telemetry()
    with pytest.raises(Forbidden), telemetry.tool_call("adf_x"):
        raise Forbidden("no")
    with pytest.raises(Forbidden), telemetry.agent_turn(AgentName()):
        raise Forbidden("no")


def test_a_collector_without_its_package_says_what_to_install() -> None:
    with pytest.raises(CannotExport, match="pip install opentelemetry-exporter-otlp-proto-http"):
        telemetry_to(Collector(otlp="http://127.0.0.1:1"))


class Spans(SpanExporter):
    """Takes what is sent at the end."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.names += [f"{one.resource.attributes['service.name']} {one.name}" for one in spans]
        return SpanExportResult.SUCCESS


class Metrics(MetricExporter):
    """The same for metrics."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = ""

    def export(
        self,
        metrics_data: MetricsData,
        timeout_millis: float = 10_000,
        **kwargs: object,
    ) -> MetricExportResult:
        self.sent += metrics_data.to_json()
        return MetricExportResult.SUCCESS

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return True

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: object) -> None:
        return None


def test_what_is_left_is_sent_at_the_end() -> None:
    spans, metrics = Spans(), Metrics()
    telemetry = make_telemetry(spans, metrics)
    with telemetry.tool_call("adf_x"):
        pass
    telemetry.close()
    assert spans.names == ["adfops execute_tool adf_x"]
    assert "gen_ai.client.operation.duration" in metrics.sent


def test_no_sdk_is_imported_for_nobody() -> None:
    code = (
        "import sys, app; from bot.hosting import Collector, telemetry_to; "
        "telemetry_to(Collector()); late = ('opentelemetry.sdk', 'openai', 'azure.ai.projects'); "
        "print([name for name in late if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
