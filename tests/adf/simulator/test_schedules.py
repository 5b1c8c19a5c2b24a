"""Every schedule a world file can tell becomes the trigger definition a factory would hold."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adf.simulator.world.schedules import UnknownSchedule, interval_of, trigger_properties

FIRST = datetime(2031, 5, 1, tzinfo=UTC)


def properties(text: str, *, minutes: int = 0, started: bool = True) -> dict[str, Any]:
    phase = timedelta(minutes=minutes)
    return trigger_properties(text, ["Harvest"], started=started, first=FIRST, phase=phase)


def recurrence(text: str, *, minutes: int = 0) -> dict[str, Any]:
    made = properties(text, minutes=minutes)
    assert made["type"] == "ScheduleTrigger"
    return made["typeProperties"]["recurrence"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every 30 min", ("Minute", 30, "2031-05-01T00:00:00Z", "UTC", None)),
        ("every 15 minutes", ("Minute", 15, "2031-05-01T00:00:00Z", "UTC", None)),
        ("every 4 h", ("Hour", 4, "2031-05-01T00:00:00Z", "UTC", None)),
        ("hourly", ("Hour", 1, "2031-05-01T00:00:00Z", "UTC", None)),
        (
            "hourly at minutes 10, 40",
            ("Hour", 1, "2031-05-01T00:00:00Z", "UTC", {"minutes": [10, 40]}),
        ),
        (
            "every 6 h at minute 5",
            ("Hour", 6, "2031-05-01T00:00:00Z", "UTC", {"minutes": [5]}),
        ),
        (
            "every 12 h at 11:00 and 23:00 UTC",
            ("Day", 1, "2031-05-01T11:00:00Z", "UTC", {"hours": [11, 23], "minutes": [0]}),
        ),
        (
            "daily 01:30 UTC",
            ("Day", 1, "2031-05-01T01:30:00Z", "UTC", {"hours": [1], "minutes": [30]}),
        ),
        (
            "daily 01:30 US/Eastern",
            (
                "Day",
                1,
                "2031-05-01T01:30:00",
                "Eastern Standard Time",
                {"hours": [1], "minutes": [30]},
            ),
        ),
        (
            "Daily at 6:05",
            ("Day", 1, "2031-05-01T06:05:00Z", "UTC", {"hours": [6], "minutes": [5]}),
        ),
        (
            "weekly Sunday 04:30 US/Eastern",
            (
                "Week",
                1,
                "2031-05-01T04:30:00",
                "Eastern Standard Time",
                {"weekDays": ["Sunday"], "hours": [4], "minutes": [30]},
            ),
        ),
        (
            "weekly Mon and Thu 04:30",
            (
                "Week",
                1,
                "2031-05-01T04:30:00Z",
                "UTC",
                {"weekDays": ["Monday", "Thursday"], "hours": [4], "minutes": [30]},
            ),
        ),
        (
            "weekdays 07:00 Europe/Berlin",
            (
                "Week",
                1,
                "2031-05-01T07:00:00",
                "W. Europe Standard Time",
                {
                    "weekDays": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
                    "hours": [7],
                    "minutes": [0],
                },
            ),
        ),
        (
            "monthly day 1 06:00 US/Eastern",
            (
                "Month",
                1,
                "2031-05-01T06:00:00",
                "Eastern Standard Time",
                {"monthDays": [1], "hours": [6], "minutes": [0]},
            ),
        ),
        (
            "monthly last day 06:00",
            (
                "Month",
                1,
                "2031-05-01T06:00:00Z",
                "UTC",
                {"monthDays": [-1], "hours": [6], "minutes": [0]},
            ),
        ),
    ],
)
def test_a_schedule_in_words_becomes_a_recurrence(
    text: str, expected: tuple[str, int, str, str, dict[str, Any] | None]
) -> None:
    frequency, interval, start, zone, schedule = expected
    made = {"frequency": frequency, "interval": interval, "startTime": start, "timeZone": zone}
    assert recurrence(text) == (made | {"schedule": schedule} if schedule else made)


def test_times_that_share_no_minute_count_from_the_first_of_them() -> None:
    made = recurrence("every 6 h at 00:20 and 06:25")
    assert made["frequency"] == "Hour"
    assert made["interval"] == 6
    assert made["startTime"] == "2031-05-01T00:20:00Z"


def test_an_interval_without_a_minute_starts_where_its_runs_did() -> None:
    assert recurrence("hourly", minutes=17)["startTime"] == "2031-05-01T00:17:00Z"


def test_a_zone_nobody_listed_keeps_its_name() -> None:
    assert recurrence("daily 01:00 Antarctica/Troll")["timeZone"] == "Antarctica/Troll"


def test_a_tumbling_window_has_one_pipeline_and_its_size() -> None:
    made = properties("tumbling window 6 h")
    assert made["type"] == "TumblingWindowTrigger"
    assert made["pipeline"]["pipelineReference"]["referenceName"] == "Harvest"
    assert (made["typeProperties"]["frequency"], made["typeProperties"]["interval"]) == ("Hour", 6)
    assert made["typeProperties"]["dependsOn"] == []
    assert "pipelines" not in made


def test_a_tumbling_window_of_minutes_or_days_is_told_in_units_the_service_has() -> None:
    short, long = properties("tumbling window 15 min"), properties("tumbling window 2 days")
    assert (short["typeProperties"]["frequency"], short["typeProperties"]["interval"]) == (
        "Minute",
        15,
    )
    assert (long["typeProperties"]["frequency"], long["typeProperties"]["interval"]) == ("Hour", 48)


def test_a_tumbling_window_depends_on_the_triggers_named() -> None:
    made = properties("tumbling window 6 h, depends on trg_sow and trg_water")
    first, second = made["typeProperties"]["dependsOn"]
    assert first["type"] == "TumblingWindowTriggerDependencyReference"
    assert first["referenceTrigger"] == {"referenceName": "trg_sow", "type": "TriggerReference"}
    assert first["size"] == "06:00:00"
    assert second["referenceTrigger"]["referenceName"] == "trg_water"


def test_a_stopped_trigger_says_so() -> None:
    assert properties("hourly", started=False)["runtimeState"] == "Stopped"
    assert properties("hourly")["runtimeState"] == "Started"


@pytest.mark.parametrize("text", ["", "now and then", "daily", "weekly Someday 04:30", "every x h"])
def test_a_schedule_that_says_nothing_known_is_refused(text: str) -> None:
    with pytest.raises(UnknownSchedule):
        properties(text)


def test_only_plain_intervals_leave_their_minute_open() -> None:
    assert interval_of("every 30 min") == timedelta(minutes=30)
    assert interval_of("hourly") == timedelta(hours=1)
    assert interval_of("every 2 weeks") == timedelta(weeks=2)
    assert interval_of("hourly at minutes 5") is None
    assert interval_of("daily 01:00 UTC") is None
