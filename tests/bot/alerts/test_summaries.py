"""A summary on a schedule: once for each due time, by the clock on the wall, whatever happens."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.alerts.summaries import SummaryMessages, SummaryService
from bot.alerts.summaries.due import KIND
from bot.messages import Address, Person
from bot.outbox import Outbox
from bot.state.rooms import Rooms, RoomZones
from bot.state.store import MemoryStore, Store
from bot.state.summaries import DeclaredSummary, Summaries
from bot.state.summary_times import SummaryTimes, days_in
from cards.records import Handover
from cards.text_rendering import read_card
from tests.bot.builders.nights import (
    Clock,
    Died,
    MortalStore,
    Refused,
    Silent,
    Teams,
    channel,
    chat,
    deliver,
    draw,
)

ROOM = channel()
MAYA = Person(person_id="maya-id", name="Maya", tenant="t")
BERLIN = "Europe/Berlin"
EIGHT = SummaryTimes(at="08:00", zone=BERLIN)


def at(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@dataclass
class Mornings:
    """The schedules of a bot over a store, its outbox, and a Teams that outlives it."""

    store: Store
    teams: Teams
    clock: Clock
    declared: dict[str, DeclaredSummary] = field(default_factory=dict[str, DeclaredSummary])
    asked: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    may: bool = True

    async def reads(self, person: str, factory: str) -> bool:
        return self.may

    def __post_init__(self) -> None:
        self.rooms = Rooms(self.store, self.clock)
        self.summaries = Summaries(self.store, self.rooms, self.clock, self.declared)
        zones = RoomZones(self.rooms, "UTC")
        self.service = SummaryService(
            store=self.store,
            schedules=self.summaries,
            zones=zones,
            due=asyncio.Event(),
            clock=self.clock,
        )
        source = SummaryMessages(
            store=self.store,
            summarize=self.summarize,
            draw=draw,
            may_hear=self.may_hear,
            reads=self.reads,
            clock=self.clock,
        )
        self.outbox = Outbox(
            store=self.store,
            sender=self.teams,
            sources={KIND: source},
            gone=self.rooms.gone,
            clock=self.clock,
            sleep=self.clock.sleep,
        )

    async def summarize(
        self, address: Address, factory: str, hours: float, zone: ZoneInfo
    ) -> Handover:
        self.asked.append((factory, hours))
        return Handover(
            places=(factory,), hours=round(hours), as_of=self.clock(), finding="All is well."
        )

    async def may_hear(self, address: Address, factory: str) -> bool:
        return self.may

    async def set(self, times: SummaryTimes = EIGHT, to: Address | Person = ROOM) -> None:
        await self.rooms.enter(ROOM)
        await self.rooms.seen(chat("maya"), MAYA)
        await self.summaries.set("prod", to, times)

    async def until(self, moment: datetime, step: timedelta = timedelta(minutes=30)) -> None:
        """Let time pass to a moment, looking now and then as the service does."""
        while self.clock.now < moment:
            self.clock.now = min(self.clock.now + step, moment)
            await self.turn()

    async def turn(self) -> None:
        await self.service.look()
        await deliver(self.outbox)

    @property
    def summaries_posted(self) -> Sequence[str]:
        return [card.summary for _, card in self.teams.posts]


@pytest.fixture
def clock() -> Clock:
    found = Clock()
    found.now = at("2026-03-12T07:00")
    return found


@pytest.fixture
def mornings(store: Store, clock: Clock) -> Mornings:
    return Mornings(store, Teams(), clock)


async def test_it_comes_once_at_each_due_time_and_covers_the_time_since_the_one_before(
    mornings: Mornings,
) -> None:
    await mornings.set()
    await mornings.until(at("2026-03-12T07:59"))
    assert not mornings.summaries_posted
    await mornings.until(at("2026-03-14T12:00"))
    assert mornings.summaries_posted == ["Summary: All is well."] * 3
    assert [round(hours) for _, hours in mornings.asked] == [24, 24, 24]


async def test_on_weekdays_it_skips_the_weekend_and_covers_it_on_monday(mornings: Mornings) -> None:
    await mornings.set(SummaryTimes(at="07:30", days=days_in("weekdays"), zone=BERLIN))
    await mornings.until(at("2026-03-17T06:00"))
    assert [round(hours) for _, hours in mornings.asked] == [24, 24, 72]


@pytest.mark.parametrize(
    ("begins", "ends", "lasted"),
    [
        ("2026-03-28T08:30", "2026-03-30T09:00", [23, 24]),
        ("2026-10-24T08:30", "2026-10-26T09:00", [25, 24]),
    ],
)
async def test_over_both_clock_changes_it_comes_at_eight_on_the_wall(
    begins: str, ends: str, lasted: list[int], mornings: Mornings
) -> None:
    mornings.clock.now = at(begins)
    await mornings.set()
    await mornings.until(at(ends), timedelta(minutes=10))
    assert [round(hours) for _, hours in mornings.asked] == lasted


@pytest.mark.parametrize(
    ("day", "wanted"),
    [("2026-03-29", ["2026-03-29T03:30+02:00"]), ("2026-10-25", ["2026-10-25T02:30+02:00"])],
)
def test_a_time_that_is_left_out_comes_later_and_one_that_is_doubled_comes_once(
    day: str, wanted: list[str]
) -> None:
    times = SummaryTimes(at="02:30", zone=BERLIN)
    first = at(f"{day}T00:00")
    due = times.due(first, first + timedelta(hours=23))
    assert [one.astimezone(ZoneInfo(BERLIN)).isoformat("T", "minutes") for one in due] == wanted


async def test_after_a_short_downtime_it_comes_late_and_says_so(mornings: Mornings) -> None:
    await mornings.set()
    mornings.clock.now = at("2026-03-12T09:40")
    await mornings.turn()
    (card,) = mornings.teams.in_room(ROOM)
    text = read_card(card.content, ZoneInfo(BERLIN)).text
    assert "Due at 08:00, posted late: I was not running." in text
    await mornings.turn()
    assert len(mornings.teams.posts) == 1


async def test_after_a_long_downtime_what_passed_is_skipped_and_the_next_one_says_so(
    mornings: Mornings,
) -> None:
    await mornings.set()
    mornings.clock.now = at("2026-03-14T20:00")
    await mornings.turn()
    assert not mornings.teams.posts
    await mornings.until(at("2026-03-15T08:05"), timedelta(minutes=5))
    (card,) = mornings.teams.in_room(ROOM)
    text = read_card(card.content, ZoneInfo(BERLIN)).text
    skipped = "2026-03-12 08:00, 2026-03-13 08:00, 2026-03-14 08:00"
    assert f"Skipped while I was not running: {skipped}." in text
    assert "posted late" not in text
    assert round(mornings.asked[0][1]) == 96
    await mornings.until(at("2026-03-16T09:00"))
    assert "Skipped" not in str(mornings.teams.posts[-1][1].content)


@pytest.mark.parametrize("dies_after", [False, True])
@pytest.mark.parametrize("step", range(1, 4))
async def test_a_kill_at_any_write_neither_loses_a_due_time_nor_posts_its_card_twice(
    step: int, dies_after: bool, clock: Clock
) -> None:
    base, teams = MemoryStore(), Teams()
    mortal = MortalStore(base)
    first = Mornings(mortal, teams, clock)
    await first.set()
    clock.now = at("2026-03-12T08:00")
    mortal.writes, mortal.dies_at, mortal.dies_after = 0, step, dies_after
    with pytest.raises(Died):
        await first.turn()
    second = Mornings(base, teams, clock)
    await second.outbox.recover()
    for _ in range(3):
        await second.turn()
        clock.now += timedelta(minutes=11)
    assert len(teams.posts) <= 1
    assert len(teams.posts) + len(teams.lines) == (2 if (step, dies_after) == (3, False) else 1)


@pytest.mark.parametrize("arrived", [True, False])
async def test_where_it_may_have_arrived_a_line_follows_and_no_second_card(
    arrived: bool, mornings: Mornings
) -> None:
    await mornings.set()
    mornings.teams.faults = [(Silent("504"), arrived)]
    mornings.clock.now = at("2026-03-12T08:00")
    for _ in range(3):
        await mornings.turn()
        mornings.clock.now += timedelta(minutes=11)
    assert len(mornings.teams.posts) == arrived
    assert [text for _, text in mornings.teams.lines] == [
        "Summary: All is well. I was interrupted while posting this, so its card may be above"
        " already."
    ]


async def test_what_surely_did_not_arrive_is_posted_a_moment_later(mornings: Mornings) -> None:
    await mornings.set()
    mornings.teams.faults = [(Refused(), False)]
    mornings.clock.now = at("2026-03-12T08:00")
    for _ in range(3):
        await mornings.turn()
        mornings.clock.now += timedelta(minutes=1)
    assert len(mornings.teams.posts) == 1
    assert not mornings.teams.lines


async def test_two_bots_that_look_at_once_post_one(mornings: Mornings) -> None:
    await mornings.set()
    mornings.clock.now = at("2026-03-12T08:00")
    other = Mornings(mornings.store, mornings.teams, mornings.clock)
    found = await asyncio.gather(mornings.service.look(), other.service.look())
    assert sum(found) == 1


async def test_stopped_it_comes_no_more_and_set_again_it_takes_the_place_of_the_former(
    mornings: Mornings,
) -> None:
    await mornings.set()
    before = await mornings.summaries.set("prod", ROOM, SummaryTimes(at="10:00", zone=BERLIN))
    assert before is not None
    assert before.times == EIGHT
    await mornings.until(at("2026-03-12T11:00"))
    assert len(mornings.teams.posts) == 1
    assert await mornings.summaries.stop(ROOM) is not None
    assert await mornings.summaries.stop(ROOM) is None
    await mornings.until(at("2026-03-14T11:00"))
    assert len(mornings.teams.posts) == 1


async def test_a_persons_own_goes_to_their_chat_and_not_without_the_right(
    mornings: Mornings,
) -> None:
    await mornings.set(to=MAYA)
    await mornings.until(at("2026-03-12T09:00"))
    assert [place for place, _ in mornings.teams.posts] == [chat("maya").conversation]
    mornings.may = False
    await mornings.until(at("2026-03-13T09:00"))
    assert len(mornings.teams.posts) == 1


async def test_the_zone_a_room_is_bound_with_counts(mornings: Mornings) -> None:
    await mornings.set(SummaryTimes(at="08:00", zone="UTC"))
    await mornings.rooms.bind(ROOM, "prod", "America/New_York", "maya-id")
    await mornings.until(at("2026-03-12T07:59", "America/New_York"))
    assert not mornings.teams.posts
    await mornings.until(at("2026-03-12T08:00", "America/New_York"))
    assert len(mornings.teams.posts) == 1


async def test_the_settings_set_it_for_a_room_until_somebody_there_chooses(
    store: Store, clock: Clock
) -> None:
    declared = {ROOM.room: DeclaredSummary(factory="prod", times=EIGHT)}
    mornings = Mornings(store, Teams(), clock, declared)
    await mornings.rooms.enter(ROOM)
    await mornings.turn()
    await mornings.until(at("2026-03-12T09:00"))
    assert len(mornings.teams.posts) == 1
    later = {
        ROOM.room: DeclaredSummary(factory="prod", times=SummaryTimes(at="10:00", zone=BERLIN))
    }
    again = Mornings(store, mornings.teams, clock, later)
    await again.until(at("2026-03-12T11:00"))
    assert len(again.teams.posts) == 2
    await again.summaries.stop(ROOM)
    await again.until(at("2026-03-14T11:00"))
    assert len(again.teams.posts) == 2


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("daily", "every day at 08:00"),
        ("weekdays", "on weekdays at 08:00"),
        ("fri,mon", "on Mondays and Fridays at 08:00"),
        ("weekends", "on Saturdays and Sundays at 08:00"),
    ],
)
def test_days_are_said_as_people_say_them(days: str, said: str) -> None:
    assert str(SummaryTimes(at="08:00", days=days_in(days))) == said


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no day"):
        days_in("someday")
