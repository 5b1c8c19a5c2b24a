"""Reads the arguments of a call as they were meant: loose in form, strict in what they name.

A word for a list, a number as text, another spelling of a key or a name, a part of a run id that
stands in the records of the turn: each is read where it can mean one thing only.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn, cast

from rapidfuzz import fuzz, process, utils

from adf.errors import AdfError, BadArguments
from adf.records import Pipeline
from adf.tool import Tool
from bot.agents.interface import Question
from bot.agents.model.proposals import refused_proposal

log = logging.getLogger("adfops.agent")

Inventory = Callable[[Question], Awaitable[Sequence[Pipeline]]]
"""The pipelines of every factory that may be asked about in a question."""
IdsLike = Callable[[str], Sequence[str]]
"""The full ids in what was shown in this turn that begin with some characters."""

LONGEST = 4096
NEAREST = 5
# A shorter part of a name says too little.
LEAST_LETTERS = 3
_FACTORY, _PIPELINE, _RUN = "factory", "pipeline", "run_id"
_PART_OF_ID = re.compile(r"[0-9a-f]{6,35}", re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# As the facts of a turn write a time: behind it stands the zone of the person.
_LOCAL = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?: (?:[A-Z]{2,5}|[+-]\d{2}))?"
)


class ArgumentChecker:
    """Reads the arguments of one turn's calls; the inventory is asked for at most once."""

    def __init__(self, question: Question, inventory: Inventory, ids_like: IdsLike) -> None:
        """Ask nothing yet; `ids_like` finds a run by the part of its id that people cite."""
        self._question = question
        self._inventory = inventory
        self._ids_like = ids_like
        self._pipelines: Sequence[Pipeline] | None = None

    async def arguments(self, tool: Tool, written: str) -> dict[str, object]:
        """The arguments with real names in them; BadArguments tells what would be right."""
        read = _as_declared(tool, read_arguments(tool.name, written))
        self._read_factory_as_pipeline(read)
        if _FACTORY in read:
            read[_FACTORY] = self._factory(tool.name, str(read[_FACTORY]))
        if _PIPELINE in read:
            alias = str(read.get(_FACTORY, self._question.factory))
            read[_PIPELINE] = await self._pipeline(tool.name, str(read[_PIPELINE]), alias)
        for name in (one for one in read if one.startswith(_RUN)):
            read[name] = self._run(str(read[name]))
        for name in ("from", "to"):
            if name in read:
                read[name] = self._moment(str(read[name]))
        return read

    async def check_proposal(self, name: str, arguments: Mapping[str, object]) -> None:
        """Raise BadArguments for a proposal that the person's own words do not ask for."""
        refused = refused_proposal(self._question, await self.listed(), arguments)
        if refused:
            log.warning("a proposal that nobody asked for in %s", self._question.address.room)
            raise BadArguments(refused, asked=name)

    async def listed(self) -> Sequence[Pipeline]:
        """The inventory; nothing when it cannot be read, for then the tool will say why."""
        if self._pipelines is None:
            try:
                self._pipelines = await self._inventory(self._question)
            except AdfError as error:
                log.info("names are not checked, the pipelines cannot be read: %s", error)
                self._pipelines = ()
        return self._pipelines

    def _read_factory_as_pipeline(self, read: dict[str, object]) -> None:
        """A factory in the place of a pipeline: all of that factory is meant."""
        known = {one.lower(): one for one in self._question.factories}
        alias = known.get(str(read.get(_PIPELINE, "")).lower())
        if alias is not None:
            del read[_PIPELINE]
            read.setdefault(_FACTORY, alias)

    def _factory(self, name: str, alias: str) -> str:
        known = {one.lower(): one for one in self._question.factories}
        if alias.lower() not in known:
            said = f"no factory {alias} can be asked about here"
            raise BadArguments(said, asked=name, choices=tuple(known.values()))
        return known[alias.lower()]

    async def _pipeline(self, name: str, wanted: str, alias: str) -> str:
        listed = [one.name for one in await self.listed() if alias in {"", one.factory}]
        if not listed:
            return wanted
        fitting = _fitting(wanted, listed)
        if len(fitting) == 1:
            return fitting[0]
        said = f"several pipelines fit {wanted}" if fitting else f"there is no pipeline {wanted}"
        choices = fitting[:NEAREST] or _nearest(wanted, listed)
        raise BadArguments(said, asked=name, choices=choices)

    def _run(self, wanted: str) -> str:
        """The run of which this is the part that people cite, where only one begins so."""
        if not _PART_OF_ID.fullmatch(wanted):
            return wanted
        found = self._ids_like(wanted.lower())
        return found[0] if len(found) == 1 else wanted

    def _moment(self, written: str) -> str:
        """A time without a zone is one of the person's own clock."""
        bare = f"{written}T00:00" if _DAY.fullmatch(written) else written
        found = _LOCAL.fullmatch(bare.strip())
        if found is None or bare.endswith((" UTC", " GMT")):
            return re.sub(r" (?:UTC|GMT)$", "+00:00", bare)
        local = datetime.fromisoformat(f"{found[1]}T{found[2]}")
        return local.replace(tzinfo=self._question.zone).isoformat()


