"""Every metric that the bot has, with its attributes: the dashboard and its alerts go by this list.

Those of `gen_ai` and `http` are OpenTelemetry's own names. Ages and lags are in seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from opentelemetry.metrics import Counter, Histogram, Meter

NAME = "adfops"
OPERATION = "gen_ai.operation.name"
PROVIDER = "gen_ai.provider.name"
MODEL = "gen_ai.request.model"
ERROR = "error.type"
# Bounds that the conventions advise.
_TOKENS = tuple(4**power for power in range(14))
_SECONDS = tuple(0.01 * 2**power for power in range(14))

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric: what it is called, its unit, and the attributes its points may have."""

    name: str
    unit: str
    attributes: tuple[str, ...] = ()

    def counter(self, meter: Meter) -> Counter:
        """What counts it."""
        return meter.create_counter(self.name, unit=self.unit)

    def histogram(self, meter: Meter) -> Histogram:
        """What records it."""
        bounds = _SECONDS if self.unit == "s" else _TOKENS
        return meter.create_histogram(
            self.name, unit=self.unit, explicit_bucket_boundaries_advisory=bounds
        )


_MODEL_CALL = (OPERATION, PROVIDER, MODEL)

TURN = Metric(
    name=f"{NAME}.turn.duration",
    unit="s",
    attributes=(f"{NAME}.turn.kind", f"{NAME}.turn.scope", ERROR),
)
ARM = Metric(
    name=f"{NAME}.arm.duration",
    unit="s",
    attributes=(f"{NAME}.arm.operation", f"{NAME}.factory", ERROR),
)
THROTTLED = Metric(
    name=f"{NAME}.arm.throttled",
    unit="{answer}",
    attributes=(f"{NAME}.arm.operation", f"{NAME}.factory"),
)
TEAMS = Metric(
    name=f"{NAME}.teams.duration",
    unit="s",
    attributes=(f"{NAME}.teams.operation", ERROR),
)
DELIVERIES = Metric(
    name=f"{NAME}.deliveries",
    unit="{message}",
    attributes=(f"{NAME}.delivery.kind", f"{NAME}.delivery.outcome"),
)
REFUSALS = Metric(
    name=f"{NAME}.refusals",
    unit="{refusal}",
    attributes=(f"{NAME}.refusal.right", f"{NAME}.refusal.why"),
)
QUEUE_AGE = Metric(name=f"{NAME}.queue.age", unit="s", attributes=(f"{NAME}.queue",))
WATCH_LAG = Metric(name=f"{NAME}.watch.lag", unit="s", attributes=(f"{NAME}.factory",))
HEARTBEAT = Metric(name=f"{NAME}.heartbeat", unit="{beat}")
REQUESTS = Metric(
    name="http.server.request.duration",
    unit="s",
    attributes=("http.request.method", "http.route", "http.response.status_code"),
)
TOKENS = Metric(
    name="gen_ai.client.token.usage",
    unit="{token}",
    attributes=(*_MODEL_CALL, "gen_ai.token.type"),
)
WORK = Metric(
    name="gen_ai.client.operation.duration",
    unit="s",
    attributes=(*_MODEL_CALL, "gen_ai.tool.name", ERROR),
)
# What share of a model's sentences no record bears out.
SENTENCES = Metric(name=f"{NAME}.sentences", unit="{sentence}", attributes=_MODEL_CALL)
DROPPED = Metric(name=f"{NAME}.sentences.dropped", unit="{sentence}", attributes=_MODEL_CALL)

METRICS = (
    *(TURN, ARM, THROTTLED, TEAMS, DELIVERIES, REFUSALS, QUEUE_AGE, WATCH_LAG, HEARTBEAT),
    *(REQUESTS, TOKENS, WORK, SENTENCES, DROPPED),
)
