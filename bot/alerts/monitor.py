"""Watches one factory as long as the bot runs: what it sees is written down before it goes on."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from adf.errors import AdfError, Throttled
from adf.records import Failure, PipelineNotes, Recovery
from adf.watch import Polled, Seen
from bot.alerts.conditions.monitor import ConditionMonitor
from bot.alerts.escalation import EscalationPolicy
from bot.alerts.explanations import ExplanationFor
from bot.alerts.incident_remarks import IncidentRemarks
from bot.alerts.incidents import Incident, IncidentService, is_helped, mark_of
from bot.alerts.run_ended_message import RunEndMessages
from bot.alerts.run_reports import RunReports
from bot.alerts.standing_incidents import StandingIncidents
from bot.messages import Address, Scope
from bot.state.mutes import Mutes

log = logging.getLogger("adfops.announcer")

LONGEST_WAIT = 600.0
# A watermark that lags makes the next start look back further and costs no disk write each poll.
MAY_LAG = timedelta(minutes=5)
PURGE_EVERY = timedelta(hours=6)

Notes = Callable[[str, str], PipelineNotes]


class WatchedFactory(Protocol):
    """Tells what happened in one factory."""

    async def poll(self, since: datetime | None, seen: Seen) -> Polled:
        """What happened since the watermark that was not seen; may raise an AdfError."""
        ...


class Listeners(Protocol):
    """Knows who hears of what."""

    async def hearing(
        self, factory: str, pipelines: Collection[str], critical: bool
    ) -> Sequence[Address]:
        """Where failures of these pipelines are told."""
        ...

    async def gone(self, address: Address) -> None:
        """Nobody is there any more."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorContext:
    """What every lookout works with; without `ends` nobody is told that a run ended,
    without `conditions` of nothing but runs, without `standing` of no failure later than at once.

    Without `words` no incident is explained, without `mutes` none is held back. After news,
    `outdate` makes the cached answers about that factory stale, so that the next question is asked
    anew.
    """

    incidents: IncidentService
    listeners: Listeners
    reports: RunReports
    notes: Notes
    clock: Callable[[], datetime]
    ends: RunEndMessages | None = None
    conditions: ConditionMonitor | None = None
    standing: StandingIncidents | None = None
    remarks: IncidentRemarks | None = None
    words: ExplanationFor | None = None
    mutes: Mutes | None = None
    escalations: Mapping[str, EscalationPolicy] = field(default_factory=dict[str, EscalationPolicy])
    outdate: Callable[[str], None] = lambda _: None


