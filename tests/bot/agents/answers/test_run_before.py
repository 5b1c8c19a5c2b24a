"""A run is meant by its place beside the one that was shown, and never shown twice for another."""

from datetime import datetime, timedelta
from itertools import product
from random import Random

import pytest

from adf.records import ActivityTable, RunList, RunReport
from cards.records import Picker
from tests.adf.fake_wire import Json
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.answers.test_agent import NOW, Room

NAMES = (
    "Stock",
    "orders_nightly",
    "Crew.Roster.Sync",
    "PL_Tolls_Load",
    "Daily_Status",
    "Failed_Loads",
)
OPENINGS = (*("status of {}", "did {} run", "how is {} doing", "how long did {} take"),)
LEADS = ("", "and ", "n ", "ok and ", "what about ", "show me ")
BACK = (
    *("the one before", "the run before that", "the previous run", "the run right b4 that"),
    *("the one just before it", "the prior execution", "the preceding run", "the one earlier"),
    *("the previous one", "the run immediately before that one", "an hour earlier"),
    *("the one an hour earlier", "the run one hour before that", "the hour before"),
)
ALONE = ("and before that?", "before that", "n b4 that?", "previous?", "what about before it")
ON = ("the one after that", "the run right after it", "the following run", "the one after")
NEWEST = ("the latest again", "show the newest one again", "back to the most recent run")


def run_id(place: int) -> str:
    return f"{place:08x}-0000-4000-8000-00000000000a"


def run(place: int, name: str, status: str = "Succeeded", every: float = 1) -> Json:
    """The run that many places before the newest, each so many hours apart."""
    start = NOW - timedelta(hours=1) - place * timedelta(hours=every)
    at = {"runStart": _wire(start), "runEnd": _wire(start + timedelta(minutes=9))}
    return wire_run(run_id(place), name, status=status) | at | {"lastUpdated": at["runEnd"]}


