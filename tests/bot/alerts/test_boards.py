"""The live board: one message for a room, edited in place, true within a minute."""

import asyncio
import itertools
import random
import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adf.errors import Unavailable
from adf.records import PipelineNotes, PipelineRun, RunStatus
from bot.alerts.boards import KIND, BoardMessages, BoardReader, BoardService
from bot.alerts.boards.reading import SharedReads
from bot.alerts.boards.service import LOOK_SECONDS
from bot.messages import Address, Person, Reply
from bot.outbox import MessageSource, Outbox, RenderedMessage
from bot.outbox.entry import OutboxEntry
from bot.outbox.rate_limit import THREAD
from bot.state.boards import Boards
from bot.state.rooms import Rooms
from bot.state.store import MemoryStore, Store
from cards.card import Card
from cards.records import Concern, Handover, HandoverEntry, HandoverPart
from cards.text_rendering import read_card
from tests.bot.builders.nights import (
    MINUTE,
    Clock,
    Died,
    Gone,
    MortalStore,
    Refused,
    Silent,
    Teams,
    Wrong,
    channel,
    chat,
    deliver,
    draw,
    in_berlin,
    run_of,
)

ROOM = channel()
MAYA = Person(person_id="maya-id", name="Maya", tenant="t")
LOOK = timedelta(seconds=LOOK_SECONDS)


@dataclass
class TimedTeams(Teams):
    """A Teams that knows when each message or edit arrived."""

    clock: Clock = field(default_factory=Clock)
    arrivals: list[tuple[datetime, str]] = field(default_factory=list[tuple[datetime, str]])

    async def send(self, reply: Reply) -> str:
        found = await super().send(reply)
        self.arrivals.append((self.clock(), "post"))
        return found

    async def update(self, address: Address, message_id: str, reply: Reply) -> None:
        await super().update(address, message_id, reply)
        self.arrivals.append((self.clock(), message_id))


@dataclass
class Wall:
    """One life of the bot that keeps boards, over a store and a Teams that outlive it."""

    store: Store
    teams: TimedTeams
    clock: Clock
    declared: dict[str, str] = field(default_factory=dict[str, str])
    opened: list[str] = field(default_factory=list[str])
    active: list[PipelineRun] = field(default_factory=list[PipelineRun])
    reads: int = 0
    may: bool = True
    fault: Exception | None = None

    async def may_read(self, person: str, factory: str) -> bool:
        return self.may

    def __post_init__(self) -> None:
        self.rooms = Rooms(self.store, self.clock)
        self.boards = Boards(self.store, self.rooms, self.clock, self.declared)
        self.due = asyncio.Event()
        self.messages = BoardMessages(
            boards=self.boards,
            draw=draw,
            zone_of=in_berlin,
            may_hear=self.may_hear,
            reads=self.may_read,
            clock=self.clock,
        )
        self.service = BoardService(
            store=self.store,
            boards=self.boards,
            reader=BoardReader(
                summarize=self.summarize,
                active=self.running,
                notes=lambda factory, name: PipelineNotes(usual=timedelta(minutes=20)),
                clock=self.clock,
            ),
            messages=self.messages,
            stamp=self.stamp,
            zone_of=in_berlin,
            due=self.due,
            clock=self.clock,
        )
        self.sources: dict[str, MessageSource] = {KIND: self.messages}
        self.outbox = Outbox(
            store=self.store,
            sender=self.teams,
            sources=self.sources,
            gone=self.leave,
            clock=self.clock,
            sleep=self.clock.sleep,
        )

    async def leave(self, address: Address) -> None:
        await self.boards.gone(address)
        await self.rooms.gone(address)

    async def stamp(self, factory: str) -> object:
        return tuple(self.opened)

    async def running(self, factory: str) -> Sequence[PipelineRun]:
        self.reads += 1
        if self.fault:
            raise self.fault
        return list(self.active)

    async def summarize(
        self, address: Address, factory: str, hours: float, zone: ZoneInfo
    ) -> Handover:
        entries = tuple(HandoverEntry(title=one) for one in self.opened)
        part = HandoverPart(heading="Not acknowledged", concern=Concern.BAD, entries=entries)
        return Handover(
            places=(factory,),
            hours=round(hours),
            as_of=self.clock(),
            finding=f"{len(entries)} open.",
            parts=(part,) if entries else (),
        )

    async def may_hear(self, address: Address, factory: str) -> bool:
        return self.may

    async def put_up(self, address: Address = ROOM) -> None:
        await self.rooms.enter(address)
        await self.rooms.seen(address, MAYA)
        await self.boards.show("prod", address, MAYA)
        await self.turn()

    async def wanted_and_kept(self, length: timedelta) -> None:
        """It is asked for, and kept up to date for a while."""
        await self.boards.show("prod", ROOM, MAYA)
        await self.pass_time(length)

    async def turn(self) -> None:
        await self.service.look()
        await deliver(self.outbox)

    async def pass_time(self, length: timedelta) -> None:
        """Let time pass, looking as often as the service does."""
        end = self.clock.now + length
        while self.clock.now < end:
            self.clock.now += LOOK
            await self.turn()

    @property
    def board(self) -> Card:
        """What the newest message of the room shows."""
        return self.teams.in_room(ROOM)[-1]

    @property
    def text_of_board(self) -> str:
        """What the first message of the room shows."""
        return self.text(0)

    def text(self, place: int = -1) -> str:
        return str(self.teams.in_room(ROOM)[place].content)

    def as_read(self) -> str:
        """What a reader in Berlin sees on it."""
        return read_card(self.teams.in_room(ROOM)[-1].content, ZoneInfo("Europe/Berlin")).text


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def wall(store: Store, clock: Clock) -> Wall:
    return Wall(store, TimedTeams(clock=clock), clock)


