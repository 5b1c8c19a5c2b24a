"""Makes the tool calls of one turn: each once, several at a time, within limits, never raising."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from adf.errors import AdfError, BadArguments, Unavailable
from adf.tool import Toolbox
from bot.agent.interface import Question
from bot.agent.loop.checking import Checking, Inventory
from bot.agent.loop.compact import error_as_json, record_as_json
from bot.agent.loop.declared import CANARY, READ_TOOLS
from bot.agent.loop.limits import Limits
from bot.agent.loop.steps import AskedCall, Item, result_of
from bot.agent.loop.told import Traced
from bot.agent.untrusted import between_marks

log = logging.getLogger("adfops.agent")

Seconds = Callable[[], float]
_OVER = '{"error":"no more lookups in this turn","said":"answer with what you have"}'
_BROKEN = '{"error":"internal","said":"the tool broke"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A call that was made: what the model is told of it, its record or its error."""

    name: str
    arguments: Mapping[str, object]
    told: str
    record: object | None = None
    error: AdfError | None = None

    @property
    def in_words(self) -> str:
        """The call in one line, for the log of the talk."""
        return f"{self.name} {json.dumps(self.arguments, ensure_ascii=False, default=str)}"


class Calls:
    """The calls of one turn; equal ones are answered from the first."""

    def __init__(
        self,
        *,
        question: Question,
        tools: Toolbox,
        inventory: Inventory,
        limits: Limits,
        nonce: str,
        error_text: bool = True,
        seconds: Seconds = time.monotonic,
    ) -> None:
        """Borrow the tools of the question; `nonce` is the number of the turn's marks."""
        self._question = question
        self._tools = tools
        self._checking = Checking(question, inventory)
        self._limits = limits
        self._nonce = nonce
        self._error_text = error_text
        self._seconds = seconds
        self._room = asyncio.Semaphore(limits.at_once)
        self._made: dict[str, Made] = {}
        self._asked = 0
        self.trace: list[Traced] = []

    @property
    def made(self) -> tuple[Made, ...]:
        """Every different call, in the order they were asked for."""
        return tuple(self._made.values())

    @staticmethod
    def is_hostile(asked: Sequence[AskedCall]) -> bool:
        """Whether the tool that nobody needs is among them."""
        return any(one.name == CANARY for one in asked)

    async def answer(self, asked: Sequence[AskedCall]) -> list[Item]:
        """One result for each call; one that fails does not hold up the others."""
        granted = asked[: max(0, self._limits.calls - self._asked)]
        self._asked += len(asked)
        fresh = {_key(one): one for one in granted if _key(one) not in self._made}
        made = await asyncio.gather(*(self._make(one) for one in fresh.values()))
        self._made |= dict(zip(fresh, made, strict=True))
        return [result_of(one.call_id, self._told(one)) for one in asked]

    def _told(self, one: AskedCall) -> str:
        made = self._made.get(_key(one))
        return made.told if made else _OVER

    async def _make(self, call: AskedCall) -> Made:
        begun = self._seconds()
        made = await self._guarded(call)
        ended = "ok" if made.error is None and made.told != _BROKEN else "failed"
        ended = type(made.error).__name__ if made.error else ended
        self.trace.append(Traced(what=call.name, seconds=self._seconds() - begun, ended=ended))
        return made

    async def _guarded(self, call: AskedCall) -> Made:
        """The call within its time; whatever goes wrong is told to the model as JSON."""
        arguments: Mapping[str, object] = {}
        try:
            async with self._room, asyncio.timeout(self._limits.tool_seconds):
                arguments = await self._checked(call)
                record = await self._tools.call(call.name, **arguments)
            told = record_as_json(record, self._question.zone, error_text=self._error_text)
        except AdfError as error:
            return self._failed(call, arguments, error)
        except OverflowError:
            error = BadArguments("a number is beyond reason", asked=call.name)
            return self._failed(call, arguments, error)
        except TimeoutError:
            said = f"no answer within {self._limits.tool_seconds:g} s"
            return self._failed(call, arguments, Unavailable(said, asked=call.name))
        except Exception:
            log.exception(
                "tool %s broke in %s", call.name[:64], self._question.address.conversation
            )
            return Made(name=call.name, arguments=arguments, told=_BROKEN)
        told = between_marks(told, self._nonce)
        return Made(name=call.name, arguments=arguments, told=told, record=record)

    async def _checked(self, call: AskedCall) -> Mapping[str, object]:
        if call.name not in READ_TOOLS:
            choices = tuple(one.name for one in self._tools.tools if one.name in READ_TOOLS)
            raise BadArguments("there is no such tool", asked=call.name[:64], choices=choices)
        return await self._checking.arguments(call.name, call.arguments)

    def _failed(self, call: AskedCall, arguments: Mapping[str, object], error: AdfError) -> Made:
        told = between_marks(error_as_json(error), self._nonce)
        return Made(name=call.name, arguments=arguments, told=told, error=error)


def _key(call: AskedCall) -> str:
    """Equal for equal calls, however their JSON is spaced or ordered."""
    try:
        read: object = json.loads(call.arguments or "{}")
        return f"{call.name} {json.dumps(read, sort_keys=True)}"
    except (ValueError, RecursionError):
        return f"{call.name} {call.arguments}"
