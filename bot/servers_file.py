"""Reads ADFOPS_MCP_SERVERS: MCP servers beside the documentation, by label.

A mistake in it stops the start with one line that names the place.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    RootModel,
    StringConstraints,
    ValidationError,
)

from bot.agent.loop.endpoints import is_local
from bot.agent.mcp import McpServer
from bot.factories_file import WrongFile

Caller = Literal["model", "bot"]
SETTING = "ADFOPS_MCP_SERVERS"


def _reached_safely(url: str) -> str:
    is_local(url)
    return url


# What a function of a model may be called; its name begins with the label and two underscores.
_Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z](?:_?[A-Za-z0-9-]){0,31}$")]
_Tool = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_Url = Annotated[str, AfterValidator(_reached_safely)]


class _Server(BaseModel):
    """One server; of its tools those in `reads` need nobody's yes."""

    model_config = ConfigDict(extra="forbid")
    url: _Url
    reads: tuple[_Tool, ...] = ()
    caller: Caller | None = None


class _File(RootModel[dict[_Label, _Server]]):
    """The whole file: servers by label."""


def read_servers(path: Path, caller: Caller, taken: Collection[str]) -> tuple[McpServer, ...]:
    """The servers, each called by `caller` unless it says otherwise; raises WrongFile.

    A label among those `taken` is refused, whatever its letters' case.
    """
    try:
        read = _File.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongFile(f"{SETTING}: {path}: cannot be read ({error})") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the file"
        said = first["msg"].removeprefix("Value error, ")
        raise WrongFile(f"{SETTING}: {path}: {place}: {said}") from None
    seen = {one.lower() for one in taken}
    for label in read.root:
        if label.lower() in seen:
            raise WrongFile(f"{SETTING}: {path}: {label}: another server is called that")
        seen.add(label.lower())
    return tuple(
        McpServer(
            label=label,
            url=one.url,
            reads=one.reads,
            by_bot=(one.caller or caller) == "bot" or is_local(one.url),
        )
        for label, one in read.root.items()
    )
