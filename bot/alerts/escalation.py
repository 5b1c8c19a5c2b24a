"""Escalation: what is critical and acknowledged by nobody is brought to more people, once.

Who that is stands in the settings of a factory: a rota of shifts, and people for the time between.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.alerts.incident_message import IncidentMessages
from bot.alerts.incidents import Incident
from bot.alerts.incidents.incident import Escalation, Participant
from bot.alerts.incidents.threads import incident_of_source
from bot.messages import Address
from bot.outbox import RenderedMessage
from cards.records import IncidentState, Mentioned


@dataclass(frozen=True, slots=True, kw_only=True)
class RotaShift:
    """Who is on call from one time of day to another, over midnight too; on all days or some.

    `days` are those on which the shift begins, 0 for Monday.
    """

    person: Mentioned
    begins: time
    ends: time
    days: frozenset[int] = frozenset(range(7))

    def covers(self, moment: datetime) -> bool:
        """Whether a moment in the zone of the rota is in it."""
        clock, day = moment.time(), moment.weekday()
        if self.begins < self.ends:
            return day in self.days and self.begins <= clock < self.ends
        if clock >= self.begins:
            return day in self.days
        return clock < self.ends and (day - 1) % 7 in self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationPolicy:
    """When incidents of a factory are escalated and to whom; `people` where no shift covers."""

    after: timedelta
    people: tuple[Mentioned, ...] = ()
    rota: tuple[RotaShift, ...] = ()
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def on_call(self, now: datetime) -> tuple[Mentioned, ...]:
        """Who is called now."""
        here = now.astimezone(self.zone)
        found = [one.person for one in self.rota if one.covers(here)]
        return tuple(dict.fromkeys(found)) or self.people

    def due(
        self, incident: Incident, now: datetime, is_critical: Callable[[str], bool]
    ) -> Escalation | None:
        """The escalation that is due; None for what somebody has, was told of too late, or done."""
        is_free = incident.state is IncidentState.OPEN and incident.escalated is None
        since = incident.detected or incident.since
        people = self.on_call(now)
        if not is_free or not people or not incident.told or now - since < self.after:
            return None
        if not any(is_critical(one.pipeline) for one in incident.standing):
            return None
        return Escalation(
            at=now,
            people=tuple(Participant(person_id=one.person_id, name=one.name) for one in people),
            after_minutes=round(self.after / timedelta(minutes=1)),
        )


class EscalationMessages:
    """The source of the one new message that calls more people; it is edited like the first."""

    def __init__(self, messages: IncidentMessages) -> None:
        """Borrow the messages about incidents."""
        self._messages = messages

    def partitions(self) -> Sequence[str]:
        """One partition for each factory."""
        return self._messages.partitions()

    async def revisions(self, partition: str, names: Collection[str]) -> Mapping[str, int]:
        """The revisions of incidents, by the names of their escalations."""
        ids = {incident_of_source(one): one for one in names}
        found = await self._messages.revisions(partition, list(ids))
        return {name: found[one] for one, name in ids.items() if one in found}

    async def draw(self, name: str, address: Address, *, is_new: bool) -> RenderedMessage | None:
        """The card of the incident; the new message calls the people it was brought to."""
        incident_id = incident_of_source(name)
        return await self._messages.draw_escalated(incident_id, address, is_new=is_new)
