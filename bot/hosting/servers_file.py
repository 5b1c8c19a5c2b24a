"""The file with the MCP servers beside the documentation."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, RootModel, StringConstraints

from bot.agents.mcp import McpServer
from bot.agents.model.endpoints import check_endpoint, is_local
from bot.hosting.config_files import WrongFile, read_mapping

Caller = Literal["model", "bot"]
SETTING = "ADFOPS_MCP_SERVERS"


def _reached_safely(url: str) -> str:
    check_endpoint(url)
    return url


# What a function of a model may be called; its name begins with the label and two underscores.
_Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z](?:_?[A-Za-z0-9-]){0,31}$")]
_Tool = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_Url = Annotated[str, AfterValidator(_reached_safely)]


class _Server(BaseModel):
    """One server; of its tools those in `reads` need no approval."""

    model_config = ConfigDict(extra="forbid")
    url: _Url
    reads: tuple[_Tool, ...] = ()
    caller: Caller | None = None


class _ServersFile(RootModel[dict[_Label, _Server]]):
    """The whole file: servers by label."""


def read_servers(path: Path, caller: Caller, taken: Collection[str]) -> tuple[McpServer, ...]:
    """The servers, each called by `caller` unless it says otherwise; raises WrongFile.

    A label among those `taken` is refused, whatever its letters' case.
    """
    servers = read_mapping(SETTING, path, _ServersFile)
    seen = {one.lower() for one in taken}
    for label in servers:
        if label.lower() in seen:
            raise WrongFile(f"{SETTING}: {path}: {label}: another server has that name")
        seen.add(label.lower())
    return tuple(
        McpServer(
            label=label,
            url=one.url,
            reads=one.reads,
            by_bot=(one.caller or caller) == "bot" or is_local(one.url),
        )
        for label, one in servers.items()
    )
