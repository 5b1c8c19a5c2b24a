"""The button that shows how the model came to its words: to operators, and only to who pressed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.access.denial import Denials, in_one_line
from bot.access.policy import AccessPolicy, Grant, Right
from bot.agents.traces import StoredTrace, Traces
from bot.messages import Address, CardClick, PressResult, Renderer

GONE = "That trace is gone: I keep them in memory for an hour. Ask again for a new one."
ASKED = "show the trace of an answer"

ZoneOf = Callable[[Address], Awaitable[ZoneInfo]]


class Presses(Protocol):
    """Whoever does what a button of a card stands for."""

    async def press(self, click: CardClick) -> PressResult | None:
        """Do it, if the person may; None for a button that is not known."""
        ...


class TraceAction:
    """Shows traces; presses of other buttons go on to `others`."""

    def __init__(
        self,
        *,
        traces: Traces,
        people: AccessPolicy,
        refusals: Denials,
        draw: Renderer,
        zone_of: ZoneOf,
        clock: Callable[[], datetime],
        others: Presses,
    ) -> None:
        """Borrow everything."""
        self._traces = traces
        self._people = people
        self._refusals = refusals
        self._draw = draw
        self._zone_of = zone_of
        self._clock = clock
        self._others = others

    async def press(self, click: CardClick) -> PressResult | None:
        """The trace for an operator of what it was about; a refusal for anybody else."""
        if click.verb != "trace":
            return await self._others.press(click)
        filed = self._traces.find(str(click.data.get("trace", "")))
        grant = await self._people.grant(click.speaker, click.address)
        missing = _not_operated(grant, filed)
        if missing is not None:
            return PressResult(words=await self._refused(click, grant, missing))
        if filed is None:
            return PressResult(words=GONE)
        zone = await self._zone_of(click.address)
        return PressResult(card=self._draw(filed.trace, self._clock(), zone, None))

    async def _refused(self, click: CardClick, grant: Grant, factory: str) -> str:
        denied = await self._refusals.refuse(
            click.speaker,
            click.address,
            grant,
            asked=ASKED,
            right=Right.TRACE,
            factory=factory or None,
        )
        return in_one_line(denied)


def _not_operated(grant: Grant, filed: StoredTrace | None) -> str | None:
    """A factory of the trace that this person does not operate; None when there is none.

    Whether a trace is there at all is nothing for others to know.
    """
    wanted = filed.factories if filed else (grant.meant,)
    return next((one for one in wanted if not grant.may(Right.TRACE, one)), None)
