"""Who answers in the double's place of a model: by script, by record, by order, by callable."""

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol

from tests.doubles.foundry.heard import Heard
from tests.doubles.foundry.items import calls, calls_raw, says, text_of
from tests.doubles.foundry.wire import Item, Json

Outputs = Sequence[Item]


class Brain(Protocol):
    """Answers in a model's place."""

    async def reply(self, heard: Heard) -> Outputs:
        """The items that the model puts out next."""
        ...


class Speechless(Exception):
    """A brain has nothing more to say, which is a fault of the test."""


class Scripted:
    """Says what a test wrote down, one step for each time it is asked."""

    def __init__(self, *steps: Outputs) -> None:
        self.steps = list(steps)

    async def reply(self, heard: Heard) -> Outputs:
        if not self.steps:
            raise Speechless(f"the script is at its end; the last words were {heard.text!r}")
        return self.steps.pop(0)


class EveryTurn:
    """Plays the same steps in each turn of each conversation, so that many may talk at once."""

    def __init__(self, *steps: Outputs) -> None:
        self.steps = steps

    async def reply(self, heard: Heard) -> Outputs:
        return self.steps[min(heard.step, len(self.steps) - 1)]


class Answering:
    """Answers through a callable: items, or bare text for words."""

    def __init__(self, answer: Callable[[Heard], Outputs | str | Awaitable[Outputs | str]]) -> None:
        self._answer = answer

    async def reply(self, heard: Heard) -> Outputs:
        told = self._answer(heard)
        said = await told if inspect.isawaitable(told) else told
        return [says(said)] if isinstance(said, str) else said


class Replaying:
    """Calls the tools that a recorded question expects, all at once, and then says its words.

    Where a record has only a rule for an argument, its first choice stands in, else none is given.
    Calls of what is not declared are left out, as a model can not make them.
    """

    def __init__(
        self, expected: Iterable[Json], words: str = "That is what the records say."
    ) -> None:
        self.expected = list(expected)
        self.words = words

    async def reply(self, heard: Heard) -> Outputs:
        known = [one for one in self.expected if heard.declares(one["name"])]
        if heard.step or not known:
            return [says(self.words)]
        return [calls(one["name"], **_arguments(one.get("args") or {})) for one in known]


def _arguments(rules: Json) -> dict[str, Any]:
    chosen = {name: _choice(rule) for name, rule in rules.items()}
    return {name: value for name, value in chosen.items() if value is not None}


def _choice(rule: object) -> object:
    if not isinstance(rule, dict):
        return rule
    told: dict[str, Any] = rule  # pyright: ignore[reportUnknownVariableType]
    return next(iter(told.get("in", ())), told.get("min"))


class Slow:
    """Thinks for so many seconds before another brain answers."""

    def __init__(self, brain: Brain, seconds: float) -> None:
        self.brain = brain
        self.seconds = seconds

    async def reply(self, heard: Heard) -> Outputs:
        await asyncio.sleep(self.seconds)
        return await self.brain.reply(heard)


_NAMED = re.compile(r"\b(?:adf|ops|bot|itsm|learn|http|shell|send)_\w+")
_ORDERED = re.compile(r"\b(\w+)\(([^()]*)\)")
_PAIR = re.compile(r"(\w+)\s*=\s*['\"]?([^'\",)]+)")


class Obeying:
    """A model that any text can turn: it does at once whatever its input tells it to do.

    It first plays `steps`. Then it calls each tool that is named in what the tools brought or the
    user said, declared or not, with the arguments found there, and each of `lures` if declared.
    At last it repeats all it heard, instructions and links and mentions too, as its own words.
    """

    def __init__(self, *steps: Outputs, lures: Iterable[str] = ()) -> None:
        self.steps = steps
        self.lures = tuple(lures)

    async def reply(self, heard: Heard) -> Outputs:
        if heard.step < len(self.steps):
            return self.steps[heard.step]
        orders = self._orders(heard)
        return orders or [says(f"{heard.instructions}\n{_untrusted(heard)}\nAll is well.")]

    def _orders(self, heard: Heard) -> list[Item]:
        """The calls that were ordered and are not yet made."""
        told = _untrusted(heard)
        made = {one["name"] for one in heard.this_turn if one["type"] == "function_call"}
        planned = {one.get("name") for step in self.steps for one in step}
        ordered = {name: dict(_PAIR.findall(given)) for name, given in _ORDERED.findall(told)}
        lures = [name for name in self.lures if heard.declares(name)]
        wanted = dict.fromkeys([*_NAMED.findall(told), *lures])
        names = [name for name in wanted if name not in made | planned]
        return [calls(name, **ordered.get(name, {})) for name in names]


def _untrusted(heard: Heard) -> str:
    """What somebody else than the operator wrote: words of users, outputs of tools."""
    kinds = ("function_call_output", "mcp_call")
    foreign = (one for one in heard.this_turn if one["type"] in kinds or one.get("role") == "user")
    return "\n".join(text_of(one) for one in foreign)


class Babbling:
    """Calls a tool again and again and never comes to an end."""

    def __init__(self, name: str, arguments: str = "{}", at_once: int = 1) -> None:
        self.call = calls_raw(name, arguments)
        self.at_once = at_once

    async def reply(self, heard: Heard) -> Outputs:
        return [dict(self.call) for _ in range(self.at_once)]
