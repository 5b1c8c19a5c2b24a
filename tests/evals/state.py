"""What the bot keeps itself, as a world file tells it: incidents, who has them, and mutes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from adf.simulator.world.world_file import WorldFile, read_world
from bot.alerts.incidents import (
    BrokenRun,
    Incident,
    IncidentEvent,
    OutboxEntry,
    Participant,
    TimelineEvent,
    TimelineKind,
    mark_of,
    partition_of,
)
from bot.alerts.incidents import repository as incidents
from bot.messages import Address, Scope
from bot.outbox.entry import EntryStage
from bot.state.mutes import EVERYTHING_TARGET, Mutes, MuteScope, StoredMute
from bot.state.store import Insert, Store, open_store, parts
from cards.records import IncidentState
from tests.doubles.teams import BOT, CHANNEL, TENANT, object_id
from tests.evals.faults import UnknownState

_ACKED = re.compile(r"(?P<id>INC-\d+) acked by (?P<who>\w+) (?P<seconds>\d+) s ago")
# A world file does not say when somebody took an incident: some minutes after it broke.
TAKEN_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Who took an incident, and when."""

    incident_id: str
    who: str
    at: datetime


def taken_in(setup: Mapping[str, Any], now: datetime) -> Sequence[Taken]:
    """What a row's setup tells of incidents; UnknownState for what it cannot be read from."""
    if "incidents" not in setup:
        return ()
    match = _ACKED.fullmatch(str(setup["incidents"]))
    if match is None:
        raise UnknownState(str(setup["incidents"]))
    at = now - timedelta(seconds=int(match["seconds"]))
    return (Taken(incident_id=match["id"], who=match["who"], at=at),)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptState:
    """The state to write: the world's, what a row adds to it, and whose thread it is played in.

    `thread` is the id of the channel's thread, `about` the incident whose message began it.
    """

    world: Mapping[str, Any]
    now: datetime
    service_url: str = ""
    taken: Sequence[Taken] = ()
    thread: str = ""
    about: str = ""

    async def write(self, file: Path) -> None:
        """Write it into a new store."""
        store = await open_store(f"sqlite:///{file}")
        try:
            await self._write(store)
        finally:
            await store.close()

    async def _write(self, store: Store) -> None:
        world = read_world(self.world)
        for alias in self.world["factories"]:
            await self._mark_runs(store, world, alias)
        for one in self._incidents(world):
            await self._put(store, one)
        numbers = [int(name.removeprefix("INC-")) for name in self._told("incidents")]
        following = {"number": max(numbers, default=0) + 1}
        await store.insert(incidents.PARTITION, "next", following)
        mutes = Mutes(store, lambda: self.now)
        for target, one in self._told("mutes").items():
            await mutes.add(self._mute(world, target, one))

    async def _mark_runs(self, store: Store, world: WorldFile, alias: str) -> None:
        """Every run so far was seen: what is an incident of them, the world tells."""
        marks = [
            incidents.mark((run_id, str(world.runs[run_id].get("status"))), self.now)
            for run_id in world.runs_in(alias)
        ]
        for some in parts(marks):
            await store.batch(partition_of(alias), list(some))
        place = {"at": self.now.isoformat()}
        await store.insert(partition_of(alias), incidents.WATERMARK, place)

    async def _put(self, store: Store, incident: Incident) -> None:
        partition, entry = partition_of(incident.factory), self._entry(incident)
        group = incidents.IncidentGroup()
        await store.insert(incidents.PARTITION, incident.incident_id, {"factory": incident.factory})
        operations = [
            Insert(key=incidents.key_of(incident), value=incidents.to_json(incident)),
            incidents.put_group(incident.group, group, incident.incident_id, None),
            Insert(key=entry.key, value=entry.to_json()),
        ]
        await store.batch(partition, operations)

    def _told(self, section: str) -> Mapping[str, Mapping[str, Any]]:
        return self.world.get(section) or dict[str, Any]()

    def _incidents(self, world: WorldFile) -> Iterator[Incident]:
        for name, one in self._told("incidents").items():
            yield self._incident(world, name, one)

    def _incident(self, world: WorldFile, name: str, wire: Mapping[str, Any]) -> Incident:
        run_id, pipeline = wire["run"], wire["pipeline"]
        run = world.runs.get(run_id) or {}
        at = _moment(run.get("end") or run.get("start")) or self.now - timedelta(hours=1)
        having = self._having(name, wire, at)
        event = TimelineEvent(kind=TimelineKind.OPENED, at=at, subject=run_id)
        return Incident(
            incident_id=name,
            factory=world.factory_of_run(run_id) if run else world.home_of(pipeline),
            group=f"{pipeline}/{name}",
            signature=name,
            since=at,
            last_seen=at,
            broken=(BrokenRun(pipeline=pipeline, run_id=run_id, root_run_id=run_id, at=at),),
            roots=(run_id,),
            detected=at,
            state=IncidentState.ACKNOWLEDGED if having else IncidentState.OPEN,
            acknowledged=having,
            told=(mark_of(self._room),),
            timeline=(event, *(_taken(one) for one in (having,) if one)),
        )

    def _having(self, name: str, wire: Mapping[str, Any], at: datetime) -> IncidentEvent | None:
        """Who has it: as the row tells, else as the world does."""
        row = next((one for one in self.taken if one.incident_id == name), None)
        who = row.who if row else wire.get("ack_by")
        if not who:
            return None
        when = row.at if row else min(at + TAKEN_AFTER, self.now)
        return IncidentEvent(person_id=object_id(who.title()), name=who, at=when)

    def _entry(self, incident: Incident) -> OutboxEntry:
        is_thread = incident.incident_id == self.about
        return OutboxEntry(
            kind="incident",
            source=incident.incident_id,
            address=self._room,
            stage=EntryStage.POSTED,
            message_id=self.thread if is_thread else f"posted-{incident.incident_id}",
            shown=incident.revision,
        )

    @property
    def _room(self) -> Address:
        return Address(
            scope=Scope.CHANNEL,
            tenant=TENANT,
            service_url=self.service_url,
            conversation=CHANNEL,
            bot_id=BOT["id"],
            bot_name=BOT["name"],
        )

    def _mute(self, world: WorldFile, target: str, wire: Mapping[str, Any]) -> StoredMute:
        is_all = target == EVERYTHING_TARGET
        return StoredMute(
            factory=world.default_factory if is_all else world.home_of(target),
            target=target,
            scope=MuteScope.EVERYTHING if is_all else MuteScope.PIPELINE,
            until=datetime.fromisoformat(wire["until"]),
            at=self.now - timedelta(hours=1),
            by=object_id(str(wire["by"]).title()),
            name=str(wire["by"]),
            reason=str(wire.get("reason") or ""),
        )


def _taken(having: IncidentEvent) -> TimelineEvent:
    by = Participant(person_id=having.person_id, name=having.name)
    return TimelineEvent(kind=TimelineKind.ACKNOWLEDGED, at=having.at, by=by)


def _moment(wire: object) -> datetime | None:
    return datetime.fromisoformat(str(wire)) if wire else None
