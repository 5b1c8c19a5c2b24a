"""One turn of a model: step by step until its words, every call answered, within the limits."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.agents.interface import NOTHING, Spent
from bot.agents.model.errors import FailureKind, ModelFailure
from bot.agents.model.history import SavedConversation
from bot.agents.model.options import TurnLimits
from bot.agents.model.output import OutputText
from bot.agents.model.retry import Pause, wait_after, with_retries
from bot.agents.model.spoken import read_spoken
from bot.agents.model.tool_calls import Seconds, ToolCalls, call_key
from bot.agents.model.types import (
    NOWHERE,
    ConversationPlace,
    Item,
    ModelStep,
    Planner,
    RequestedApproval,
    RequestedCall,
    ToolChoice,
    Traced,
    abandoned_result,
)
from cards.records import PageSource

T = TypeVar("T")
OnCalls = Callable[[Sequence[RequestedCall]], None]
OnSpent = Callable[[Spent], None]
_INCOMPLETE = {"content_filter": FailureKind.CONTENT_FILTER}


class ToolLoop:
    """What has come of a turn so far, also when it is cut off: read it in any case.

    `place` is where the conversation is; `pending` are the items that answer what was left open,
    and `waiting` the ids of approvals. `long` is how many tokens the last input had.
    """

    def __init__(
        self,
        *,
        planner: Planner,
        calls: ToolCalls,
        limits: TurnLimits,
        output: OutputText,
        on_calls: OnCalls,
        on_spent: OnSpent,
        first: ToolChoice = ToolChoice.AUTO,
        pause: Pause = asyncio.sleep,
        seconds: Seconds | None = None,
    ) -> None:
        """Borrow everything; nothing is sent yet. Without a clock, that of the timeouts.

        `first` is the choice of tools of the first step.
        """
        self._planner = planner
        self._calls = calls
        self._limits = limits
        self._output = output
        self._on_calls = on_calls
        self._on_spent = on_spent
        self._first = first
        self._pause = pause
        self._seconds = seconds or asyncio.get_running_loop().time
        self._end = self._seconds() + limits.seconds
        self.place: ConversationPlace = NOWHERE
        self.pending: tuple[Item, ...] = ()
        self.waiting: tuple[str, ...] = ()
        self.approvals: tuple[RequestedApproval, ...] = ()
        self.sources: tuple[PageSource, ...] = ()
        self.words = ""
        self.steps = 0
        self.spent = NOTHING
        self.long = 0
        self.trace: list[Traced] = []
        self._pages: list[str] = []

    @property
    def pages(self) -> tuple[str, ...]:
        """What other servers answered the service; empty texts for pages that are only cited."""
        return (*self._pages, *("" for _ in self.sources))

    async def run(self, saved: SavedConversation, items: Sequence[Item]) -> FailureKind | None:
        """Take steps until there is nothing left to look up; raises ModelFailure.

        Returns why the words are not whole, if they are not.
        """
        self.place, self.pending, self.waiting = saved.place, saved.pending, saved.waiting
        self.place = await self._within(self._planner.begin(saved.place))
        choice, is_last, before = self._first, False, set[str]()
        for left in reversed(range(self._limits.steps)):
            stepped = await self._step(items, choice)
            if ToolCalls.is_hostile(stepped.calls):
                raise ModelFailure(FailureKind.HOSTILE, "the tool that nobody needs was called")
            if not stepped.calls and not stepped.approvals:
                return _lack(stepped)
            self.pending = _abandoned(stepped.calls)
            self.waiting = tuple(one.approval_id for one in stepped.approvals)
            keys = {call_key(one) for one in stepped.calls}
            is_again = keys <= before or self._first is ToolChoice.NONE
            if (is_last and is_again) or self.spent.tokens > self._limits.tokens:
                return FailureKind.BUDGET
            is_ours = not any(self._calls.remote.knows(one.name) for one in stepped.calls)
            if self._first is ToolChoice.NONE and is_ours and not stepped.approvals:
                # Only words were asked for: not every service can be told so.
                items, is_last = _abandoned(stepped.calls), True
                before |= keys
                continue
            items = await self._look_up(stepped.calls)
            if stepped.approvals:
                return self._wait_for(stepped.approvals, items)
            # Who asks the same again would ask it for ever: what was found is worded now.
            is_last = left == 1 or keys <= before
            before |= keys
            choice = ToolChoice.NONE if is_last else ToolChoice.AUTO
        return FailureKind.BUDGET

    async def rest(self, failure: ModelFailure) -> None:
        """Wait as long as a failed step wants, before the question is asked elsewhere."""
        await self._pause(min(wait_after(failure) or 0.0, max(0.0, self._end - self._seconds())))

    def _wait_for(self, approvals: Sequence[RequestedApproval], answers: Sequence[Item]) -> None:
        """Stop until a person has decided; the results of the other calls are sent then."""
        self.approvals, self.pending = tuple(approvals), tuple(answers)

    async def _step(self, items: Sequence[Item], choice: ToolChoice) -> ModelStep:
        """One step, tried again where that is safe; what was pending is answered by it."""
        begun = self._seconds()
        try:
            writes = any(one.get("approve") for one in items)
            asking = with_retries(lambda: self._ask(items, choice), self._pause, writes=writes)
            stepped = await self._within(asking)
        except ModelFailure as failure:
            self._failed(failure, begun)
            raise
        self._output.finish()
        self.steps += 1
        self.place, self.pending, self.waiting = stepped.place, (), ()
        stepped = self._with_written_calls(stepped, choice)
        self.words = stepped.words.strip()
        self.sources = tuple(dict.fromkeys((*self.sources, *stepped.sources)))
        self._pages += [one.output for one in stepped.remote if not one.failed]
        self._count(stepped)
        self._trace("step", begun, stepped.status, stepped.response_id)
        for one in stepped.remote:
            self._trace(f"{one.server}: {one.name}", begun, "failed" if one.failed else "ok")
        return stepped

    def _with_written_calls(self, stepped: ModelStep, choice: ToolChoice) -> ModelStep:
        """The step with the calls that stood in its text, where none came as calls."""
        spoken = read_spoken(stepped.words, self._calls.names)
        calls = stepped.calls
        if not calls and not stepped.approvals and choice is not ToolChoice.NONE:
            calls = spoken.calls
        return replace(stepped, words=spoken.words, calls=calls)

    def _count(self, stepped: ModelStep) -> None:
        calls = len(stepped.calls) + len(stepped.remote)
        spent = replace(stepped.spent, steps=1, calls=calls)
        self.spent += spent
        self.long = stepped.spent.input or self.long
        self._on_spent(spent)

    def _failed(self, failure: ModelFailure, begun: float) -> None:
        """A call that may wait for its result there: the conversation must be restarted."""
        self._output.drop()
        if failure.called:
            self.place, self.pending, self.waiting = NOWHERE, (), ()
        self._trace("step", begun, failure.kind)

    async def _ask(self, items: Sequence[Item], choice: ToolChoice) -> ModelStep:
        return await self._planner.step(self.place, items, self._output.take, choice)

    async def _look_up(self, asked: Sequence[RequestedCall]) -> list[Item]:
        if not asked:
            return []
        self._on_calls(asked)
        return await self._within(self._calls.answer(asked))

    async def _within(self, work: Awaitable[T]) -> T:
        """Whatever is awaited, until the time of the turn is over."""
        try:
            async with asyncio.timeout(self._end - self._seconds()):
                return await work
        except TimeoutError:
            said = f"not done within {self._limits.seconds:g} s"
            raise ModelFailure(FailureKind.TIMEOUT, said) from None

    def _trace(self, what: str, begun: float, ended: str, response: str = "") -> None:
        took = self._seconds() - begun
        self.trace.append(
            Traced(what=what, seconds=took, ended=ended, response=response, begun=begun)
        )


def _abandoned(calls: Sequence[RequestedCall]) -> tuple[Item, ...]:
    """What closes the open calls; one that stood in the text is not open at the service."""
    return tuple(abandoned_result(one) for one in calls if one.call_id)


def _lack(stepped: ModelStep) -> FailureKind | None:
    """Why the words of the last step are not whole."""
    if stepped.status == "incomplete":
        return _INCOMPLETE.get(stepped.reason, FailureKind.CUT)
    if stepped.refusal:
        return FailureKind.REFUSED
    return None if stepped.words.strip() else FailureKind.EMPTY
