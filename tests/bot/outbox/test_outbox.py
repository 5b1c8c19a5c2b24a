"""What is due is shown: posted once, edited to the newest, tried again, never older than it is."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import pytest

from adf.errors import Unavailable
from bot.alerts.incidents import EntryStage, partition_of
from bot.messages import Address
from bot.outbox import Outbox, RenderedMessage
from bot.outbox.delivery import FIRST_WAIT, LONGEST_WAIT, MOST_ATTEMPTS
from bot.outbox.entry import OutboxEntry
from bot.outbox.ports import NotDelivered
from bot.outbox.rate_limit import RateLimiter
from bot.state.store import MemoryStore, Store
from bot.teams.errors import AddressGone, NotSent
from cards.card import Card
from tests.bot.builders.nights import (
    MAYA,
    START,
    Clock,
    Died,
    Gone,
    Hearing,
    MortalStore,
    Night,
    Refused,
    ScriptedWatch,
    Silent,
    Teams,
    Wrong,
    channel,
    chat,
    deliver,
    failure,
    good,
)

ROOM = channel()


@pytest.fixture
def teams() -> Teams:
    return Teams()


@pytest.fixture
def night(store: Store, teams: Teams) -> Night:
    clock = Clock()
    watch = ScriptedWatch(clock)
    return Night(store, teams, clock, Hearing([ROOM]), {"prod": watch})


class Unreadable:
    """A source that cannot be read the first time it is drawn."""

    def __init__(self) -> None:
        self.asked = 0

    def partitions(self) -> Sequence[str]:
        return [partition_of("prod")]

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        return dict.fromkeys(names, 1)

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        self.asked += 1
        if self.asked == 1:
            raise Unavailable("no answer")
        return RenderedMessage(card=Card(kind="c", content={}, summary=name), revision=1)


async def recipe_in(store: Store) -> OutboxEntry:
    (entry,) = await store.range(partition_of("prod"), "post-", "post.")
    return OutboxEntry.from_json(entry.value)


async def filed_in(store: Store) -> OutboxEntry:
    (entry,) = await store.range(partition_of("prod"), "shown-", "shown.")
    return OutboxEntry.from_json(entry.value)


def text_of(card: Card) -> str:
    return f"{card.summary} {card.content}"


async def broke(night: Night) -> None:
    night.reports.keep(failure("r1").report)
    await night.incidents.take(failure("r1"), night.listeners.addresses)


async def test_a_failure_is_posted_once_as_a_new_thread_of_its_channel(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    await deliver(night.posted)
    await deliver(night.posted)
    ((place, card),) = teams.posts
    assert place == ROOM.conversation
    assert card.kind == "incident_card"
    recipe = await recipe_in(night.store)
    assert (recipe.stage, recipe.message_id, recipe.shown) == (EntryStage.POSTED, "m0", 1)


async def test_what_changes_is_edited_into_the_thread_it_began(night: Night, teams: Teams) -> None:
    await broke(night)
    await deliver(night.posted)
    await night.incidents.acknowledge("INC-1", MAYA, START)
    await deliver(night.posted)
    ((address, message_id, card),) = teams.edits
    assert address.conversation == f"{ROOM.conversation};messageid=m0"
    assert message_id == "m0"
    assert "Acknowledged by" in text_of(card)
    assert len(teams.posts) == 1


async def test_a_personal_chat_is_edited_where_it_was_posted(night: Night, teams: Teams) -> None:
    night.listeners.addresses = [chat("maya")]
    await broke(night)
    await deliver(night.posted)
    await night.incidents.acknowledge("INC-1", MAYA, START)
    await deliver(night.posted)
    assert teams.edits[0][0] == chat("maya")


async def test_edits_that_are_late_show_the_newest_only(night: Night, teams: Teams) -> None:
    await broke(night)
    await deliver(night.posted)
    for number in range(2, 12):
        await night.incidents.take(failure(f"r{number}", end=number))
    await night.incidents.acknowledge("INC-1", MAYA, START)
    await deliver(night.posted)
    assert len(teams.edits) == 1
    assert "11 times" in text_of(teams.edits[0][2])


async def test_what_changed_before_the_first_post_is_one_message(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    await night.incidents.take(failure("r2", end=2))
    await deliver(night.posted)
    assert len(teams.posts) == 1
    assert teams.edits == []


async def test_an_acknowledgement_while_the_card_is_under_way_is_shown_after_it(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.gate = asyncio.Event()
    first = asyncio.create_task(deliver(night.posted))
    await teams.held.wait()
    await night.incidents.acknowledge("INC-1", MAYA, START)
    await deliver(night.posted)
    assert teams.posts == []
    teams.gate.set()
    await first
    assert len(teams.posts) == 1
    assert "Acknowledged by" in text_of(teams.in_room(ROOM)[0])


async def test_what_is_shown_already_is_not_shown_again(night: Night, teams: Teams) -> None:
    await broke(night)
    teams.gate = asyncio.Event()
    first = asyncio.create_task(deliver(night.posted))
    await teams.held.wait()
    await deliver(night.posted)
    teams.gate.set()
    await first
    assert len(teams.posts) == 1
    assert teams.edits == []


async def test_a_slow_room_does_not_hold_up_another(night: Night, teams: Teams) -> None:
    night.listeners.addresses = [ROOM]
    await broke(night)
    teams.gate = asyncio.Event()
    slow = asyncio.create_task(deliver(night.posted))
    await teams.held.wait()
    held, teams.gate = teams.gate, None
    await night.incidents.take(failure("r2", "Orders"), [chat("maya")])
    await deliver(night.posted)
    assert [place for place, _ in teams.posts] == ["a:maya"]
    held.set()
    await slow
    assert len(teams.posts) == 2


async def test_nothing_comes_after_a_resolved_card(night: Night, teams: Teams) -> None:
    await broke(night)
    await deliver(night.posted)
    await night.incidents.take(good("r2", end=10))
    await deliver(night.posted)
    assert "Resolved" in teams.in_room(ROOM)[0].summary
    filed = await filed_in(night.store)
    assert (filed.message_id, filed.shown) == ("m0", 2)
    assert list(await night.store.range(partition_of("prod"), "post-", "post.")) == []


@pytest.mark.parametrize("wait", [None, 120.0])
async def test_what_was_refused_is_posted_later(
    wait: float | None, night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.faults = [(Refused(wait), False)]
    await deliver(night.posted)
    night.clock.now += timedelta(seconds=(wait or FIRST_WAIT) - 1)
    await deliver(night.posted)
    assert len(teams.tried) == 1
    night.clock.now += timedelta(seconds=1)
    await deliver(night.posted)
    assert len(teams.posts) == 1
    assert (await recipe_in(night.store)).attempts == 0


@pytest.mark.parametrize(
    "error", [Refused(), Silent(), Wrong(), Gone()], ids=["refused", "silent", "wrong", "gone"]
)
async def test_a_send_that_fails_leaves_no_traceback(
    error: NotDelivered, night: Night, teams: Teams, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    teams.faults = [(error, False)] * 20
    await broke(night)
    for _ in range(20):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert teams.tried
    assert [one.getMessage() for one in caplog.records if one.exc_info] == []


async def test_what_is_refused_again_and_again_waits_longer_and_is_given_up_after_a_day(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.faults = [(Refused(), False)] * (MOST_ATTEMPTS + 5)
    begin = night.clock.now
    for _ in range(MOST_ATTEMPTS + 5):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert len(teams.tried) == MOST_ATTEMPTS
    assert night.clock.now - begin > timedelta(hours=24)
    assert (await filed_in(night.store)).stage is EntryStage.OVER


@pytest.mark.parametrize(
    ("error", "posts"),
    [
        (NotSent(400, "BadSyntax"), 1),
        (NotSent(403, "BotDisabled"), 1),
        (NotSent(404, "NotFound"), 1),
        (NotSent(410, "Gone"), 1),
        (AddressGone(404, "ConversationNotFound"), 1),
        (NotSent(500, "ServiceError"), MOST_ATTEMPTS),
    ],
    ids=["400", "403", "404", "410", "gone", "500"],
)
async def test_an_alert_that_is_refused_for_a_day_is_tried_a_few_times_with_a_line_for_each(
    error: NotSent, posts: int, night: Night, teams: Teams, caplog: pytest.LogCaptureFixture
) -> None:
    await broke(night)
    teams.faults = [(error, False)] * 5_000
    for step in (*[timedelta(minutes=1)] * 120, *[timedelta(minutes=15)] * 4 * 46):
        await deliver(night.posted)
        night.clock.now += step
    print(f"{error}: {len(teams.tried)} posts and {len(caplog.records)} lines in two days")
    assert len(teams.tried) == posts
    assert len(caplog.records) <= posts + 1
    assert not any(record.exc_info for record in caplog.records)


async def test_a_post_without_an_answer_is_made_once_more_when_teams_answers_again(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.faults = [(Silent(), False), (Silent(), False), (Refused(), False)]
    for _ in range(4):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert (len(teams.tried), teams.typed, len(teams.posts)) == (2, 3, 1)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_card_without_an_answer_is_posted_twice_and_no_more_then_told_in_words(
    arrived: bool, night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.faults = [(Silent(), arrived), None, (Silent(), arrived)]
    for _ in range(5):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert len(teams.posts) == (2 if arrived else 0)
    ((place, line),) = teams.lines
    assert place == ROOM.conversation
    assert "CustomerDataETL failed" in line


async def test_words_in_the_place_of_a_card_become_one_at_the_next_change(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.faults = [(Silent(), True), None, (Silent(), True)]
    for _ in range(5):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert teams.edits == []
    await night.incidents.acknowledge("INC-1", MAYA, START)
    await deliver(night.posted)
    ((address, message_id, card),) = teams.edits
    assert (address.conversation, message_id) == (f"{ROOM.conversation};messageid=m2", "m2")
    assert "Acknowledged by" in text_of(card)


async def test_words_that_may_be_there_are_not_said_again(night: Night, teams: Teams) -> None:
    await broke(night)
    teams.faults = [(Silent(), True), None, (Silent(), True), None, (Silent(), True)]
    for _ in range(8):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert (len(teams.posts), len(teams.lines)) == (2, 1)
    assert (await filed_in(night.store)).stage is EntryStage.OVER


async def test_a_refusal_of_the_second_post_leaves_one_more_try(night: Night, teams: Teams) -> None:
    await broke(night)
    teams.faults = [(Silent(), True), None, (Refused(), False)]
    for _ in range(5):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert len(teams.posts) == 2
    assert (await recipe_in(night.store)).message_id == "m1"


async def test_a_sign_of_life_that_is_refused_for_good_still_is_one(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.faults = [(Silent(), False), (Wrong(), False)]
    for _ in range(2):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert len(teams.posts) == 1


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_sender_that_breaks_is_taken_for_no_answer(
    arrived: bool, night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.faults = [(ValueError("a fault of ours"), arrived)]
    for _ in range(3):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert len(teams.posts) == 1 + arrived


async def test_a_card_that_will_never_be_taken_is_given_up(night: Night, teams: Teams) -> None:
    await broke(night)
    teams.faults = [(Wrong(), False)]
    for _ in range(3):
        await deliver(night.posted)
        night.clock.now += timedelta(days=1)
    assert len(teams.tried) == 1
    assert (await filed_in(night.store)).stage is EntryStage.OVER


async def test_an_edit_is_repeated_until_it_is_there(night: Night, teams: Teams) -> None:
    await broke(night)
    await deliver(night.posted)
    await night.incidents.acknowledge("INC-1", MAYA, START)
    teams.faults = [(Refused(), False), (Silent(), True), (ValueError("ours"), False)]
    for _ in range(5):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert "Acknowledged by" in text_of(teams.in_room(ROOM)[0])
    assert len(teams.posts) == 1
    assert (await recipe_in(night.store)).shown == 2


async def test_an_edit_of_a_message_that_was_deleted_is_given_up(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    await deliver(night.posted)
    await night.incidents.acknowledge("INC-1", MAYA, START)
    teams.faults = [(Wrong(), False)]
    await deliver(night.posted)
    await deliver(night.posted)
    assert teams.edits == []
    assert (await filed_in(night.store)).stage is EntryStage.OVER


@pytest.mark.parametrize("when", ["post", "typing", "edit"])
async def test_an_address_where_nobody_is_any_more_is_dropped(
    when: str, night: Night, teams: Teams
) -> None:
    await broke(night)
    if when == "edit":
        await deliver(night.posted)
        await night.incidents.acknowledge("INC-1", MAYA, START)
    teams.faults = [(Silent(), False)] if when == "typing" else []
    teams.faults.append((Gone(), False))
    for _ in range(3):
        await deliver(night.posted)
        night.clock.now += timedelta(seconds=LONGEST_WAIT)
    assert night.listeners.left == [ROOM]
    assert list(await night.store.range(partition_of("prod"), "post-", "post.")) == []


async def test_a_message_without_an_id_is_left_as_it_is(night: Night, teams: Teams) -> None:
    class Nameless(Teams):
        async def send(self, reply: object) -> str:
            self.tried.append("there")
            return ""

    nameless = Nameless()
    other = Night(night.store, nameless, night.clock, night.listeners, night.watches)
    await broke(other)
    await deliver(other.posted)
    await other.incidents.acknowledge("INC-1", MAYA, START)
    await deliver(other.posted)
    assert nameless.tried == ["there"]
    assert nameless.edits == []


async def test_an_incident_that_is_not_known_any_more_leaves_no_message(
    night: Night, teams: Teams
) -> None:
    await broke(night)
    await night.store.delete(partition_of("prod"), "open-INC-1")
    await deliver(night.posted)
    assert teams.tried == []
    assert list(await night.store.range(partition_of("prod"), "post-", "post.")) == []


async def test_a_card_that_cannot_be_drawn_does_not_hold_up_the_others(
    store: Store, teams: Teams
) -> None:
    clock = Clock()
    night = Night(store, teams, clock, Hearing([ROOM]), {"prod": ScriptedWatch(clock)})
    night.reads["r1"] = ValueError("a fault of ours")
    await night.incidents.take(failure("r1"), [ROOM])
    night.reports.keep(failure("r2", "Orders").report)
    await night.incidents.take(failure("r2", "Orders"), [ROOM])
    await deliver(night.posted)
    assert len(teams.posts) == 1
    night.reports.keep(failure("r1").report)
    clock.now += timedelta(seconds=FIRST_WAIT)
    await deliver(night.posted)
    assert len(teams.posts) == 2


async def test_a_card_that_cannot_be_read_yet_is_shown_later(night: Night, teams: Teams) -> None:
    await broke(night)
    posted = Outbox(
        store=night.store,
        sender=teams,
        sources={"incident": Unreadable()},
        gone=night.listeners.gone,
        clock=night.clock,
        sleep=night.clock.sleep,
    )
    for _ in range(3):
        await deliver(posted)
        night.clock.now += timedelta(seconds=FIRST_WAIT)
    assert len(teams.posts) == 1


async def test_a_disk_that_is_full_for_a_while_costs_no_message(store: Store, teams: Teams) -> None:
    full = MortalStore(store)
    clock = Clock()
    night = Night(full, teams, clock, Hearing([ROOM]), {"prod": ScriptedWatch(clock)})
    await broke(night)
    full.is_full = True
    await deliver(night.posted)
    assert teams.tried == []
    full.is_full = False
    await deliver(night.posted)
    assert len(teams.posts) == 1


@pytest.mark.parametrize("dies_after", [False, True])
@pytest.mark.parametrize("step", range(1, 8))
async def test_a_kill_at_any_write_loses_no_failure_and_repeats_at_most_one_post(
    step: int, dies_after: bool
) -> None:
    base, teams, clock = MemoryStore(), Teams(), Clock()
    watch = ScriptedWatch(clock, [failure("r1")])
    mortal = MortalStore(base)
    first = Night(mortal, teams, clock, Hearing([ROOM]), {"prod": watch})
    mortal.dies_at, mortal.dies_after = step, dies_after
    try:
        await first.start()
        await first.turn()
    except Died:
        died = True
    else:
        died = False
    second = Night(base, teams, clock, Hearing([ROOM]), {"prod": watch})
    second.reports.keep(failure("r1").report)
    await second.start()
    for _ in range(3):
        await second.turn()
        clock.now += timedelta(seconds=LONGEST_WAIT)
    assert died == (step <= 5)
    assert len(await second.incidents.open("prod")) == 1
    # 1 number, 2 incident, 3 watermark, 4 sending, 5 the id: only there it may be posted again.
    assert len(teams.posts) == (2 if (step, dies_after) == (5, False) else 1)


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_kill_during_the_post_is_followed_by_one_more(
    arrived: bool, night: Night, teams: Teams
) -> None:
    await broke(night)
    teams.faults = [(Died(), arrived)]
    with pytest.raises(Died):
        await deliver(night.posted)
    again = Night(night.store, teams, night.clock, night.listeners, night.watches)
    await again.start()
    await deliver(again.posted)
    assert len(teams.posts) == 1 + arrived
    assert len(teams.tried) == 2


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize(("kills", "lines"), [(2, 1), (3, 0), (3, 1)])
async def test_a_second_kill_at_the_same_place_is_followed_by_words_not_by_a_third_card(
    arrived: bool, kills: int, lines: int, night: Night, teams: Teams
) -> None:
    await broke(night)
    faults: list[tuple[BaseException, bool] | None] = [(Died(), arrived), None, (Died(), arrived)]
    teams.faults = [*faults, None, (Died(), bool(lines))][: 2 * kills - 1]
    lives = [
        night,
        *(Night(night.store, teams, night.clock, night.listeners, night.watches) for _ in range(5)),
    ]
    for one in lives:
        await one.start()
        try:
            await deliver(one.posted)
        except Died:
            continue
    assert len(teams.posts) == (2 if arrived else 0)
    assert len(teams.lines) == lines


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_kill_during_an_edit_is_followed_by_the_same_edit(
    arrived: bool, night: Night, teams: Teams
) -> None:
    await broke(night)
    await deliver(night.posted)
    await night.incidents.acknowledge("INC-1", MAYA, START)
    teams.faults = [(Died(), arrived)]
    with pytest.raises(Died):
        await deliver(night.posted)
    again = Night(night.store, teams, night.clock, night.listeners, night.watches)
    await again.start()
    await deliver(again.posted)
    assert len(teams.posts) == 1
    assert "Acknowledged by" in text_of(teams.in_room(ROOM)[0])


async def test_after_the_end_nothing_new_is_begun(night: Night, teams: Teams) -> None:
    await broke(night)
    night.posted.close()
    await deliver(night.posted)
    assert teams.tried == []


async def test_many_messages_to_one_room_keep_the_pace_of_teams(night: Night, teams: Teams) -> None:
    for number in range(70):
        await night.incidents.take(failure(f"r{number}", f"P{number}"), [ROOM])
        night.reports.keep(failure(f"r{number}", f"P{number}").report)
    begin = night.clock.now
    await deliver(night.posted)
    assert len(teams.posts) == 70
    assert night.clock.now - begin > timedelta(seconds=30)


def test_the_pace_keeps_every_limit_and_begins_anew_after_it() -> None:
    pace = RateLimiter({1.0: 2, 10.0: 4})
    now, at = 1000.0, list[float]()
    for _ in range(8):
        at.append(now + pace.wait("room", now))
    for span, most in ((1.0, 2), (10.0, 4)):
        assert all(late - soon > span for soon, late in zip(at, at[most:], strict=False))
    assert pace.wait("another", now) == 0
    assert pace.wait("room", now + 100) == 0


def test_the_pace_forgets_rooms_that_are_quiet() -> None:
    pace = RateLimiter({1.0: 2})
    for number in range(2000):
        assert pace.wait(f"room{number}", float(number)) == 0
    assert len(vars(pace)["_taken"]) < 600


async def test_a_message_that_has_to_wait_ages_until_it_is_shown(
    night: Night, teams: Teams
) -> None:
    teams.faults = [(Refused(600.0), False)]
    await broke(night)
    await deliver(night.posted)
    begun = night.clock.now
    night.clock.now += timedelta(minutes=9)
    await deliver(night.posted)
    assert night.posted.oldest() == begun
    night.clock.now += timedelta(minutes=2)
    await deliver(night.posted)
    await deliver(night.posted)
    assert night.posted.oldest() is None
