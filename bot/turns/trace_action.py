"""The button that shows how the model came to its words: to operators, and to nobody else."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.access.denial import Denials, in_one_line
from bot.access.policy import AccessPolicy, Grant, Right
from bot.agents.traces import StoredTrace, Traces
from bot.messages import CardActionHandler, CardClick, PressResult, Renderer
from bot.state.rooms import RoomZones

GONE = "That trace is gone: I keep them in memory for an hour. Ask again for a new one."
ASKED = "show the trace of an answer"


class TraceAction:
    """Shows traces to the operators of what they are about."""

    def __init__(
        self,
        *,
        traces: Traces,
        policy: AccessPolicy,
        denials: Denials,
        render: Renderer,
        zones: RoomZones,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._traces = traces
        self._policy = policy
        self._denials = denials
        self._render = render
        self._zones = zones
        self._clock = clock

    @property
    def handlers(self) -> Mapping[str, CardActionHandler]:
        """What each of its buttons does, by the verb on the card."""
        return {"trace": self.show}

    async def show(self, click: CardClick) -> PressResult:
        """The trace for an operator of what it was about; a refusal for anybody else."""
        stored = await self._traces.find_anywhere(str(click.data.get("trace", "")))
        grant = await self._policy.grant(click.speaker, click.address)
        missing = _not_operated(grant, stored)
        if missing is not None:
            return PressResult(words=await self._refusal(click, grant, missing))
        if stored is None:
            return PressResult(words=GONE)
        zone = await self._zones.of(click.address)
        return PressResult(card=self._render(stored.trace, self._clock(), zone, None))

    async def _refusal(self, click: CardClick, grant: Grant, factory: str) -> str:
        denied = await self._denials.refuse(
            click.speaker,
            click.address,
            grant,
            asked=ASKED,
            right=Right.TRACE,
            factory=factory or None,
        )
        return in_one_line(denied)


def _not_operated(grant: Grant, stored: StoredTrace | None) -> str | None:
    """A factory of the trace that this person does not operate; None when there is none.

    Whether a trace exists at all is nothing for others to know.
    """
    factories = stored.factories if stored else (grant.meant,)
    return next((one for one in factories if not grant.may(Right.TRACE, one)), None)
