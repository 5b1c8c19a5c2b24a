"""Every broken run is told once, with its callers and children, whatever the polls see when."""

from datetime import timedelta

import pytest

from adf.errors import Forbidden, NotFound, Throttled, Unavailable
from adf.records import Failure, Recovery
from adf.watch import Key
from tests.adf.watched import MINUTE, START, Living, Ran, Reader, ids


@pytest.fixture
def wire() -> Living:
    return Living()


@pytest.fixture
def reader(wire: Living) -> Reader:
    return Reader(wire)


async def test_a_broken_run_is_told_with_its_cause_and_what_it_means(
    wire: Living, reader: Reader
) -> None:
    wire.put(Ran(run_id="gold", ended=-1, message="Login failed for user 'svc'."))
    (failure,) = await reader.poll(0)
    assert isinstance(failure, Failure)
    assert failure.run.run_id == failure.root_run_id == "gold"
    assert failure.report.cause is not None
    assert failure.report.cause.path[-1].activity == "Copy"
    assert failure.report.meaning is not None
    assert failure.report.meaning.code == "SqlUnauthorizedAccess"
    assert failure.group.startswith("auth:")


async def test_parent_and_children_that_broke_are_one_failure(wire: Living, reader: Reader) -> None:
    wire.put(
        Ran(run_id="top", ended=-1),
        Ran(run_id="mid", ended=-2, caller="top"),
        Ran(run_id="low", ended=-3, caller="mid"),
    )
    (failure,) = await reader.poll(0)
    assert failure.run.run_id == failure.root_run_id == "top"
    assert ids(failure) == {"top", "mid", "low"}
    assert failure.report.cause.path[-1].pipeline == "low"


async def test_a_child_is_told_at_once_and_its_parent_later_under_the_same_root(
    wire: Living, reader: Reader
) -> None:
    wire.put(Ran(run_id="top", ended=30), Ran(run_id="low", ended=1, caller="top"))
    (child,) = await reader.poll(2)
    assert (child.run.run_id, child.root_run_id) == ("low", "top")
    assert await reader.poll(3) == []
    (parent,) = await reader.poll(31)
    assert (parent.run.run_id, parent.root_run_id) == ("top", "top")
    assert ids(parent) == {"top", "low"}
    assert await reader.poll(32) == []


async def test_the_root_of_a_child_is_the_topmost_run_even_when_nothing_else_broke(
    wire: Living, reader: Reader
) -> None:
    wire.put(
        Ran(run_id="top", ended=99),
        Ran(run_id="mid", ended=98, caller="top"),
        Ran(run_id="low", ended=1, caller="mid"),
    )
    (failure,) = await reader.poll(2)
    assert (failure.run.run_id, failure.root_run_id) == ("low", "top")


async def test_a_parent_that_broke_between_the_list_and_the_look_at_it_is_told_at_once(
    wire: Living, reader: Reader
) -> None:
    wire.put(Ran(run_id="top", ended=1.5, late=3), Ran(run_id="low", ended=1, caller="top"))
    (failure,) = await reader.poll(2)
    assert failure.run.run_id == "top"
    assert await reader.poll(6) == []


async def test_a_child_whose_parent_ended_well_keeps_that_parent_as_root(
    wire: Living, reader: Reader
) -> None:
    wire.put(
        Ran(run_id="top", ended=2, status="Succeeded"), Ran(run_id="low", ended=1, caller="top")
    )
    failure, recovery = await reader.poll(3)
    assert (failure.run.run_id, failure.root_run_id) == ("low", "top")
    assert isinstance(recovery, Recovery)
    assert recovery.run.run_id == "top"


async def test_the_green_end_of_a_root_is_told_again_after_a_child_that_was_shown_late(
    wire: Living, reader: Reader
) -> None:
    top = Ran(run_id="top", ended=2, status="Succeeded")
    wire.put(top, Ran(run_id="low", ended=1, caller="top", late=5))
    assert [type(one) for one in await reader.poll(3)] == [Recovery]
    assert [type(one) for one in await reader.poll(7)] == [Failure, Recovery]
    assert await reader.poll(8) == []


async def test_a_child_shown_after_its_parent_was_told_is_covered_already(
    wire: Living, reader: Reader
) -> None:
    wire.put(Ran(run_id="top", ended=2), Ran(run_id="low", ended=1, caller="top", late=9))
    (failure,) = await reader.poll(3)
    assert ids(failure) == {"top", "low"}
    assert await reader.poll(11) == []


async def test_a_run_left_alone_that_breaks_after_its_caller_broke_is_news(
    wire: Living, reader: Reader
) -> None:
    wire.put(Ran(run_id="top", ended=1), Ran(run_id="low", ended=9, caller="top", waited=False))
    await reader.poll(2)
    (failure,) = await reader.poll(10)
    assert (failure.run.run_id, failure.root_run_id) == ("low", "top")