async def test_it_is_one_message_that_shows_what_changed_within_a_look(wall: Wall) -> None:
    await wall.put_up()
    assert "0 open." in wall.board.summary
    wall.opened.append("INC-1 · Orders")
    await wall.pass_time(LOOK)
    assert "1 open." in wall.board.summary
    assert "INC-1" in wall.text()
    assert len(wall.teams.posts) == 1
    assert {message for _, message, _ in wall.teams.edits} == {"m0"}


async def test_an_edit_goes_to_the_thread_that_the_message_began(wall: Wall) -> None:
    await wall.put_up()
    await wall.pass_time(timedelta(minutes=1))
    assert {place.conversation for place, _, _ in wall.teams.edits} == {
        f"{ROOM.conversation};messageid=m0"
    }


async def test_runs_at_work_are_on_it_and_those_that_take_too_long_come_first(wall: Wall) -> None:
    wall.active = [
        run_of("a", "Quick", status=RunStatus.IN_PROGRESS, lasted=5),
        run_of("b", "Slow", status=RunStatus.IN_PROGRESS, lasted=40),
    ]
    await wall.put_up()
    text = wall.text()
    assert text.index("Longer than usual") < text.index("Slow") < text.index("Quick")
    assert "since 02:51 · usually 20 min" in wall.as_read()


async def test_what_cannot_be_read_is_said_and_the_rest_stays_true(wall: Wall) -> None:
    await wall.put_up()
    wall.fault = Unavailable("Data Factory does not answer", asked="runs")
    wall.opened.append("INC-1 · Orders")
    await wall.pass_time(LOOK)
    assert "Couldn't read: what is running" in wall.text()
    assert "INC-1" in wall.text()


async def test_where_nothing_changes_it_is_never_a_minute_old(wall: Wall) -> None:
    await wall.put_up()
    await wall.pass_time(timedelta(minutes=10))
    moments = [at for at, _ in wall.teams.arrivals]
    gaps = [later - sooner for sooner, later in itertools.pairwise(moments)]
    assert max(gaps) <= timedelta(minutes=1)
    assert len(gaps) <= 16


async def test_posted_again_the_message_above_says_so_and_is_edited_no_more(wall: Wall) -> None:
    await wall.put_up()
    await wall.put_up()
    assert len(wall.teams.posts) == 2
    assert "Posted again below at 03:31 by Maya" in wall.text(0)
    before = len(wall.teams.edits)
    await wall.pass_time(timedelta(minutes=5))
    assert {message for _, message, _ in wall.teams.edits[before:]} == {"m1"}


async def test_stopped_its_message_says_by_whom_and_how_to_have_it_again(wall: Wall) -> None:
    await wall.put_up()
    await wall.boards.stop(ROOM, "Tom")
    await wall.turn()
    assert "Stopped at 03:31 by Tom." in wall.text()
    before = len(wall.teams.edits)
    await wall.pass_time(timedelta(minutes=5))
    assert len(wall.teams.edits) == before
    await wall.put_up()
    assert len(wall.teams.posts) == 2
    assert "open." in wall.board.summary


async def test_a_room_that_may_not_see_the_factory_any_more_is_shown_nothing_of_it(
    wall: Wall,
) -> None:
    wall.opened.append("INC-1 · Orders")
    await wall.put_up()
    wall.may = False
    await wall.pass_time(timedelta(minutes=1))
    assert "INC-1" not in wall.text()
    assert "can no longer see that factory" in wall.text()
    await wall.pass_time(timedelta(minutes=2))
    assert await wall.boards.of(ROOM) is None


async def test_a_room_or_bot_that_is_gone_has_no_board_and_nothing_of_it_stays(wall: Wall) -> None:
    await wall.put_up()
    wall.teams.faults = [(Gone("404"), False)]
    await wall.pass_time(timedelta(minutes=3))
    assert await wall.boards.of(ROOM) is None
    assert not await wall.store.range("boards")


