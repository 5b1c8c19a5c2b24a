"""The MCP servers that the service itself calls: their tools, their policy, their calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx2
import orjson
from mcp import Client, MCPError

from tests.doubles.foundry.wire import Item

NOT_REACHED = (OSError, ExceptionGroup, MCPError, httpx2.HTTPError)


class Unreached(Exception):
    """A server does not answer where the agent says it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What came of a call: text, or an error in the form of the service."""

    output: str | None = None
    error: Item | None = None


class Servers(Protocol):
    """How the service reaches the MCP servers that agents name."""

    async def list_tools(self, server: Item) -> list[Item]:
        """The tools of a server; raises Unreached."""
        ...

    async def call(self, server: Item, name: str, arguments: str) -> Called:
        """Call one tool."""
        ...


class OverTheWire:
    """Calls the address that the agent names, as the service does from its own network.

    `moved` sends what is meant for a public address to one on this machine.
    """

    def __init__(self, moved: Mapping[str, str] | None = None) -> None:
        self.moved = dict(moved or {})

    async def list_tools(self, server: Item) -> list[Item]:
        try:
            async with Client(self._address(server)) as client:
                tools = (await client.list_tools()).tools
        except NOT_REACHED as error:
            raise Unreached(server["server_label"]) from error
        return [_listed(one.model_dump(by_alias=True, exclude_none=True)) for one in tools]

    async def call(self, server: Item, name: str, arguments: str) -> Called:
        try:
            async with Client(self._address(server)) as client:
                done = await client.call_tool(name, orjson.loads(arguments))
        except NOT_REACHED:
            return _unreached(server)
        content = [one.model_dump(by_alias=True, exclude_none=True) for one in done.content]
        if done.is_error:
            return Called(error={"type": "mcp_tool_execution_error", "content": content})
        return Called(output="\n".join(str(one.get("text", "")) for one in content))

    def _address(self, server: Item) -> str:
        told: str = server["server_url"]
        return self.moved.get(told, told)


class Nowhere:
    """No server is reached, as if the service had no way out."""

    async def list_tools(self, server: Item) -> list[Item]:
        return []

    async def call(self, server: Item, name: str, arguments: str) -> Called:
        return _unreached(server)


def _unreached(server: Item) -> Called:
    told = {"code": 424, "message": f"{server['server_url']} was not reached"}
    return Called(error={"type": "http_error", **told})


def _listed(tool: Item) -> Item:
    kept = {"name": tool["name"], "input_schema": tool["inputSchema"]}
    return kept | {key: tool[key] for key in ("description", "annotations") if key in tool}


def allowed(server: Item, tools: list[Item]) -> list[Item]:
    """Those tools that the agent may see of a server."""
    told: Item | list[str] | None = server.get("allowed_tools")
    if told is None:
        return tools
    rule = told if isinstance(told, dict) else {"tool_names": told}
    return [one for one in tools if _fits(rule, one)]


def needs_approval(server: Item, name: str, tools: list[Item]) -> bool:
    """Whether a person is asked before this tool is called: always, unless told otherwise."""
    policy: Item | str = server.get("require_approval") or "always"
    if isinstance(policy, str):
        return policy != "never"
    tool: Item = next((one for one in tools if one["name"] == name), {"name": name})
    if (always := policy.get("always")) and _fits(always, tool):
        return True
    never = policy.get("never")
    return not (never and _fits(never, tool))


def _fits(rule: Item, tool: Item) -> bool:
    names: list[str] | None = rule.get("tool_names")
    if names is not None and tool["name"] not in names:
        return False
    if rule.get("read_only") is None:
        return names is not None
    notes: Item = tool.get("annotations") or {}
    return bool(notes.get("readOnlyHint")) == rule["read_only"]
