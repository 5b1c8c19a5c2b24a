"""Rows of any shape: what can be read is read, what cannot is set aside, and nothing stops."""

import json
import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.access.audit import AuditLog
from bot.agents.approvals import PendingApprovals, UsedApprovals
from bot.alerts.incidents import IncidentService
from bot.alerts.incidents.repository import partition_of
from bot.messages import (
    Address,
    Arrival,
    CardClick,
    Incoming,
    Message,
    Person,
    Scope,
    incoming_from_json,
    incoming_to_json,
)
from bot.outbox.repository import OutboxRepository
from bot.state.conversations import ConversationStates
from bot.state.rooms import Rooms
from bot.state.store import (
    MemoryStore,
    Moment,
    RowCodec,
    Rows,
    Store,
    Value,
    VersionConflict,
    list_quarantine,
    open_sqlite,
    purge_quarantine,
    read_all,
    update,
)
from bot.state.store.quarantine import QUARANTINE
from bot.state.store.rows import Rows as TypedRows
from bot.state.subscriptions import EventKind, Subscriptions
from bot.state.usage import AnswerCounter, ModelUsage
from bot.turns.inbox import Inbox
from cards.records import Used
from tests.bot.builders.nights import failure, good

NOW = datetime(2026, 3, 12, 2, 40, tzinfo=UTC)
MAYA = Person(person_id="maya", name="Maya", tenant="t")
ROOM = Address(
    scope=Scope.CHANNEL,
    tenant="t",
    service_url="https://x/",
    conversation="19:c;messageid=1",
    bot_id="28:b",
    bot_name="ADF Ops",
)
MESSAGE = Message(message_id="1", text="why", speaker=MAYA, address=ROOM, at=NOW, zone="UTC")
CLICK = CardClick(
    click_id="1", verb="ack", data={"n": [1, "x", None]}, speaker=MAYA, address=ROOM, at=NOW
)