async def test_every_green_run_is_a_recovery_once_and_costs_no_call(
    wire: Living, reader: Reader
) -> None:
    wire.put(*(Ran(run_id=f"gold{n}", ended=-n, status="Succeeded") for n in range(9)))
    assert len(await reader.poll(0)) == 9
    assert await reader.poll(1) == []
    assert set(wire.calls) == {"query_runs"}


async def test_signals_come_in_the_order_things_happened(wire: Living, reader: Reader) -> None:
    wire.put(
        Ran(run_id="gold3", ended=-1, status="Succeeded"),
        Ran(run_id="gold2", ended=-2),
        Ran(run_id="gold1", ended=-3, status="Succeeded"),
    )
    assert [one.run.run_id for one in await reader.poll(0)] == ["gold1", "gold2", "gold3"]


async def test_cancelled_runs_and_trial_runs_are_no_failure(wire: Living, reader: Reader) -> None:
    wire.put(
        Ran(run_id="a", ended=-1, status="Cancelled"),
        Ran(run_id="b", ended=-1, debug=True),
        Ran(run_id="top", ended=9, debug=True),
        Ran(run_id="low", ended=-1, caller="top"),
    )
    assert await reader.poll(0) == []


async def test_a_child_of_a_cancelled_parent_is_a_failure_of_its_own(
    wire: Living, reader: Reader
) -> None:
    wire.put(
        Ran(run_id="top", ended=-1, status="Cancelled"), Ran(run_id="low", ended=-2, caller="top")
    )
    (failure,) = await reader.poll(0)
    assert (failure.run.run_id, failure.root_run_id) == ("low", "top")


async def test_the_first_start_looks_back_a_quarter_of_an_hour(
    wire: Living, reader: Reader
) -> None:
    wire.put(Ran(run_id="old", ended=-16), Ran(run_id="new", ended=-14))
    assert [one.run.run_id for one in await reader.poll(0)] == ["new"]
    assert await reader.poll(1) == []


async def test_a_caller_that_broke_before_the_watch_began_is_not_told(
    wire: Living, reader: Reader
) -> None:
    wire.put(Ran(run_id="top", ended=-60), Ran(run_id="low", ended=-1, caller="top", waited=False))
    (failure,) = await reader.poll(0)
    assert (failure.run.run_id, failure.root_run_id) == ("low", "top")


async def test_the_watermark_is_the_newest_update_seen_and_not_the_time_of_day(
    wire: Living, reader: Reader
) -> None:
    await reader.poll(0)
    wire.put(Ran(run_id="gold", ended=5))
    await reader.poll(60)
    assert reader.watermark == START + 5 * MINUTE


async def test_a_row_shown_late_is_inside_the_overlap(wire: Living, reader: Reader) -> None:
    wire.put(Ran(run_id="a", ended=10), Ran(run_id="b", ended=1, late=12))
    assert len(await reader.poll(11)) == 1
    assert [one.run.run_id for one in await reader.poll(13)] == ["b"]


async def test_a_quiet_week_does_not_make_the_time_range_long(wire: Living, reader: Reader) -> None:
    await reader.poll(0)
    await reader.poll(7 * 24 * 60)
    await reader.poll(7 * 24 * 60 + 1)
    assert wire.calls["query_runs"] < 40
    wire.queries.clear()
    await reader.poll(7 * 24 * 60 + 2)
    assert len(wire.queries) == 1


async def test_what_broke_while_nobody_watched_is_told(wire: Living, reader: Reader) -> None:
    await reader.poll(0)
    wire.put(*(Ran(run_id=f"gold{n}", ended=60 * n) for n in range(1, 48)))
    told = await reader.poll(48 * 60)
    assert {one.run.run_id for one in told} == {f"gold{n}" for n in range(1, 48)}


async def test_a_storm_costs_few_reports_and_loses_nothing(wire: Living) -> None:
    reader = Reader(wire, critical=("gold",))
    wire.put(*(Ran(run_id=f"tin{n}", ended=-n / 60) for n in range(199)))
    wire.put(Ran(run_id="gold1", ended=-9))
    told = await reader.poll(0)
    assert len(told) == 200
    read = [one for one in told if not one.report.gaps]
    assert len(read) == wire.calls["query_activity_runs"] == 20
    assert "gold1" in {one.run.run_id for one in read}
    assert wire.busiest <= 3
    assert all(one.report.cause for one in told)


async def test_a_failure_has_the_same_name_whether_its_report_was_read_or_not(
    wire: Living, reader: Reader
) -> None:
    said = "disk 17 is full"
    nested = f"Operation on target Call low failed: Operation on target Copy failed: {said}"
    wire.put(
        Ran(run_id="top", ended=-1, message=nested),
        Ran(
            run_id="low", ended=-2, caller="top", message=f"Operation on target Copy failed: {said}"
        ),
    )
    (whole,) = await reader.poll(0)
    wire.lost["top"] = Unavailable("no answer")
    (bare,) = await Reader(wire).poll(0)
    assert bare.report.gaps == ("could not read what happened inside (no answer)",)
    assert (bare.group, bare.signature) == (whole.group, whole.signature)
    assert bare.group.startswith("low/Copy/")


