"""The buttons that allow or refuse calls to remote tools.

A card carries an id and nothing that is trusted. Only the asker decides, once, within ten minutes;
an asker who writes on instead has denied it. A press decides on what the card shows whole and on
nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.agents.approvals import PendingApprovals
from bot.messages import CardActionHandler, CardClick, Person, PressResult, Renderer
from bot.state.rooms import RoomZones
from bot.turns.inbox import Inbox
from cards.records import CallState

GONE = "That is no longer waiting for an answer. Ask me again to get a new request."
NOT_YOURS = "Only {} can decide that: it was asked in their name."


class ApprovalActions:
    """The buttons that allow or refuse a call, for the asker alone."""

    def __init__(
        self,
        *,
        approvals: PendingApprovals,
        inbox: Inbox,
        render: Renderer,
        zones: RoomZones,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._approvals = approvals
        self._inbox = inbox
        self._render = render
        self._zones = zones
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {"allow_call": self.allow, "refuse_call": self.refuse}

    async def allow(self, click: CardClick) -> PressResult:
        """Have the calls made that the card shows."""
        return await self._decide(click, CallState.ALLOWED)

    async def refuse(self, click: CardClick) -> PressResult:
        """Have the answer go on without them."""
        return await self._decide(click, CallState.REFUSED)

    async def _decide(self, click: CardClick, state: CallState) -> PressResult:
        """Decide, if it was asked in the name of the person who presses; the answer comes later."""
        key = str(click.data.get("approval", ""))
        waiting = await self._approvals.waiting(key)
        if waiting is None:
            return PressResult(words=GONE)
        record, asker = waiting
        if not _is_same(click.speaker, asker):
            return PressResult(words=NOT_YOURS.format(record.asked_by))
        later = await self._approvals.decide(key, state, self._inbox)
        if later is None:
            return PressResult(words=GONE)
        now, zone = self._clock(), await self._zones.of(click.address)
        decided = replace(record, state=state, decided_at=now)
        return PressResult(card=self._render(decided, now, zone, None), later=later)


def _is_same(one: Person, other: Person) -> bool:
    return (one.tenant, one.person_id) == (other.tenant, other.person_id)