async def everybody_reads(person: str, alias: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A type of the tests."""

    weight: int
    label: str = ""
    at: Moment | None = None


def parcels(store: Store) -> Rows[Parcel]:
    return TypedRows(store, "parcels", RowCodec(Parcel))


async def test_a_field_of_a_newer_version_is_ignored_and_one_of_an_older_takes_its_default(
    store: Store,
) -> None:
    await store.insert("parcels", "newer", {"weight": 1, "label": "x", "at": None, "color": "red"})
    await store.insert("parcels", "older", {"weight": 2})
    rows = await parcels(store).list_all()
    assert [row.item for row in rows] == [Parcel(weight=1, label="x"), Parcel(weight=2)]
    assert await list_quarantine(store) == []


async def test_a_row_that_cannot_be_read_is_set_aside_and_told_without_what_people_wrote(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    await store.insert("parcels", "good", {"weight": 1})
    await store.insert("parcels", "bad", {"weight": "pancakes", "text": "pancakes"})
    assert [row.key for row in await parcels(store).list_all()] == ["good"]
    assert await list_quarantine(store) == ["parcels/bad: weight: int_parsing"]
    assert "parcels/bad" in caplog.text
    kept = str([entry.value for entry in await read_all(store, QUARANTINE)])
    assert "pancakes" not in caplog.text
    assert "'text'" not in kept
    assert await parcels(store).get("bad") is None
    assert await parcels(store).insert("bad", Parcel(weight=3))


async def test_what_is_set_aside_goes_after_a_fortnight(store: Store) -> None:
    await store.insert("parcels", "bad", {})
    await parcels(store).list_all()
    for days, left in ((0, 1), (13, 1), (15, 0)):
        await purge_quarantine(store, NOW + timedelta(days=days))
        assert len(await list_quarantine(store)) == left


@pytest.mark.parametrize("key", ["", "a/b", "a\0b", "x" * 600, "\ud800"])
async def test_a_key_that_can_be_none_finds_nothing(key: str, store: Store) -> None:
    assert await parcels(store).get(key) is None


async def test_a_partition_of_any_size_is_read_to_its_end(store: Store) -> None:
    keys = [f"{number:05}" for number in range(1203)]
    for key in keys:
        await store.insert("parcels", key, {"weight": 1})
    assert [row.key for row in await parcels(store).list_all()] == keys
    assert [row.key for row in await parcels(store).list_all("00300", "00802")] == keys[300:802]


class Hurried(MemoryStore):
    """Somebody else writes first, so often."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def replace(self, partition: str, key: str, value: Value, version: str) -> str:
        if self.times:
            self.times -= 1
            raise VersionConflict("somebody else was faster", key)
        return await super().replace(partition, key, value, version)


async def test_a_change_is_made_again_while_somebody_is_faster_and_given_up_at_last() -> None:
    def more(row: Value | None) -> Value:
        return {"n": (row or {"n": 0})["n"] + 1}

    for times, is_done in ((0, True), (5, True), (100, False)):
        store = Hurried(times)
        await store.insert("p", "k", {"n": 1})
        if is_done:
            done = await update(store, "p", "k", more)
            assert (done.before, done.after) == ({"n": 1}, {"n": 2})
        else:
            with pytest.raises(VersionConflict):
                await update(store, "p", "k", more)
    nothing = await update(MemoryStore(), "p", "k", lambda row: row)
    assert (nothing.before, nothing.after) == (None, None)


@pytest.mark.parametrize("incoming", [MESSAGE, CLICK, Arrival(speaker=MAYA, address=ROOM, at=NOW)])
def test_what_came_in_is_stored_as_the_first_version_did(incoming: Incoming) -> None:
    stored = incoming_to_json(incoming)
    assert stored["at"] == "2026-03-12T02:40:00+00:00"
    assert stored["kind"] == type(incoming).__name__
    assert stored["address"] == {
        "scope": "channel",
        "tenant": "t",
        "service_url": "https://x/",
        "conversation": "19:c;messageid=1",
        "bot_id": "28:b",
        "bot_name": "ADF Ops",
        "channel": None,
        "team": None,
    }
    assert incoming_from_json(json.loads(json.dumps(stored))) == incoming


async def test_every_row_is_written_as_the_first_version_did_with_new_fields_at_its_end(
    store: Store,
) -> None:
    await filled(store)
    found = {
        partition: next(
            json.dumps(one.value)
            for one in await read_all(store, partition)
            if "a:maya" not in str(one.value) and "finish" not in str(one.value)
        )
        for partition in ("rooms", "bindings", "subscriptions", "answered", "used", "inbox")
    }
    address = json.dumps(ROOM.to_json() | {"conversation": "19:c"})
    message = json.dumps(incoming_to_json(MESSAGE))
    at = NOW.isoformat()
    assert found == {
        "rooms": f'{{"address": {address}, "since": "{at}"}}',
        "bindings": f'{{"factory": "prod", "zone": null, "by": "maya", "at": "{at}"}}',
        "subscriptions": '{"factory": "prod", "target": "everything", "events": "failures", '
        f'"tenant": "t", "conversation": "19:c", "person": "", "once": false, "since": "{at}", '
        '"limit": "", "wait": 0, "quiet": "", "version": 2}',
        "answered": '{"answers": 1}',
        "used": f'{{"at": "{at}"}}',
        "inbox": f'{{"since": "{at}", "incoming": {message}, "attempts": 1}}',
    }


async def filled(store: Store) -> None:
    """One row at least in every partition that the bot has."""

    def clock() -> datetime:
        return NOW

    rooms = Rooms(store, clock)
    await rooms.seen(ROOM, MAYA)
    await rooms.seen(replace(ROOM, scope=Scope.PERSONAL, conversation="a:maya"), MAYA)
    await rooms.bind(ROOM, "prod", None, "maya")
    subscriptions = Subscriptions(store, rooms, clock, everybody_reads)
    await subscriptions.add("prod", "everything", EventKind.FAILURES, ROOM)
    await subscriptions.add("prod", "everything", EventKind.FINISH, MAYA, once=True)
    await AnswerCounter(store, clock).count()
    await ModelUsage(store, clock).add(Used(turns=1), "19:c")
    await ConversationStates(store, clock).remember("thread", "maya", {"pipeline": "Orders"})
    await UsedApprovals(store, clock).use("d", "a")
    await PendingApprovals(store=store, clock=clock, make_id=lambda: "id").ask(MESSAGE, [])
    await AuditLog(store, clock).refused(MAYA, ROOM, right="ack", factory="prod", why="no role")
    await Inbox(store, clock).claim("k", MESSAGE)
    await IncidentService(store, clock).move_watermark("prod", NOW)
    await IncidentService(store, clock).take(failure("r1"), [ROOM])
    await store.insert("explaining", "k", {"message": incoming_to_json(MESSAGE), "message_id": "m"})


ODD: tuple[Any, ...] = (None, 7, -1.5, "", "not what it was", [], {}, [1], True, "9999-99-99")


def spoiled(row: Mapping[str, Any], chance: random.Random) -> Mapping[str, Any]:
    """A row as another version, or nobody, would write it."""
    kind = chance.randrange(8)
    if kind == 0:
        return {**row, f"new_{chance.randrange(9)}": chance.choice(ODD)}
    if kind == 1 or not row:
        return {}
    name = chance.choice(list(row))
    rest = {one: value for one, value in row.items() if one != name}
    if kind == 2:
        return rest
    if kind == 3 and isinstance(row[name], dict):
        return {**rest, name: spoiled(cast("Mapping[str, Any]", row[name]), chance)}
    return {**rest, name: chance.choice(ODD)}


async def everything_answers(store: Store) -> None:
    """Whatever lies in the store, every room reads and writes it without a fault."""

    def clock() -> datetime:
        return NOW + timedelta(minutes=1)

    rooms = Rooms(store, clock)
    await rooms.all()
    await rooms.personal("t", "maya")
    await rooms.seen(ROOM, MAYA)
    await rooms.binding(ROOM)
    subscriptions = Subscriptions(store, rooms, clock, everybody_reads)
    await subscriptions.at(ROOM)
    await subscriptions.hearing("prod", {"Orders"}, critical=True)
    await subscriptions.end_announced("prod", "Orders", NOW)
    await AnswerCounter(store, clock).count()
    await AnswerCounter(store, clock).of_days(30)
    usage = ModelUsage(store, clock)
    await usage.add(Used(turns=1), "19:c")
    await usage.of_days(30)
    conversations = ConversationStates(store, clock)
    await conversations.recall("thread", "maya")
    await conversations.remember("thread", "maya", {"a": 1})
    await UsedApprovals(store, clock).use("d", "b")
    approvals = PendingApprovals(store=store, clock=clock, make_id=lambda: "other")
    await approvals.waiting("id")
    await approvals.withdraw(MESSAGE)
    await AuditLog(store, clock).of_day(NOW.date())
    inbox = Inbox(store, clock)
    for claim in await inbox.recover():
        await inbox.try_again(claim)
        await inbox.done(claim.key)
    await inbox.purge(NOW + timedelta(days=2))
    incidents = IncidentService(store, clock)
    await incidents.open("prod")
    await incidents.seen("prod")
    await incidents.find("INC-1")
    await incidents.watermark("prod")
    await incidents.move_watermark("prod", NOW + timedelta(minutes=1))
    await incidents.purge("prod")
    await incidents.take(failure("r2"), [ROOM])
    await incidents.take(good("r3", end=90))
    await OutboxRepository(store).live(partition_of("prod"))
    await list_quarantine(store)
    await purge_quarantine(store, NOW)


async def survive(rows: int, seed: int) -> int:
    """Spoil rows of every partition and go on; how many were set aside."""
    chance, aside = random.Random(seed), 0
    spoiled_rows = 0
    while spoiled_rows < rows:
        store = MemoryStore()
        await filled(store)
        places = [
            (partition, entry)
            for partition in await store.partitions()
            for entry in await read_all(store, partition)
        ]
        for partition, entry in places:
            value = spoiled(entry.value, chance)
            await store.replace(partition, entry.key, value, entry.version)
            spoiled_rows += 1
        await everything_answers(store)
        aside += len(await list_quarantine(store))
    return aside


async def test_rows_of_older_newer_and_broken_shapes_stop_nothing() -> None:
    assert await survive(150, 1) > 10


@pytest.mark.prove
@pytest.mark.timeout(300)
async def test_two_thousand_rows_of_other_shapes_stop_nothing() -> None:
    aside = await survive(2_000, 4711)
    print(f"2,000 rows of other shapes: {aside} set aside, 0 faults")
    assert aside > 100


async def test_a_row_that_is_no_json_is_set_aside_as_well(tmp_path: Path) -> None:
    store = await open_sqlite(str(tmp_path / "store.db"))
    for key in ("a", "b", "c"):
        await store.insert("parcels", key, {"weight": 1})
    await store.close()
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as connection:
        for key, text in (("a", "{"), ("b", "[1]"), ("c", "")):
            connection.execute("UPDATE entries SET value = ? WHERE key = ?", (text, key))
    store = await open_sqlite(str(tmp_path / "store.db"))
    assert list(await parcels(store).list_all()) == []
    assert len(await list_quarantine(store)) == 3
    await store.close()