async def test_runs_on_one_offline_integration_runtime_are_one_group(
    wire: Living, reader: Reader
) -> None:
    text = (
        "Operation on target Copy failed: The Self-hosted Integration Runtime 'shir-7' is offline, "
        "last connect time is '04/30/2026 01:58:11.402 UTC'."
    )
    wire.put(*(Ran(run_id=name, ended=-1, message=text) for name in ("gold", "tin")))
    assert {one.group for one in await reader.poll(0)} == {"runtime:shir-7"}


async def test_a_poll_that_fails_loses_nothing(wire: Living, reader: Reader) -> None:
    await reader.poll(0)
    wire.put(Ran(run_id="gold", ended=1))
    wire.faults = [Throttled("slow down")]
    with pytest.raises(Throttled):
        await reader.poll(2)
    assert [one.run.run_id for one in await reader.poll(40)] == ["gold"]


async def test_a_child_waits_while_its_caller_cannot_be_read_but_not_for_ever(
    wire: Living, reader: Reader
) -> None:
    wire.put(Ran(run_id="top", ended=99), Ran(run_id="low", ended=1, caller="top"))
    wire.put(Ran(run_id="tin", ended=20))
    wire.lost["top"] = Throttled("slow down")
    polls = [await reader.poll(minute) for minute in (2, 21, 22, 23, 24, 25)]
    assert [[one.run.run_id for one in told] for told in polls] == [
        [],
        ["tin"],
        [],
        [],
        [],
        ["low"],
    ]
    assert polls[-1][0].root_run_id == "top"


async def test_a_child_that_waited_for_its_caller_is_told_as_soon_as_that_can_be_read(
    wire: Living, reader: Reader
) -> None:
    wire.put(
        Ran(run_id="top", ended=99),
        Ran(run_id="mid", ended=98, caller="top"),
        Ran(run_id="low", ended=1, caller="mid"),
    )
    wire.lost["mid"] = Unavailable("no answer")
    assert await reader.poll(2) == []
    wire.lost.clear()
    (failure,) = await reader.poll(30)
    assert failure.root_run_id == "top"


@pytest.mark.parametrize("error", [NotFound("gone"), Forbidden("not yours")])
async def test_a_caller_that_will_never_be_readable_is_a_root_all_the_same(
    wire: Living, reader: Reader, error: Exception
) -> None:
    wire.put(Ran(run_id="low", ended=-1, caller="kept for 45 days only"))
    wire.lost["kept for 45 days only"] = error  # pyright: ignore[reportArgumentType]
    (failure,) = await reader.poll(0)
    assert failure.root_run_id == "kept for 45 days only"


async def test_very_many_callers_are_read_over_several_polls(wire: Living, reader: Reader) -> None:
    for n in range(250):
        wire.put(
            Ran(run_id=f"top{n}", ended=999), Ran(run_id=f"low{n}", ended=-1, caller=f"top{n}")
        )
    counts = [len(await reader.poll(minute)) for minute in range(4)]
    assert counts == [100, 100, 50, 0]
    assert wire.busiest <= 3


async def test_callers_in_a_circle_do_not_hang_the_watch(wire: Living, reader: Reader) -> None:
    wire.put(Ran(run_id="a", ended=-1, caller="b"), Ran(run_id="b", ended=-1, caller="a"))
    wire.put(Ran(run_id="c", ended=-1, caller="c"))
    covered: set[str] = set()
    for one in await reader.poll(0):
        covered |= ids(one)
    assert covered == {"a", "b", "c"}
    assert await reader.poll(1) == []


async def test_what_was_told_can_be_asked_of_a_store(wire: Living, reader: Reader) -> None:
    wire.put(Ran(run_id="gold", ended=-1), Ran(run_id="tin", ended=-1))

    async def seen(key: Key) -> bool:
        return key == ("gold", "Failed")

    wire.now = START
    polled = await reader.watch.poll(None, seen)
    assert [one.run.run_id for one in polled.signals] == ["tin"]


async def test_a_crash_between_two_signals_repeats_only_what_was_not_kept(
    wire: Living, reader: Reader
) -> None:
    wire.put(*(Ran(run_id=name, ended=-n) for n, name in enumerate("abc")))
    await reader.poll(0, die_after=2)
    await reader.poll(14)
    assert sorted(one.run.run_id for one in reader.told) == ["a", "b", "c"]
    assert reader.watermark is not None
    assert reader.watermark <= START + timedelta(minutes=14)