def read_arguments(name: str, written: str) -> dict[str, object]:
    """The JSON object; an argument that says nothing counts as left out.

    What follows the object, such as a brace too many, says nothing either.
    """
    if len(written) > LONGEST:
        raise BadArguments("the arguments are too long", asked=name)
    decoder = json.JSONDecoder(parse_constant=_refuse)
    try:
        bare = written.strip() or "{}"
        read, end = cast("tuple[object, int]", decoder.raw_decode(bare))
    except (ValueError, RecursionError):
        raise BadArguments("the arguments are not a JSON object", asked=name) from None
    if not isinstance(read, Mapping) or bare[end:].strip(" \n\r\t}])>;"):
        raise BadArguments("the arguments are not a JSON object", asked=name)
    given = cast("Mapping[str, Any]", read)
    return {key: value for key, value in given.items() if value not in (None, "", [])}


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _as_declared(tool: Tool, given: Mapping[str, object]) -> dict[str, object]:
    """The arguments under the names and in the forms of the schema; others are left out.

    Nothing is left out of a proposal: what a person is asked to approve is what was asked for.
    """
    declared: Mapping[str, Any] = tool.schema["properties"]
    read: dict[str, object] = {}
    for key, value in given.items():
        name = _declared_name(key, declared)
        if name is None and tool.proposes:
            choices = tuple(declared)
            raise BadArguments(f"there is no argument {key}", asked=tool.name, choices=choices)
        if name is not None and (name not in read or key == name):
            read[name] = _as_typed(value, declared[name])
    return read


def _declared_name(key: str, declared: Mapping[str, object]) -> str | None:
    """The argument that a key means: in any spelling, or with one word more."""
    if key in declared:
        return key
    bare = _letters(key)
    same = [one for one in declared if _letters(one) == bare]
    # "pipeline_name", "runId": the word of an argument with one that says nothing.
    longer = [
        one
        for one in declared
        if len(one) > 3 and bare in {_letters(one) + "name", _letters(one) + "id"}
    ]
    return next(iter((*same, *longer)), None)


def _as_typed(value: object, schema: Mapping[str, Any]) -> object:
    if schema.get("type") == "array":
        listed = cast("list[object]", value) if isinstance(value, list) else [value]
        return [_as_typed(one, schema.get("items", {})) for one in listed]
    allowed = cast("Sequence[object]", schema.get("enum") or ())
    if allowed and isinstance(value, str):
        bare = _letters(value)
        return next((one for one in allowed if _letters(str(one)) == bare), value)
    return value


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def _fitting(wanted: str, listed: Sequence[str]) -> tuple[str, ...]:
    """The names that are this one, however it is spelled; else those that have all its words."""
    same = [one for one in listed if one.lower() == wanted.lower()]
    same = same or [one for one in listed if _letters(one) == _letters(wanted)]
    if same:
        return tuple(dict.fromkeys(same))
    words = name_words(wanted)
    holds = [one for one in listed if words and words <= name_words(one)]
    return tuple(dict.fromkeys(holds)) if len(_letters(wanted)) >= LEAST_LETTERS else ()


def name_words(name: str) -> frozenset[str]:
    """The words that a name is made of, in small letters."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return frozenset(re.findall(r"[a-z0-9]+", parted.lower()))


def _nearest(wanted: str, listed: Sequence[str]) -> tuple[str, ...]:
    found = process.extract(
        wanted, listed, scorer=fuzz.WRatio, processor=utils.default_process, limit=NEAREST
    )
    return tuple(one[0] for one in found)