def _wire(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def room_of(name: str, *statuses: str, every: float = 1) -> Room:
    room = Room([name, "Other_Load"])
    room.has(*(run(place, name, status, every) for place, status in enumerate(statuses)))
    for place, _ in enumerate(statuses):
        room.wire.activity_pages[run_id(place)] = [[wire_activity("Copy_All")]]
    return room


async def place_of(room: Room, text: str) -> int | str:
    """The place of the run that a question shows, or what is said where none is."""
    answer = await room.ask(text)
    if not answer.records:
        return answer.text or ""
    (record,) = answer.records
    if isinstance(record, RunList):
        assert [one.pipeline for one in record.runs] == [room.pipelines[0].name]
        return int(record.runs[0].run_id[:8], 16)
    report = record.report if isinstance(record, ActivityTable) else record
    assert isinstance(report, RunReport)
    return int(report.run.run_id[:8], 16)


def variants(amount: int) -> list[tuple[str, str, str]]:
    """So many openings, steps back and names, drawn with one seed."""
    said = [f"{lead}{step}" for lead, step in product(LEADS, BACK)] + list(ALONE)
    draw = Random(12)
    return [(draw.choice(OPENINGS), draw.choice(said), draw.choice(NAMES)) for _ in range(amount)]


@pytest.mark.parametrize(("opening", "step", "name"), variants(60))
async def test_the_run_before_is_the_one_before_that(opening: str, step: str, name: str) -> None:
    room = room_of(name, *(["Succeeded"] * 4))
    assert await place_of(room, opening.format(name)) == 0
    assert [await place_of(room, step), await place_of(room, step)] == [1, 2]


@pytest.mark.parametrize(("step", "name"), list(product(ON, NAMES[:4])))
async def test_and_the_one_after_leads_back(step: str, name: str) -> None:
    room = room_of(name, *(["Succeeded"] * 4))
    await room.ask(f"status of {name}")
    assert await place_of(room, "two runs before that") == 2
    assert [await place_of(room, step), await place_of(room, step)] == [1, 0]
    said = await place_of(room, step)
    assert isinstance(said, str)
    assert "after that" in said


@pytest.mark.parametrize(("step", "name"), list(product(NEWEST, NAMES[:4])))
async def test_the_latest_again_is_the_newest(step: str, name: str) -> None:
    room = room_of(name, *(["Succeeded"] * 4))
    await room.ask(f"status of {name}")
    assert [await place_of(room, "the one before"), await place_of(room, step)] == [1, 0]


@pytest.mark.parametrize("step", ["the one before that", "and the previous one?", "n b4 that?"])
async def test_where_no_run_came_before_that_is_said_and_none_is_shown(step: str) -> None:
    room = room_of("Stock", "Succeeded")
    await room.ask("status of Stock")
    said = await place_of(room, step)
    assert isinstance(said, str)
    assert "no run of Stock before that one" in said


@pytest.mark.parametrize("opening", ["why did {} fail", "what was the error of {}"])
@pytest.mark.parametrize("step", ["and the one before?", "the run before that", "and before that?"])
async def test_a_cause_is_asked_of_the_run_before_too(opening: str, step: str) -> None:
    room = room_of("Stock", "Failed", "Failed", "Succeeded")
    assert await place_of(room, opening.format("Stock")) == 0
    answer = await room.ask(step)
    (report,) = answer.records
    assert isinstance(report, RunReport)
    assert report.run.run_id == run_id(1)
    (runs,) = (await room.ask(step)).records  # it succeeded, so there is no cause to show
    assert isinstance(runs, RunList)
    assert runs.runs[0].run_id == run_id(2)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *(("the night before", 24), ("and the day before that?", 24), ("two days earlier", 48)),
        *(("and 3 hours before that", 3), ("the week before", 168)),
    ],
)
async def test_a_length_leads_to_the_run_nearest_to_that_moment(text: str, place: int) -> None:
    room = room_of("Stock", *(["Succeeded"] * 200))
    await room.ask("status of Stock")
    assert await place_of(room, text) == place


@pytest.mark.parametrize(
    "text", ["why did that one fail", "why", "what was the error", "activities", "how long was it"]
)
async def test_what_is_asked_next_is_about_the_run_before(text: str) -> None:
    room = room_of("Stock", "Failed", "Failed", "Succeeded")
    await room.ask("status of Stock")
    assert await place_of(room, "the one before") == 1
    assert await place_of(room, text) == 1


async def test_now_is_asked_of_the_newest_run() -> None:
    room = room_of("Stock", "Succeeded", "Failed")
    await room.ask("status of Stock")
    assert await place_of(room, "the one before") == 1
    assert await place_of(room, "is it ok now") == 0
    assert await place_of(room, "why did it fail") == 1  # the newest that did


@pytest.mark.parametrize(
    "text", ["has that happened before", "seen this before?", "compare it with the run before"]
)
async def test_whether_it_was_so_before_is_no_step(text: str) -> None:
    room = room_of("Stock", "Failed", "Failed")
    await room.ask("status of Stock")
    await room.ask(text)
    assert room.memory.get("elsewhere") is None


@pytest.mark.parametrize("text", ["the one before", "and before that?", "the previous run"])
async def test_without_a_run_that_was_talked_about_no_run_is_shown(text: str) -> None:
    room = room_of("Stock", "Succeeded", "Succeeded")
    answer = await room.ask(text)
    assert not any(isinstance(one, RunList) and one.runs for one in answer.records)
    assert not room.called or isinstance(answer.records[0], Picker)


async def test_an_order_about_the_run_before_is_about_that_run() -> None:
    room = room_of("Stock", "Succeeded", "Failed")
    await room.ask("status of Stock")
    await room.ask("the one before")
    await room.ask("rerun it")
    assert room.calls[-1].name == "adf_propose_action"
    assert room.calls[-1].arguments["run_id"] == run_id(1)
