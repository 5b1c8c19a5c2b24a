"""Functions of remote MCP servers that we call ourselves, for a service that would not reach them.

A call that needs a yes is answered with that at once, so that the talk never hangs on a person;
once the yes is there, the model is asked again and its same call goes through.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from adf.errors import AdfError
from bot.agent.interface import Approval
from bot.agent.loop.declared import function_of
from bot.agent.mcp import McpTool, Result

log = logging.getLogger("adfops.agent")

_WAITS = {
    "waits": "a person must allow this call first, and is being asked now",
    "said": "tell the person in one sentence what you would look up, and stop",
}


class Server(Protocol):
    """One MCP server as functions."""

    @property
    def label(self) -> str:
        """What the names of its functions begin with."""
        ...

    async def functions(self) -> Sequence[McpTool]:
        """What it offers; raises AdfError."""
        ...

    async def call(
        self, name: str, arguments: Mapping[str, Any], decided: Mapping[str, bool] | None = None
    ) -> Result | Approval:
        """What a function answers, or what a person has to allow; raises AdfError."""
        ...


class RemoteCalls:
    """The calls of one turn to servers of others; `approvals` are those that wait for a yes."""

    def __init__(self, servers: Sequence[Server], decided: Mapping[str, bool]) -> None:
        """`decided` is what people said to each approval, by its id."""
        self._servers = {one.label: one for one in servers}
        self._decided = decided
        self.approvals: list[Approval] = []

    def knows(self, name: str) -> bool:
        """Whether a function of this name belongs to one of the servers."""
        return "__" in name and name.split("__", 1)[0] in self._servers

    async def told(self, name: str, arguments: Mapping[str, object]) -> str:
        """What the function answers, as JSON for the model."""
        server = self._servers[name.split("__", 1)[0]]
        answer = await server.call(name, arguments, self._decided)
        if isinstance(answer, Approval):
            self.approvals.append(answer)
            return json.dumps(_WAITS)
        key = "error" if answer.is_error else "said"
        return json.dumps({"server": server.label, key: answer.text}, ensure_ascii=False)


async def functions_of(servers: Sequence[Server]) -> list[dict[str, Any]]:
    """The declarations of what the servers offer; one that cannot be asked offers nothing."""
    told: list[dict[str, Any]] = []
    for server in servers:
        try:
            offered = await server.functions()
        except AdfError as error:
            log.warning("the functions of %s are left out: %s", server.label, error)
            continue
        told += [function_of(one.name, one.description, one.schema) for one in offered]
    return told
