"""A tool is a typed function, declared once: everything that others say of it comes from here.

The schema and the description for models and MCP, the sentence while it runs, the lines of the
help, and whether it only reads. The first parameter is what the tool works on (given by the
toolbox, hidden from callers); the rest are its arguments. A parameter named `from_` is the argument
`from`. A tool returns a record.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import (
    Annotated,
    Any,
    Protocol,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    runtime_checkable,
)

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from adf.cache import AnswerCache, Key, Scope
from adf.errors import BadArguments, Reach, Unavailable

# A person is promised a status in 5 s; at 8 s people stop waiting, and an error is shown instead.
CALL_LIMIT = 8.0

ToolFunction = Callable[..., Awaitable[Any]]
Arguments = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A declared operation: its name, what it does, the closed JSON schema of its arguments.

    `progress` is what is shown while it runs. `reads` tools may be called by a model and by other
    assistants without a person's consent: they change nothing and say nothing about people. `help`
    are lines "Heading: example", `limit` is how many seconds a whole call may take. What `proposes`
    may be called by a model where the person's own words ask for an act: it shows a card, no more.
    """

    name: str
    description: str
    schema: Mapping[str, Any]
    works_on: type
    arguments: type[BaseModel]
    function: ToolFunction
    progress: str
    reads: bool
    help: str = ""
    limit: float = CALL_LIMIT
    proposes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """A call that was made: the tool and the arguments as given."""

    name: str
    arguments: Arguments


def tool(
    *,
    progress: str,
    reads: bool,
    help: str = "",  # noqa: A002 - argparse and click call it so too
    limit: float = CALL_LIMIT,
    proposes: bool = False,
) -> Callable[[ToolFunction], Tool]:
    """Declare a tool from a typed function; its docstring is the description."""

    def declare(function: ToolFunction) -> Tool:
        name = getattr(function, "__name__", "")
        hints = get_type_hints(function, include_extras=True)
        subject, *parameters = inspect.signature(function).parameters.values()
        arguments = _arguments(name, hints, parameters)
        return Tool(
            name=name,
            description=inspect.getdoc(function) or "",
            schema=_closed(arguments.model_json_schema(by_alias=True)),
            works_on=hints[subject.name],
            arguments=arguments,
            function=function,
            progress=progress,
            reads=reads,
            help=help,
            limit=limit,
            proposes=proposes,
        )

    return declare


def declared_tools(package: str, path: Iterable[str]) -> tuple[Tool, ...]:
    """Every tool of a package, by module and in the order of declaration: a new file is enough."""
    modules = [import_module(f"{package}.{one.name}") for one in iter_modules(path)]
    return tuple(
        one
        for module in modules
        for one in vars(module).values()
        if isinstance(one, Tool) and one.function.__module__ == module.__name__
    )


@runtime_checkable
class Scoped(Protocol):
    """What knows the scope of a call, so that equal calls that only read may share an answer."""

    def scope_of(self, arguments: Arguments) -> Scope:
        """The aliases a call is about: part of what makes two questions equal."""
        ...


