"""Kill -9 between any two steps of a press: at most one call, and its outcome told."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.flows.crash.press import PressEnd, press_and_die, presses_and_deaths
from tests.flows.crash.scene import Lives, running_lives
from tests.replicated import OF_THIS_RUN

pytestmark = [pytest.mark.real_time, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def lives() -> Generator[Lives]:
    """Where bots are forked."""
    with running_lives() as place:
        yield place


def wrong_with(end: PressEnd | BaseException) -> str:
    """What of an end must not be; blank if all is well."""
    if isinstance(end, BaseException):
        return repr(end)
    if end.calls > 1:
        return f"{end.calls} calls"
    if end.audited.count("approved") != 1:
        return f"audited {end.audited}"
    if ("failed" in end.states) != (not end.calls):
        return f"{end.calls} calls, and {end.states}: {end.card}"
    return ""


async def test_a_kill_during_the_call_makes_no_second_one(lives: Lives, tmp_path: Path) -> None:
    end = await press_and_die(lives, tmp_path, at_call="during")
    assert (end.calls, end.deaths, wrong_with(end)) == (1, 1, "")


@pytest.mark.prove
async def test_a_kill_at_each_step_of_a_press_makes_one_call_at_most(
    lives: Lives, tmp_path: Path
) -> None:
    (tmp_path / "whole").mkdir()
    whole = await press_and_die(lives, tmp_path / "whole")
    assert (whole.calls, whole.deaths, wrong_with(whole)) == (1, 0, "")
    numbers = OF_THIS_RUN.kills_of(range(1, whole.steps + 1))
    ends = await presses_and_deaths(lives, tmp_path, numbers)
    assert {number: wrong for number, end in ends.items() if (wrong := wrong_with(end))} == {}
    kills = sum(one.deaths for one in ends.values() if isinstance(one, PressEnd))
    unsent = sum(not one.calls for one in ends.values() if isinstance(one, PressEnd))
    print(f"{len(ends)} steps, {kills} kills, at most one call each, {unsent} told as not sent")
    assert kills > len(ends) / 2
