"""Clocks stand still, tell the time, or run faster from a given moment on."""

from datetime import UTC, datetime, timedelta

import pytest

from adf.simulator import clock_named, frozen_clock, running_clock, wall_clock

START = datetime(2031, 8, 20, 5, 0, tzinfo=UTC)


def test_a_frozen_clock_stands_still() -> None:
    assert frozen_clock(START)() == START
    assert clock_named("frozen", START)() == START


def test_a_fast_clock_runs_as_many_times_as_fast_from_its_start() -> None:
    seconds = [100.0]
    clock = running_clock(60, start=START, seconds=lambda: seconds[0])
    assert clock() == START
    seconds[0] += 2
    assert clock() == START + timedelta(minutes=2)


def test_a_live_clock_without_a_start_is_the_time_of_day() -> None:
    assert clock_named("live") is wall_clock
    assert abs(wall_clock() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_live_clock_goes_on_from_its_start() -> None:
    assert timedelta() <= clock_named("live", START)() - START < timedelta(seconds=5)
    assert clock_named("x0.5", START)() >= START


@pytest.mark.parametrize("text", ["", "slow", "x", "x0", "x-3", "xinf", "xnan"])
def test_other_clocks_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="frozen, live or x"):
        clock_named(text)
