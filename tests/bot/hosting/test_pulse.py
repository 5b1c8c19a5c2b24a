"""The heart beats whatever else breaks, and ages are those of what waits."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from bot.hosting.pulse import Pulse

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)


async def nobody_waits() -> datetime | None:
    return None


async def waits_for_a_minute() -> datetime | None:
    return NOW - timedelta(minutes=1)


async def breaks() -> datetime | None:
    raise OSError("disk full")


def values(reader: InMemoryMetricReader) -> Mapping[str, list[Any]]:
    """Attributes and value of each point, by metric."""
    data = reader.get_metrics_data()
    assert data
    (resource,) = json.loads(data.to_json())["resource_metrics"]
    return {
        one["name"]: [(point["attributes"], point["value"]) for point in one["data"]["data_points"]]
        for scope in resource["scope_metrics"]
        for one in scope["metrics"]
    }


async def test_a_queue_that_cannot_be_read_has_no_age_and_the_beat_goes_on() -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider(metric_readers=[reader])
    pulse = Pulse(
        provider.get_meter("test"),
        lambda: NOW,
        seen=lambda: {"prod": NOW - timedelta(seconds=20)},
        queues={"broken": breaks, "inbox": waits_for_a_minute, "outbox": nobody_waits},
    )
    await pulse.beat()
    await pulse.beat()
    found = values(reader)
    provider.shutdown()
    assert found["adfops.heartbeat"] == [({}, 2)]
    assert found["adfops.watch.lag"] == [({"adfops.factory": "prod"}, 20.0)]
    assert found["adfops.queue.age"] == [
        ({"adfops.queue": "inbox"}, 60.0),
        ({"adfops.queue": "outbox"}, 0.0),
    ]
