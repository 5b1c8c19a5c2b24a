"""Checks what a model wants to look up against what there is, before anything is asked of Azure."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NoReturn, cast

from rapidfuzz import fuzz, process, utils

from adf.errors import AdfError, BadArguments
from adf.records import Pipeline
from bot.agent.interface import Question

log = logging.getLogger("adfops.agent")

Inventory = Callable[[Question], Awaitable[Sequence[Pipeline]]]
"""The pipelines of every factory that may be asked about in a question."""

LONGEST = 4096
NEAREST = 5
_FACTORY, _PIPELINE = "factory", "pipeline"


class Checking:
    """Reads the arguments of one turn's calls; the inventory is asked for at most once."""

    def __init__(self, question: Question, inventory: Inventory) -> None:
        """Ask nothing yet."""
        self._question = question
        self._inventory = inventory
        self._pipelines: Sequence[Pipeline] | None = None

    async def arguments(self, name: str, written: str) -> dict[str, object]:
        """The arguments with real names in them; BadArguments tells what would be right."""
        read = read_arguments(name, written)
        if _FACTORY in read:
            read[_FACTORY] = self._factory(name, str(read[_FACTORY]))
        if _PIPELINE in read:
            alias = str(read.get(_FACTORY, self._question.factory))
            read[_PIPELINE] = await self._pipeline(name, str(read[_PIPELINE]), alias)
        return read

    def _factory(self, name: str, alias: str) -> str:
        known = {one.lower(): one for one in self._question.factories}
        if alias.lower() not in known:
            said = f"no factory {alias} can be asked about here"
            raise BadArguments(said, asked=name, choices=tuple(known.values()))
        return known[alias.lower()]

    async def _pipeline(self, name: str, wanted: str, alias: str) -> str:
        listed = [one.name for one in await self._listed() if alias in {"", one.factory}]
        if not listed:
            return wanted
        same = next((one for one in listed if one.lower() == wanted.lower()), None)
        if same is None:
            said = f"there is no pipeline {wanted}"
            raise BadArguments(said, asked=name, choices=_nearest(wanted, listed))
        return same

    async def _listed(self) -> Sequence[Pipeline]:
        """The inventory; nothing when it cannot be read, for then the tool will say why."""
        if self._pipelines is None:
            try:
                self._pipelines = await self._inventory(self._question)
            except AdfError as error:
                log.info("names are not checked, the pipelines cannot be read: %s", error)
                self._pipelines = ()
        return self._pipelines


def read_arguments(name: str, written: str) -> dict[str, object]:
    """The JSON object; an argument that says nothing counts as left out."""
    if len(written) > LONGEST:
        raise BadArguments("the arguments are too long", asked=name)
    try:
        read: object = json.loads(written or "{}", parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadArguments("the arguments are not a JSON object", asked=name) from None
    if not isinstance(read, Mapping):
        raise BadArguments("the arguments are not a JSON object", asked=name)
    given = cast("Mapping[str, Any]", read)
    return {key: value for key, value in given.items() if value not in (None, "", [])}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _nearest(wanted: str, listed: Sequence[str]) -> tuple[str, ...]:
    found = process.extract(
        wanted, listed, scorer=fuzz.WRatio, processor=utils.default_process, limit=NEAREST
    )
    return tuple(one[0] for one in found)