async def test_a_message_that_somebody_deleted_is_not_posted_again_by_itself(wall: Wall) -> None:
    await wall.put_up()
    wall.teams.faults = [(Wrong("404"), False)]
    await wall.pass_time(timedelta(minutes=5))
    assert len(wall.teams.posts) == 1
    assert await wall.boards.of(ROOM) is None
    await wall.put_up()
    assert len(wall.teams.posts) == 2


async def test_in_a_personal_chat_it_ends_with_the_right_of_the_person(wall: Wall) -> None:
    await wall.put_up(chat("maya"))
    wall.may = False
    await wall.pass_time(timedelta(minutes=1))
    (card,) = wall.teams.in_room(chat("maya"))
    assert "can no longer see that factory" in str(card.content)


async def test_the_settings_begin_it_until_somebody_there_chooses(
    store: Store, clock: Clock
) -> None:
    wall = Wall(store, TimedTeams(clock=clock), clock, {ROOM.room: "prod"})
    await wall.turn()
    assert not wall.teams.posts
    await wall.rooms.enter(ROOM)
    await wall.turn()
    await wall.turn()
    assert len(wall.teams.posts) == 1
    await wall.boards.stop(ROOM, "Tom")
    await wall.pass_time(timedelta(minutes=2))
    assert len(wall.teams.posts) == 1
    other = Wall(store, wall.teams, clock, {ROOM.room: "uat"})
    await other.turn()
    assert len(wall.teams.posts) == 1


async def test_another_factory_in_the_settings_takes_the_place_of_the_first(
    store: Store, clock: Clock
) -> None:
    wall = Wall(store, TimedTeams(clock=clock), clock, {ROOM.room: "prod"})
    await wall.rooms.enter(ROOM)
    await wall.turn()
    other = Wall(store, wall.teams, clock, {ROOM.room: "uat"})
    await other.turn()
    assert "Live board of uat" in wall.board.summary
    assert len(wall.teams.posts) == 2


async def test_after_a_restart_it_edits_the_same_message(wall: Wall) -> None:
    await wall.put_up()
    again = Wall(wall.store, wall.teams, wall.clock, opened=["INC-7 · Orders"])
    await again.outbox.recover()
    await again.turn()
    assert len(wall.teams.posts) == 1
    assert "INC-7" in wall.text()


async def test_after_a_restart_with_a_clock_that_went_back_it_is_still_edited(wall: Wall) -> None:
    await wall.put_up()
    wall.clock.now -= timedelta(days=1)
    again = Wall(wall.store, wall.teams, wall.clock, opened=["INC-7 · Orders"])
    await again.outbox.recover()
    await again.turn()
    assert "INC-7" in wall.text()


def points() -> Sequence[tuple[int, bool]]:
    """Every write between a wish for a board and its second edit, before and after it."""
    return [(step, after) for step in range(1, 8) for after in (False, True)]


@pytest.mark.parametrize(("step", "dies_after"), points())
async def test_a_kill_at_any_write_leaves_one_board_that_is_edited(
    step: int, dies_after: bool, clock: Clock
) -> None:
    base, teams = MemoryStore(), TimedTeams(clock=clock)
    mortal = MortalStore(base)
    first = Wall(mortal, teams, clock)
    await first.rooms.enter(ROOM)
    await first.rooms.seen(ROOM, MAYA)
    mortal.writes, mortal.dies_at, mortal.dies_after = 0, step, dies_after
    with pytest.raises(Died):
        await first.wanted_and_kept(timedelta(minutes=5))
    second = Wall(base, teams, clock, opened=["INC-7 · Orders"])
    await second.outbox.recover()
    if await second.boards.of(ROOM) is None:
        assert (step, dies_after) == (1, False)
        await second.put_up()
    for _ in range(4):
        await second.pass_time(timedelta(minutes=1))
    # Accepted and not recorded: the one point where a message may stand twice.
    assert len(teams.posts) == (2 if (step, dies_after) == (4, False) else 1)
    assert "INC-7" in second.text()


@pytest.mark.parametrize("arrived", [True, False])
async def test_where_the_post_may_have_arrived_there_is_a_board_in_the_end(
    arrived: bool, wall: Wall
) -> None:
    wall.teams.faults = [(Silent("504"), arrived)]
    await wall.put_up()
    await wall.pass_time(timedelta(minutes=2))
    assert len(wall.teams.posts) == 1 + arrived
    wall.opened.append("INC-1 · Orders")
    await wall.pass_time(LOOK)
    assert "INC-1" in wall.text()


