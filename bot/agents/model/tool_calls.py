"""Makes the tool calls of one turn: checked first, each once, several at a time, within limits."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from adf.errors import AdfError, BadArguments, Unavailable
from adf.records import Pipeline
from adf.redaction import redact_start
from adf.tool import Toolbox
from bot.agents.interface import Question
from bot.agents.model.arguments import ArgumentChecker, Inventory, read_arguments
from bot.agents.model.borne_out import is_led_to
from bot.agents.model.facts import error_as_json, record_as_json
from bot.agents.model.options import TurnLimits
from bot.agents.model.remote_tools import RemoteCalls
from bot.agents.model.tool_schemas import CANARY, readable
from bot.agents.model.types import Item, RequestedCall, Traced, result_of
from bot.agents.model.verification import Verifier, numbered
from bot.agents.untrusted import between_marks, plain

log = logging.getLogger("adfops.agent")

LONGEST_TRACED = 80
Seconds = Callable[[], float]
_OVER = '{"error":"no more lookups in this turn","said":"answer with what you have"}'
_BROKEN = '{"error":"internal","said":"the tool broke"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedCall:
    """A call that was made: its result as text for the model, its record or its error.

    `is_led_to` tells whether the question, or what was found before, led to what it names.
    """

    name: str
    result: str
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    record: object | None = None
    error: AdfError | None = None
    is_found: bool = False
    is_led_to: bool = True

    @property
    def in_words(self) -> str:
        """The call in one line, for the log of the conversation."""
        return f"{self.name} {json.dumps(self.arguments, ensure_ascii=False, default=str)}"


class ToolCalls:
    """The calls of one turn; equal ones are answered from the first."""

    def __init__(
        self,
        *,
        question: Question,
        tools: Toolbox,
        inventory: Inventory,
        limits: TurnLimits,
        nonce: str,
        remote: RemoteCalls,
        verifier: Verifier,
        error_text: bool = True,
        seconds: Seconds | None = None,
    ) -> None:
        """Borrow the tools of the question; `nonce` is the number of the turn's marks.

        The `verifier` takes each record and gives it its number. The clock is that of the
        timeouts, if not given.
        """
        self._question = question
        self._tools = tools
        self._checking = ArgumentChecker(question, inventory, verifier.ids_like)
        self._limits = limits
        self._nonce = nonce
        self._error_text = error_text
        self._seconds = seconds or asyncio.get_running_loop().time
        self.remote = remote
        self._verifier = verifier
        self._room = asyncio.Semaphore(limits.at_once)
        self._made: dict[str, CompletedCall] = {}
        self._asked = 0
        self.trace: list[Traced] = []

    @property
    def made(self) -> tuple[CompletedCall, ...]:
        """Every different call, in the order they were asked for."""
        return tuple(self._made.values())

    @property
    def names(self) -> frozenset[str]:
        """The names of all tools that may be called."""
        return frozenset(one.name for one in readable(self._tools.tools)) | {CANARY}

    @staticmethod
    def is_hostile(asked: Sequence[RequestedCall]) -> bool:
        """Whether the tool that nobody needs is among them."""
        return any(one.name == CANARY for one in asked)

    async def answer(self, asked: Sequence[RequestedCall]) -> list[Item]:
        """One result for each call; one that fails does not hold up the others."""
        granted = asked[: max(0, self._limits.calls - self._asked)]
        self._asked += len(asked)
        fresh = {call_key(one): one for one in granted if call_key(one) not in self._made}
        made = await asyncio.gather(*(self._make(one) for one in fresh.values()))
        self._made |= dict(zip(fresh, made, strict=True))
        return [_item_of(one, self._result_of(one)) for one in asked]

    def _result_of(self, one: RequestedCall) -> str:
        made = self._made.get(call_key(one))
        return made.result if made else _OVER

    async def _make(self, call: RequestedCall) -> CompletedCall:
        begun = self._seconds()
        made = await self._guarded(call)
        broken = "broken" if made.result == _BROKEN else "ok"
        ended = type(made.error).__name__ if made.error else broken
        self.trace.append(
            Traced(
                what=made.name,
                seconds=self._seconds() - begun,
                ended=ended,
                begun=begun,
                arguments=tuple((name, _brief(one)) for name, one in made.arguments.items()),
            )
        )
        return made

    async def _guarded(self, call: RequestedCall) -> CompletedCall:
        """The call within its time; an error becomes JSON for the model."""
        name, limit = call.name[:64], self._limits.tool_seconds
        try:
            async with self._room, asyncio.timeout(limit):
                return await self._call(call)
        except AdfError as error:
            return self._failed(name, error)
        except OverflowError:
            return self._failed(name, BadArguments("a number is beyond reason", asked=name))
        except TimeoutError:
            return self._failed(name, Unavailable(f"no answer within {limit:g} s", asked=name))
        except Exception:
            log.exception("tool %s broke in %s", name, self._question.address.conversation)
            return CompletedCall(name=name, result=_BROKEN)

    async def _call(self, call: RequestedCall) -> CompletedCall:
        if self.remote.knows(call.name):
            given = read_arguments(call.name, call.arguments)
            answer = await self.remote.call(call.name, given)
            return CompletedCall(
                name=call.name,
                arguments=given,
                result=self._numbered(answer),
                is_found='"said"' in answer and '"waits"' not in answer,
            )
        choices = tuple(one.name for one in readable(self._tools.tools))
        if call.name not in choices:
            raise BadArguments("there is no such tool", asked=call.name[:64], choices=choices)
        found = self._tools.find(call.name)
        if found is None:
            raise BadArguments("there is no such tool", asked=call.name[:64], choices=choices)
        arguments = await self._checking.arguments(found, call.arguments)
        if found.proposes:
            await self._checking.check_proposal(call.name, arguments)
        before = [one.result for one in self.made if one.record is not None]
        record = await self._tools.call(call.name, **arguments)
        facts = record_as_json(record, self._question.zone, error_text=self._error_text)
        return CompletedCall(
            name=call.name,
            arguments=arguments,
            result=self._numbered(facts),
            record=record,
            is_found=True,
            is_led_to=await self._is_led_to(arguments, before),
        )

    async def _is_led_to(self, arguments: Mapping[str, object], before: Sequence[str]) -> bool:
        """Whether what a call names was said, talked about, or found by an earlier call."""
        names = [one.name for one in await self.listed()]
        talked = json.dumps(self._question.memory, ensure_ascii=False, default=str)
        return is_led_to(self._question, names, arguments, (talked, *before))

    def _numbered(self, facts: str) -> str:
        """A record as data, under the number that a sentence cites."""
        return between_marks(numbered(facts, self._verifier.add(facts)), self._nonce)

    async def listed(self) -> Sequence[Pipeline]:
        """The pipelines that exist; nothing when they cannot be read."""
        return await self._checking.listed()

    def _failed(self, name: str, error: AdfError) -> CompletedCall:
        facts = error_as_json(error, error_text=self._error_text)
        return CompletedCall(name=name, result=self._numbered(facts), error=error)


def _item_of(call: RequestedCall, result: str) -> Item:
    """The item that answers a call; one that stood in the text is answered by a message."""
    if call.call_id:
        return result_of(call.call_id, result)
    text = f"What {plain(call.name, 64)} found, as data:\n{result}"
    content = [{"type": "input_text", "text": text}]
    return {"type": "message", "role": "user", "content": content}


def _brief(value: object) -> str:
    return plain(redact_start(value, LONGEST_TRACED), LONGEST_TRACED)


def call_key(call: RequestedCall) -> str:
    """Equal for calls that would be made alike, however their JSON is spaced, ordered or padded."""
    try:
        read = read_arguments(call.name, call.arguments)
        return f"{call.name} {json.dumps(read, sort_keys=True)}"
    except BadArguments:
        return f"{call.name} {call.arguments}"