class FactoryMonitor:
    """One factory: its watch, how far that has come, and how often it failed in a row."""

    def __init__(
        self, factory: str, watch: WatchedFactory, desk: MonitorContext, every: float
    ) -> None:
        """Look after one factory, each `every` seconds while all is well."""
        self._factory = factory
        self._watch = watch
        self._desk = desk
        self.every = every
        self._reached: datetime | None = None
        self._stored: datetime | None = None
        self._purged: datetime | None = None
        self._failed = 0
        self._open: Sequence[Incident] | None = None
        # When it was last seen whole, or began to be watched.
        self.seen_at: datetime | None = None

    async def look(self) -> bool:
        """Poll once and take what is told; whether anything changed. Raises what went wrong."""
        incidents = self._desk.incidents
        if self._reached is None:
            self._reached = self._stored = await incidents.watermark(self._factory)
        polled = await self._watch.poll(self._reached, await incidents.seen(self._factory))
        if polled.signals:
            self._desk.outdate(self._factory)
        changed = await self._take_all(polled.signals)
        changed = await self._check_conditions() or changed
        changed = await self._look_at_open() or changed
        self._reached = polled.watermark
        if changed or self._stored is None or polled.watermark - self._stored >= MAY_LAG:
            await incidents.move_watermark(self._factory, polled.watermark)
            self._stored = polled.watermark
        await self._tidy()
        return changed

    async def _look_at_open(self) -> bool:
        """What is due for incidents that stand: told after a wait or a mute, or to more people.

        They are read once in a look.
        """
        standing, mutes = self._desk.standing, self._desk.mutes
        if standing is None and mutes is None and not self._desk.escalations:
            return False
        if self._open is None:
            self._open = await self._desk.incidents.open(self._factory)
        changed = await standing.look(self._open) if standing else False
        return await self._settle_open(self._open) or changed

    async def _check_conditions(self) -> bool:
        """Look for what stands as it should not; whether anything is to be told."""
        conditions = self._desk.conditions
        return await conditions.look(self._factory) if conditions else False

    async def look_safely(self) -> tuple[bool, float]:
        """Poll once whatever happens; whether anything changed, and how long to wait now."""
        try:
            changed = await self.look()
        except AdfError as error:
            asked = error.retry_after if isinstance(error, Throttled) else None
            return False, self._trouble(error, asked)
        except Exception as error:  # noqa: BLE001 - whatever broke here, the other factories go on
            return False, self._trouble(error, None)
        if self._failed:
            log.info("%s is watched again", self._factory)
        self._failed = 0
        self.seen_at = self._desk.clock()
        return changed, self.every

    async def _take_all(self, signals: Sequence[Failure | Recovery]) -> bool:
        """Take each signal; one that breaks does not hold up the others, and comes again."""
        changed, broke, self._open = False, None, None
        for signal in signals:
            try:
                changed = await self._take(signal) or changed
            except Exception as error:  # noqa: BLE001 - raised below, once the others are taken
                broke = error
        if broke is not None:
            raise broke
        return changed

    async def _take(self, signal: Failure | Recovery) -> bool:
        """Write down all that follows from a signal; its end first, as it comes but once."""
        told = await self._desk.ends.take(signal) if self._desk.ends else False
        return await self._incident_of(signal) is not None or told

    async def _incident_of(self, signal: Failure | Recovery) -> Incident | None:
        if isinstance(signal, Recovery):
            await self._lift(signal)
            return await self._well(signal)
        self._open = None
        self._desk.reports.keep(signal.report)
        pipelines = {run.pipeline for run in (signal.run, *signal.runs)}
        is_muted = await self._is_muted(signal.run.pipeline, signal.signature)
        addresses = () if is_muted else await self._addresses(pipelines)
        incident = await self._desk.incidents.take(signal, addresses, is_muted=is_muted)
        if self._desk.remarks and incident:
            self._desk.remarks.add(incident, signal)
        if self._desk.words and incident and incident.is_new and addresses:
            self._desk.words.begin(incident, addresses[0])
        return incident

    async def _addresses(self, pipelines: Collection[str]) -> Sequence[Address]:
        """Where failures of these pipelines are posted."""
        critical = any(self._desk.notes(self._factory, one).critical for one in pipelines)
        found = await self._desk.listeners.hearing(self._factory, pipelines, critical)
        return [_whole(one) for one in found]

    async def _is_muted(self, pipeline: str, signature: str) -> bool:
        """Whether somebody wants no alert of it for a while."""
        mutes = self._desk.mutes
        return bool(mutes and await mutes.covering(self._factory, pipeline, signature))

    async def _lift(self, signal: Recovery) -> None:
        """A good run ends the mute of a known issue; it may be seen twice."""
        if self._desk.mutes and signal.run.end:
            await self._desk.mutes.lift(self._factory, signal.run.pipeline, signal.run.end)

    async def _settle_open(self, open_ones: Sequence[Incident]) -> bool:
        """Post what a mute held back and still stands, and escalate what nobody has taken."""
        policy = self._desk.escalations.get(self._factory)
        changed = False
        for one in open_ones:
            if await self._is_muted(one.standing[-1].pipeline, one.signature):
                continue
            if one.hushed and not one.told:
                addresses = await self._addresses(one.pipelines)
                changed = await self._desk.incidents.announce(one, addresses) or changed
            elif policy is not None:
                changed = await self._escalate(one, policy) or changed
        return changed

    async def _escalate(self, incident: Incident, policy: EscalationPolicy) -> bool:
        """Call more people where it is time for that, in the rooms that heard of it."""
        now = self._desk.clock()
        due = policy.due(incident, now, lambda name: self._desk.notes(self._factory, name).critical)
        if due is None:
            return False
        known = set(incident.told)
        found = await self._addresses(incident.pipelines)
        addresses = [one for one in found if mark_of(one) in known]
        return bool(addresses) and await self._desk.incidents.escalate(incident, due, addresses)

    async def _well(self, signal: Recovery) -> Incident | None:
        """Most good runs help nothing that is open, which is read once for many of them."""
        if self._open is None:
            self._open = await self._desk.incidents.open(self._factory)
        if not any(is_helped(one, signal.run) for one in self._open):
            return None
        self._open = None
        return await self._desk.incidents.take(signal)

    async def _tidy(self) -> None:
        now = self._desk.clock()
        if self._purged is None or now - self._purged >= PURGE_EVERY:
            await self._desk.incidents.purge(self._factory)
            self._purged = now

    def _trouble(self, error: Exception, asked: float | None) -> float:
        """Log a trouble once, and wait longer each time."""
        self._failed += 1
        if self._failed == 1:
            is_known = isinstance(error, AdfError)
            log.warning("%s cannot be watched now: %s", self._factory, error, exc_info=not is_known)
        longer = min(LONGEST_WAIT, self.every * 2.0 ** min(self._failed, 10))
        return max(asked or 0.0, self.every, longer)


def _whole(address: Address) -> Address:
    """A channel, not a thread in it: each incident begins its own thread."""
    if address.scope is not Scope.CHANNEL:
        return address
    return replace(address, conversation=address.room)