class Toolbox:
    """Every tool under its name, with what each of them works on; `observe` sees each call.

    With `answers`, equal calls of tools that only read are answered from memory or together.
    """

    def __init__(
        self,
        tools: Iterable[Tool],
        works_on: Iterable[object],
        observe: Callable[[ToolCall], None] = lambda _: None,
        answers: AnswerCache | None = None,
    ) -> None:
        """Refuse a tool without its subject, at once instead of at its first call."""
        self._tools = {one.name: one for one in tools}
        self._subjects = {type(one): one for one in works_on}
        self._scoped = {
            kind: one for kind, one in self._subjects.items() if isinstance(one, Scoped)
        }
        self._observe = observe
        self._answers = answers
        self._read: dict[tuple[str, str], object] | None = None
        for one in self._tools.values():
            if one.works_on not in self._subjects:
                raise TypeError(f"{one.name} works on {one.works_on.__name__}, which was not given")

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The declared tools, by name."""
        return tuple(sorted(self._tools.values(), key=lambda one: one.name))

    def has(self, name: str) -> bool:
        """Whether there is a tool of that name."""
        return name in self._tools

    def find(self, name: str) -> Tool | None:
        """The tool of that name."""
        return self._tools.get(name)

    def reading_once(self) -> "Toolbox":
        """The same tools for one question: what was read is not read again until something is done.

        Several answers to one question then rest on the same reading.
        """
        once = copy(self)  # of whatever kind it is: some write down how long each call took
        vars(once)["_read"] = {}
        return once

    async def call(self, name: str, /, **arguments: object) -> object:
        """Run a tool and return its record; BadArguments when name or arguments are wrong."""
        found = self._tools.get(name)
        if found is None:
            raise BadArguments(f"there is no tool {name}", choices=tuple(self._tools))
        checked = _check(found, arguments)
        if self._read is None:
            return await self._call(found, checked, arguments)
        if not found.reads:
            self._read.clear()
            return await self._call(found, checked, arguments)
        key = (name, checked.model_dump_json())
        if key not in self._read:
            self._read[key] = await self._call(found, checked, arguments)
        return self._read[key]

    async def _call(
        self, found: Tool, checked: BaseModel, arguments: Mapping[str, object]
    ) -> object:
        name = found.name
        self._observe(ToolCall(name=name, arguments=arguments))
        subject, scoped = self._subjects[found.works_on], self._scoped.get(found.works_on)
        if self._answers is None or not found.reads or scoped is None:
            return await _run(found, subject, checked)
        key = Key(
            tool=name, arguments=_as_text(checked), scope=scoped.scope_of(checked.model_dump())
        )
        return await self._answers.answer(key, lambda: _run(found, subject, checked))


async def _run(found: Tool, subject: object, checked: BaseModel) -> object:
    """Call the function with what was given, defaults left out, within the limit of the tool."""
    given = {name: getattr(checked, name) for name in checked.model_fields_set}
    try:
        async with asyncio.timeout(found.limit):
            return await found.function(subject, **given)
    except TimeoutError:
        said = f"no answer within {found.limit:g} s"
        raise Unavailable(said, asked=found.name, reach=Reach.SILENCE) from None


def _as_text(checked: BaseModel) -> str:
    """Arguments as text, equal for equal questions: the factory is part of the scope."""
    return checked.model_dump_json(exclude={"factory"})


def _check(found: Tool, arguments: Arguments) -> BaseModel:
    """Arguments as the schema has them; BadArguments for anything else."""
    try:
        return found.arguments.model_validate(dict(arguments))
    except ValidationError as error:
        said = "; ".join(f"{_place(one['loc'])}: {one['msg']}" for one in error.errors())
        raise BadArguments(said, asked=found.name) from None


def _arguments(
    name: str, hints: Mapping[str, Any], parameters: Iterable[inspect.Parameter]
) -> type[BaseModel]:
    """The arguments as a model that refuses what it does not know."""
    fields = {one.name: (hints[one.name], _field(one, hints[one.name])) for one in parameters}
    config = ConfigDict(extra="forbid", strict=False, populate_by_name=True)
    make_arguments = cast("Callable[..., type[BaseModel]]", create_model)
    return make_arguments(name, __config__=config, **fields)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in location) or "arguments"


def _field(parameter: inspect.Parameter, hint: object) -> Any:  # noqa: ANN401 - pydantic's own
    default = ... if parameter.default is inspect.Parameter.empty else parameter.default
    alias = parameter.name.rstrip("_")
    if get_origin(hint) is Annotated:
        return Field(default, alias=alias, description=get_args(hint)[1])
    return Field(default, alias=alias)


def _closed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema as models take it: closed, references inlined, no titles, no anyOf."""
    shared = schema.get("$defs", {})
    properties = {name: _plain(one, shared) for name, one in schema.get("properties", {}).items()}
    required = list(schema.get("required", ()))
    closed: dict[str, Any] = {"type": "object", "properties": properties}
    return {**closed, "required": required, "additionalProperties": False}


def _plain(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """One argument's schema; None is said by leaving the argument out."""
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    merged: dict[str, Any] = {**schema, **(options[0] if len(options) == 1 else {})}
    if "$ref" in merged:
        merged = {**shared[merged["$ref"].rsplit("/", 1)[-1]], **merged}
    plain = {k: v for k, v in merged.items() if k in {"type", "enum", "description", "format"}}
    if "items" in merged:
        plain["items"] = _plain(merged["items"], shared)
    return plain