async def test_where_teams_refuses_it_is_edited_once_it_may_be(wall: Wall) -> None:
    await wall.put_up()
    wall.teams.faults = [(Refused(30), False)]
    wall.opened.append("INC-1 · Orders")
    await wall.pass_time(timedelta(minutes=1))
    assert "INC-1" in wall.text()


def most_within(moments: Sequence[datetime], seconds: float) -> int:
    """How many of these moments any window of so many seconds holds at most."""
    at = [one.timestamp() for one in moments]
    return max(place + 1 - bisect_left(at, one - seconds + 1e-6) for place, one in enumerate(at))


@dataclass
class Alerts:
    """A source of messages that are posted once: what else a busy room gets."""

    store: Store
    posted: int = 0

    async def post(self) -> None:
        entry = OutboxEntry(kind="alert", source=f"alert-{self.posted:04}", address=ROOM)
        await self.store.insert("alerts", entry.key, entry.to_json())
        self.posted += 1

    def partitions(self) -> Sequence[str]:
        return ("alerts",)

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        return dict.fromkeys(names, 1)

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage:
        card = Card(kind="alert", content={}, summary=name)
        return RenderedMessage(card=card, revision=1, is_final=True)


# A day without a clock change, and those on which Berlin's clocks go forward and back.
DAYS = ("2026-03-12T00:00+01:00", "2026-03-28T12:00+01:00", "2026-10-24T12:00+02:00")


async def busy_room(begins: str, hours: int, changes: int) -> None:
    """Half of the changes come within ten minutes, as in a bad night; each has an alert too."""
    clock = Clock()
    clock.now = datetime.fromisoformat(begins).astimezone(UTC)
    wall = Wall(MemoryStore(), TimedTeams(clock=clock), clock)
    alerts = Alerts(wall.store)
    wall.sources["alert"] = alerts
    await wall.put_up()
    chance, end = random.Random(begins), clock.now + timedelta(hours=hours)
    anywhere = [chance.uniform(0, hours * 3600 - 120) for _ in range(changes // 2)]
    together = [1800 + chance.uniform(0, 600) for _ in range(changes // 2)]
    moments = [clock.now + timedelta(seconds=one) for one in sorted((*anywhere, *together))]
    done = 0
    while clock.now < end:
        clock.now += LOOK
        while done < len(moments) and moments[done] <= clock.now:
            done += 1
            wall.opened = [f"INC-{done}"]
            await alerts.post()
        await wall.turn()
        newest = re.search(r"INC-(\d+)", wall.text_of_board)
        missing = moments[int(newest[1]) if newest else 0 : done]
        assert all(clock.now - one <= MINUTE for one in missing)
        assert clock.now - wall.teams.arrivals[-1][0] <= MINUTE
    assert done == changes
    assert len(wall.teams.posts) == 1 + changes
    arrivals = [at for at, _ in wall.teams.arrivals]
    for seconds, most in THREAD.items():
        assert most_within(arrivals, seconds) <= most
    edits = [at for at, what in wall.teams.arrivals if what == "m0"]
    gaps = [later - sooner for sooner, later in itertools.pairwise(edits)]
    assert max(gaps) <= MINUTE


async def test_a_busy_hour_keeps_teams_limits_and_the_board_is_never_a_minute_old() -> None:
    await busy_room(DAYS[0], 1, 100)


@pytest.mark.prove
@pytest.mark.parametrize("begins", DAYS)
async def test_a_day_of_400_changes_does_so_too_and_over_both_clock_changes(begins: str) -> None:
    await busy_room(begins, 24, 400)


@pytest.mark.parametrize(
    ("begins", "began", "stopped"),
    [
        ("2026-03-29T00:59+00:00", "01:59", "03:01"),
        ("2026-10-25T00:59+00:00", "02:59", "02:01"),
    ],
)
async def test_over_a_clock_change_times_are_those_on_the_wall(
    begins: str, began: str, stopped: str, wall: Wall
) -> None:
    wall.clock.now = datetime.fromisoformat(begins)
    wall.active = [
        replace(run_of("a", "Night", status=RunStatus.IN_PROGRESS), start=wall.clock.now)
    ]
    wall.clock.now += timedelta(minutes=2)
    await wall.put_up()
    assert f"since {began}" in wall.as_read()
    await wall.boards.stop(ROOM, "Tom")
    await wall.turn()
    assert f"Stopped at {stopped} by Tom" in wall.as_read()


async def test_rooms_of_one_factory_share_what_is_read_of_it(clock: Clock) -> None:
    reads: list[str] = []

    async def read(factory: str) -> int:
        reads.append(factory)
        await asyncio.sleep(0)
        return len(reads)

    shared = SharedReads(read, clock)
    assert await asyncio.gather(*(shared.of("prod") for _ in range(5))) == [1] * 5
    assert await shared.of("uat") == 2
    clock.now += timedelta(seconds=10)
    assert await shared.of("prod") == 3
