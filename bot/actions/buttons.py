"""The presses on a proposal: approve, withdraw, and back to it from a refusal.

A card carries the id of a proposal and nothing else that counts; a refusal is seen by the person
who pressed alone, a result by everybody.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from adf.records.moments import in_plain_words
from bot.actions.approval import PressOutcome, ProposalApproval
from bot.actions.follow_up import FollowUp
from bot.messages import CardActionHandler, CardClick, PressResult, Renderer, Scope
from bot.state.rooms import RoomZones
from cards.records import Denied

# Who presses these has to be signed in, where acts go by people's own rights.
ACTING_VERBS = frozenset({"approve", "break_glass"})


class ProposalActions:
    """The buttons of a proposal."""

    def __init__(
        self,
        *,
        approval: ProposalApproval,
        follow_up: FollowUp,
        render: Renderer,
        zones: RoomZones,
        clock: Callable[[], datetime],
        on_change: Callable[[], None],
    ) -> None:
        """Borrow everything; `on_change` has the messages edited that show less than is known."""
        self._approval = approval
        self._follow_up = follow_up
        self._render = render
        self._zones = zones
        self._clock = clock
        self._on_change = on_change

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {
            "approve": self.approve,
            "break_glass": self.break_glass,
            "withdraw": self.withdraw,
            "show_proposal": self.show,
        }

    async def approve(self, click: CardClick) -> PressResult:
        """Have the proposed act done, if the person who pressed may have it done now."""
        return await self._press(click, self._approval.approve)

    async def break_glass(self, click: CardClick) -> PressResult:
        """Have it done without the second person that it needs, with a reason."""
        return await self._press(click, self._approval.approve_alone)

    async def withdraw(self, click: CardClick) -> PressResult:
        """Take the proposal back."""
        return await self._press(click, self._approval.withdraw)

    async def show(self, click: CardClick) -> PressResult:
        """The proposal as it is now, in the place of a refusal."""
        return await self._press(click, self._approval.current)

    async def _press(
        self, click: CardClick, decide: Callable[[CardClick], Awaitable[PressOutcome]]
    ) -> PressResult:
        outcome = await decide(click)
        if outcome.proposal is not None:
            self._on_change()
            self._follow_up.start(outcome.proposal)
        zone = await self._zones.of(click.address, click.zone)
        card = self._render(outcome.record, self._clock(), zone, outcome.note)
        return PressResult(card=card, words=_words(click, outcome))


def _words(click: CardClick, outcome: PressOutcome) -> str | None:
    """A refusal for a client that shows no answer to a press; never where others would read it."""
    record = outcome.record
    if not isinstance(record, Denied) or click.address.scope is not Scope.PERSONAL:
        return None
    return in_plain_words(record.happened)
