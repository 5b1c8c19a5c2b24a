"""Functions of remote MCP servers that we call ourselves, for a service that would not reach them.

A call that needs a yes is answered with that at once, so that the talk never hangs on a person;
once the yes is there, the model is asked again and its same call goes through.
"""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from adf.errors import AdfError
from bot.agent.interface import Approval
from bot.agent.loop.deciding import Decisions, Verdict
from bot.agent.loop.declared import function_of
from bot.agent.mcp import McpTool, Result
from bot.agent.whole import lack_of

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

    def __init__(self, servers: Sequence[Server], decisions: Decisions) -> None:
        """Borrow both."""
        self._servers = {one.label: one for one in servers}
        self._decisions = decisions
        self.approvals: list[Approval] = []

    def knows(self, name: str) -> bool:
        """Whether a function of this name belongs to one of the servers."""
        return "__" in name and name.split("__", 1)[0] in self._servers

    async def told(self, name: str, arguments: Mapping[str, object]) -> str:
        """What the function answers, as JSON for the model."""
        server = self._servers[name.split("__", 1)[0]]
        answer = await server.call(name, arguments)
        if isinstance(answer, Approval):
            verdict = await self._decisions.on(answer.approval_id)
            if verdict is Verdict.OPEN:
                return self._asked_for(answer)
            if verdict is not Verdict.YES:
                return json.dumps({"server": server.label, "error": verdict})
            answer = await server.call(name, arguments, {answer.approval_id: True})
        return _told(server.label, answer)

    def _asked_for(self, approval: Approval) -> str:
        lack = lack_of(approval, self.approvals)
        if lack:
            said = f"a person cannot be asked to allow this call: {lack}"
            return json.dumps({"server": approval.server, "error": said})
        self.approvals.append(approval)
        return json.dumps(_WAITS)


def _told(label: str, answer: Result | Approval) -> str:
    if isinstance(answer, Approval):
        return json.dumps({"server": label, "error": Verdict.NO})
    key = "error" if answer.is_error else "said"
    return json.dumps({"server": label, key: answer.text}, ensure_ascii=False)


async def functions_of(servers: Sequence[Server]) -> tuple[list[dict[str, Any]], bool]:
    """The declarations of what the servers offer, and whether each of them could be asked."""
    offered = await asyncio.gather(*map(_offered, servers))
    told = [
        function_of(one.name, one.description, one.schema) for some in offered for one in some or ()
    ]
    return told, None not in offered


async def _offered(server: Server) -> Sequence[McpTool] | None:
    """What a server offers; None when it cannot be asked."""
    try:
        return await server.functions()
    except AdfError as error:
        log.warning("the functions of %s are left out: %s", server.label, error)
        return None
