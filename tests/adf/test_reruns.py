"""Whether reruns helped before, told by own history, with an interval that holds the truth."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pytest

from adf.history.reruns import interval
from adf.records import RerunOdds, RunReport
from adf.simulator import State
from cards import card_for
from cards.text_rendering import read_card
from tests.adf.asking import BERLIN, asking
from tests.adf.simulator.worlds import NOW, run, world

ERROR = "Operation on target Copy failed: ErrorCode=Timeout,Message=The request {} timed out."


def run_id(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def told(status: str, hours_ago: float, minutes: float = 10.0, **more: Any) -> Any:  # noqa: ANN401
    start = NOW - timedelta(hours=hours_ago)
    times = {"start": start.isoformat(), "end": (start + timedelta(minutes=minutes)).isoformat()}
    return {**run("Harvest", status, None, None), **times, **more}


def pasture(ends: Sequence[Sequence[str]], error: str = ERROR) -> State:
    """Failures a day apart, each followed by reruns that ended so; the newest has none yet."""
    runs: dict[str, Any] = {}

    def add(status: str, hours_ago: float, **more: Any) -> None:  # noqa: ANN401
        number = len(runs) + 1
        message = error.format(number) if status == "Failed" else ""
        runs[run_id(number)] = told(status, hours_ago, message=message, **more)

    for day, group in enumerate(ends):
        add("Failed", 24.0 * (len(ends) - day) + 2)
        for place, status in enumerate(group):
            add(status, 24.0 * (len(ends) - day) + 1.5 - place / 2, invoked_by="manual rerun (x)")
    add("Failed", 1.0)
    return world(pipelines={"Harvest": [{"factory": "adf-lab"}]}, runs=runs)


async def report_of(state: State) -> RunReport:
    async with asking(state) as toolbox:
        listed: Any = await toolbox.call("adf_pipeline_runs", pipeline="Harvest")
        found = await toolbox.call("adf_pipeline_activity_runs", run_id=listed.runs[0].run_id)
    return cast("RunReport", found)


async def odds_of(ends: Sequence[Sequence[str]], error: str = ERROR) -> RerunOdds:
    odds = (await report_of(pasture(ends, error))).odds
    assert odds is not None
    return odds


def planted(seed: int) -> tuple[float, list[list[str]]]:
    """A rate of reruns that help, and three to twelve reruns that went by it."""
    dice = random.Random(seed)
    rate = dice.uniform(0.05, 0.95)
    return rate, [
        ["Succeeded" if dice.random() < rate else "Failed"] for _ in range(dice.randint(3, 12))
    ]


async def share_that_holds(seeds: range) -> float:
    held = 0
    for seed in seeds:
        rate, ends = planted(seed)
        odds = await odds_of(ends)
        assert (odds.reruns, odds.green) == (len(ends), sum("Succeeded" in one for one in ends))
        held += odds.low <= rate <= odds.high
    return held / len(seeds)


async def test_the_interval_of_forty_worlds_holds_the_planted_rate() -> None:
    assert 0.8 <= await share_that_holds(range(40)) <= 1.0


@pytest.mark.prove
async def test_the_interval_of_five_hundred_worlds_holds_the_planted_rate() -> None:
    share = await share_that_holds(range(500))
    print(f"the 90 % interval holds the planted rate in {share:.1%} of 500 worlds")
    assert 0.85 <= share <= 0.95


def test_an_interval_is_wide_for_few_and_never_leaves_0_to_1() -> None:
    assert interval(0, 0) == (0.0, 1.0)
    for total in (1, 2, 5, 50, 500):
        for good in {0, 1, total // 2, total}:
            low, high = interval(good, total)
            assert 0.0 <= low <= good / total <= high <= 1.0
    assert interval(1, 1)[0] < 0.3
    assert interval(9, 11) == pytest.approx((0.57, 0.94), abs=0.01)


async def test_a_rerun_that_failed_and_the_next_that_helped_are_two() -> None:
    odds = await odds_of([["Failed", "Succeeded"]])
    assert (odds.reruns, odds.green) == (2, 1)
    assert odds.median == timedelta(minutes=30)


async def test_what_was_left_alone_is_counted_by_the_next_run_of_its_own() -> None:
    odds = await odds_of([[], [], ["Succeeded"]])
    assert (odds.reruns, odds.green) == (1, 1)
    assert (odds.left_alone, odds.healed) == (2, 0)


async def test_another_error_is_no_evidence() -> None:
    state = pasture([["Succeeded"]] * 4)
    other = pasture([["Succeeded"]] * 4, "Operation on target Copy failed: Disk is full.")
    odds = (await report_of(state)).odds
    assert odds is not None
    assert odds.reruns == 4
    runs = {
        run_id(1): told("Failed", 30.0, message="Operation on target Copy failed: Disk is full."),
        run_id(2): told("Succeeded", 29.0, invoked_by="manual rerun (x)"),
        run_id(3): told("Failed", 1.0, message=ERROR.format(3)),
    }
    mixed = (await report_of(world(pipelines={"Harvest": [{}]}, runs=runs))).odds
    assert mixed is not None
    assert mixed.reruns == 0
    assert (await report_of(other)).odds is not None


def card_of(report: RunReport) -> str:
    card = card_for(report, now=report.as_of, zone=BERLIN)
    return read_card(card.content, BERLIN).text


async def test_the_failure_card_says_the_odds_and_how_sure_they_are() -> None:
    ends = [["Succeeded"]] * 9 + [["Failed"]] * 2
    text = card_of(await report_of(pasture(ends)))
    assert "9 of 11 reruns succeeded" in text
    assert "57 to 94%" in text


async def test_two_reruns_are_said_to_be_too_few() -> None:
    text = card_of(await report_of(pasture([["Succeeded"], ["Succeeded"]])))
    assert "2 of 2 reruns succeeded" in text
    assert "too few" in text
    assert "%" not in text.split("2 of 2", maxsplit=1)[1].split("\n", maxsplit=1)[0]


async def test_without_a_rerun_nothing_is_said_on_the_card() -> None:
    assert "reruns" not in card_of(await report_of(pasture([])))
