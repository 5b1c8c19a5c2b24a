"""What the buttons of an incident do, checked against the person at the moment of the press.

A card carries an id and nothing that is trusted; what it stands for is read from the store.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.access.denial import Denials, in_one_line
from bot.access.policy import AccessPolicy, Right
from bot.alerts.incidents import ActionOutcome, ActionResult, Incident
from bot.messages import Address, CardActionHandler, CardClick, Person, PressResult
from cards.card import Card
from cards.records import Denied

UNKNOWN = "I don't know that incident anymore. Ask me in words instead."

Change = Callable[[str, Person], Awaitable[ActionOutcome]]
Find = Callable[[str], Awaitable[Incident | None]]
RenderFor = Callable[[Incident, Address, str], Awaitable[Card]]


class IncidentActions:
    """The buttons that acknowledge and resolve an incident, for those who may."""

    def __init__(
        self,
        *,
        policy: AccessPolicy,
        denials: Denials,
        find: Find,
        acknowledge: Change,
        resolve: Change,
        render: RenderFor,
    ) -> None:
        """Borrow everything; `render` makes the card of an incident with a sentence on it."""
        self._policy = policy
        self._denials = denials
        self._find = find
        self._acknowledge = acknowledge
        self._resolve = resolve
        self._render = render

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {"ack": self.acknowledge, "resolve": self.resolve}

    async def acknowledge(self, click: CardClick) -> PressResult:
        """The person who pressed takes the incident."""
        return await self._change(click, self._acknowledge, "acknowledge")

    async def resolve(self, click: CardClick) -> PressResult:
        """The person who pressed says that it is over."""
        return await self._change(click, self._resolve, "resolve")

    async def _change(self, click: CardClick, change: Change, verb: str) -> PressResult:
        incident = await self._find(str(click.data.get("incident", "")))
        if incident is None:
            return PressResult(words=UNKNOWN)
        asked = f"{verb} {incident.incident_id}"
        denied = await self._denied(click, incident.factory, asked)
        if denied is not None:
            return PressResult(words=in_one_line(denied))
        outcome = await change(incident.incident_id, click.speaker)
        if outcome.incident is None:
            return PressResult(words=UNKNOWN)
        text = _text_for(outcome, outcome.incident)
        return PressResult(card=await self._render(outcome.incident, click.address, text))

    async def _denied(self, click: CardClick, factory: str, asked: str) -> Denied | None:
        grant = await self._policy.grant(click.speaker, click.address)
        if grant.may(Right.ACKNOWLEDGE, factory):
            return None
        return await self._denials.refuse(
            click.speaker,
            click.address,
            grant,
            asked=asked,
            right=Right.ACKNOWLEDGE,
            factory=factory,
        )


def _text_for(outcome: ActionOutcome, incident: Incident) -> str:
    """Why a press changed nothing; blank where the card says it all."""
    event = incident.acknowledged
    if outcome.verdict is ActionResult.ALREADY and event is not None:
        return f"{event.name} has acknowledged it already."
    return "It's already closed." if outcome.verdict is ActionResult.OVER else ""
