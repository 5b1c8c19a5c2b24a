"""Words of the language model for alerts: once for each incident, in memory and nowhere else.

The card stands without them; a restart loses them, and nobody waits for them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from cachetools import LRUCache

from adf.records import RunReport
from bot.agents.explainer import Explainer
from bot.agents.interface import Question
from bot.alerts.incidents import ActionResult, Incident, IncidentService
from bot.alerts.run_reports import RunReports
from bot.messages import Address, Person
from bot.state.background import BackgroundTasks
from cards.records import Explanation, IncidentState

log = logging.getLogger("adfops.announcer")

MOST_KEPT = 200
MOST_WAITING = 50
AT_ONCE = 2

ZoneOf = Callable[[Address], Awaitable[ZoneInfo]]


class ExplanationFor(Protocol):
    """Whoever has words for incidents."""

    def begin(self, incident: Incident, address: Address) -> None:
        """Have a new incident explained; returns at once."""
        ...

    def of(self, incident: Incident) -> Explanation | None:
        """What is known to say about an incident."""
        ...

    async def close(self) -> None:
        """Stop."""
        ...


class IncidentExplanations:
    """Asks the model about new incidents, a few at a time; `due` is set when there are words."""

    def __init__(
        self,
        *,
        explainer: Explainer,
        incidents: IncidentService,
        reports: RunReports,
        zone_of: ZoneOf,
        due: asyncio.Event,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._explainer = explainer
        self._incidents = incidents
        self._reports = reports
        self._zone_of = zone_of
        self._due = due
        self._clock = clock
        self._known: LRUCache[str, Explanation] = LRUCache(MOST_KEPT)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._in_hand = BackgroundTasks()

    def begin(self, incident: Incident, address: Address) -> None:
        """Have a new incident explained to the room that hears of it; in a flood, not all are."""
        if incident.incident_id not in self._in_hand and len(self._in_hand) < MOST_WAITING:
            self._in_hand.start(self._explain(incident.incident_id, address), incident.incident_id)

    def of(self, incident: Incident) -> Explanation | None:
        """What the model said; nothing any more once the incident is over."""
        if incident.state is IncidentState.RESOLVED:
            self._known.pop(incident.incident_id, None)
        return self._known.get(incident.incident_id)

    async def settled(self) -> None:
        """Wait until nothing is being explained."""
        await self._in_hand.settled()

    async def close(self) -> None:
        """Stop: what has no words yet gets none."""
        await self._in_hand.close()

    async def _explain(self, incident_id: str, address: Address) -> None:
        """Ask, and have the cards drawn again from what they are then; whatever breaks, they stand.

        What is over by then, whether before the model was asked or after, is left as it is.
        """
        try:
            async with self._room:
                question = await self._question(incident_id, address)
                if question is None or not self._explainer.explains(question.records):
                    return
                worded = await self._explainer.ask(question)
            # Nobody asked, so there is nobody to allow a call to another server either.
            if not worded.approvals:
                await self._tell(incident_id, worded.explanation)
        except Exception:
            log.exception("incident %s could not be explained", incident_id)

    async def _tell(self, incident_id: str, explanation: Explanation) -> None:
        """Known first, then due: whoever draws a card of the new revision finds the words."""
        self._known[incident_id] = explanation
        outcome = await self._incidents.retell(incident_id)
        if outcome.verdict is ActionResult.DONE:
            self._due.set()
        else:
            self._known.pop(incident_id, None)

    async def _question(self, incident_id: str, address: Address) -> Question | None:
        """What nobody asked: about the incident as it is now, with what its room may read."""
        incident = await self._incidents.find(incident_id)
        if incident is None or incident.state is IncidentState.RESOLVED:
            return None
        run_id = incident.standing[-1].run_id
        report = await self._reports.get(incident.factory, run_id)
        return await self._about(report, address) if report else None

    async def _about(self, report: RunReport, address: Address) -> Question:
        factory = report.run.factory
        return Question(
            text=f"why did run {report.run.run_id} fail",
            speaker=Person(person_id="", name=address.bot_name, tenant=address.tenant),
            address=address,
            now=self._clock(),
            zone=await self._zone_of(address),
            factory=factory,
            factories=(factory,),
            records=(report,),
        )
