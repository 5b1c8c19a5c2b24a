"""Bars as Teams draws them: one for each different label, with four steps up to the top."""

from typing import Any

from cards.components.graphs import AXIS_STEPS, GraphPart, bars
from cards.extension import as_json

MANY = (*range(1, 130), 562, 745, 999, 1000, 1001, 5_500, 123_456)


def drawn(labels: list[str], values: list[float]) -> dict[str, Any]:
    parts = [GraphPart(name="Failed", color="attention", values=tuple(values))]
    (chart,) = bars("Runs", labels, parts)
    return as_json(chart)


def test_the_steps_of_the_axis_are_whole_numbers_and_the_bars_fit() -> None:
    for most in MANY:
        top = drawn(["a", "b"], [float(most), 0.0])["yMax"]
        assert top % AXIS_STEPS == 0
        assert most <= top <= max(AXIS_STEPS, 2 * most)


def test_times_that_repeat_on_another_day_keep_bars_of_their_own() -> None:
    (series,) = drawn(["03:40", "15:40", "03:40"], [1.0, 2.0, 3.0])["data"]
    labels = [value["x"] for value in series["values"]]
    assert len(set(labels)) == 3
    assert [one.replace("\u200c", "") for one in labels] == ["03:40", "15:40", "03:40"]
