"""What the buttons of an incident do: checked against whoever pressed, at the moment of the press.

A card carries an id and nothing that is believed; what it stands for is read from the store.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.access.denial import Denials, in_one_line
from bot.access.policy import AccessPolicy, Right
from bot.alerts.incidents import ActionOutcome, ActionResult, Incident
from bot.messages import Address, CardClick, Person, PressResult
from cards.card import Card
from cards.records import Denied

UNKNOWN = "I do not know that incident any more. Ask me in words and I will answer afresh."

Act = Callable[[str, Person], Awaitable[ActionOutcome]]
Find = Callable[[str], Awaitable[Incident | None]]
DrawFor = Callable[[Incident, Address, str], Awaitable[Card]]


class IncidentOwner(Protocol):
    """Whoever changes incidents and what was told of them."""

    async def acknowledge(self, incident_id: str, person: Person) -> ActionOutcome:
        """Somebody has it."""
        ...

    async def resolve(self, incident_id: str, person: Person) -> ActionOutcome:
        """Somebody says it is over."""
        ...


class IncidentActions:
    """Acknowledges and resolves, for those who may."""

    def __init__(
        self,
        *,
        people: AccessPolicy,
        refusals: Denials,
        find: Find,
        caretaker: IncidentOwner,
        draw: DrawFor,
    ) -> None:
        """Borrow everything; `draw` makes the card of an incident with a sentence on it."""
        self._people = people
        self._refusals = refusals
        self._find = find
        self._draw = draw
        self._acts: dict[str, tuple[Act, str]] = {
            "ack": (caretaker.acknowledge, "acknowledge"),
            "resolve": (caretaker.resolve, "resolve"),
        }

    async def press(self, click: CardClick) -> PressResult | None:
        """Do what a button stands for, if the person may; None for a button that is not known."""
        found = self._acts.get(click.verb)
        if found is None:
            return None
        act, word = found
        incident = await self._find(str(click.data.get("incident", "")))
        if incident is None:
            return PressResult(words=UNKNOWN)
        asked = f"{word} {incident.incident_id}"
        denied = await self._denied(click, incident.factory, asked)
        if denied is not None:
            return PressResult(words=in_one_line(denied))
        outcome = await act(incident.incident_id, click.speaker)
        if outcome.incident is None:
            return PressResult(words=UNKNOWN)
        said = _said(outcome, outcome.incident)
        return PressResult(card=await self._draw(outcome.incident, click.address, said))

    async def _denied(self, click: CardClick, factory: str, asked: str) -> Denied | None:
        grant = await self._people.grant(click.speaker, click.address)
        if grant.may(Right.ACKNOWLEDGE, factory):
            return None
        return await self._refusals.refuse(
            click.speaker,
            click.address,
            grant,
            asked=asked,
            right=Right.ACKNOWLEDGE,
            factory=factory,
        )


def _said(outcome: ActionOutcome, incident: Incident) -> str:
    """What a press came to that changed nothing; blank where the card says it all."""
    deed = incident.acknowledged
    if outcome.verdict is ActionResult.ALREADY and deed is not None:
        return f"{deed.name} has acknowledged it already."
    return "It is over already." if outcome.verdict is ActionResult.OVER else ""
