"""Functions of remote MCP servers that the bot calls itself, and what people decided of them."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from adf.errors import AdfError
from bot.agents.approvals import display_problem
from bot.agents.interface import Approval, Question
from bot.agents.mcp import McpTool, Result
from bot.agents.model.tool_schemas import function_of

Use = Callable[[str, str], Awaitable[bool]]
"""Write down that the yes of a decision is used for a call; False when it was used before."""


class RemoteDecision(StrEnum):
    """What became of a call that waited for a yes."""

    YES = "a person allowed it"
    NO = "a person said no to this call"
    USED = (
        "it was allowed once and has been made already, or it is not known whether it was made; "
        "it is not made again: tell the person so"
    )
    OPEN = (
        "nobody could allow this call, for it was not shown whole: ask again for it alone, "
        "and with less"
    )


async def never(decision: str, approval_id: str) -> bool:
    """Where nothing can be written down, no yes can be used."""
    del decision, approval_id
    return False


class Decisions:
    """The decisions that came with a question."""

    def __init__(self, question: Question, use: Use) -> None:
        """`use` outlives the process: a turn that a crash cut off is taken up with the same yes."""
        self._question = question
        self._use = use

    @property
    def are_there(self) -> bool:
        """Whether a person has decided anything."""
        return bool(self._question.decision)

    async def on(self, approval_id: str) -> RemoteDecision:
        """The verdict on a call; a yes is used up by asking, so the call has to follow."""
        said = self._question.decided.get(approval_id) if self.are_there else None
        if not said:
            return RemoteDecision.OPEN if said is None else RemoteDecision.NO
        is_first = await self._use(self._question.decision, approval_id)
        return RemoteDecision.YES if is_first else RemoteDecision.USED


log = logging.getLogger("adfops.agent")

_WAITS = {
    "waits": "a person must allow this call first, and is being asked now",
    "said": "tell the person in one sentence what you would look up, and stop",
}


class RemoteToolServer(Protocol):
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

    def __init__(self, servers: Sequence[RemoteToolServer], decisions: Decisions) -> None:
        """Borrow both."""
        self._servers = {one.label: one for one in servers}
        self._decisions = decisions
        self.approvals: list[Approval] = []

    def knows(self, name: str) -> bool:
        """Whether a function of this name belongs to one of the servers."""
        return "__" in name and name.split("__", 1)[0] in self._servers

    async def call(self, name: str, arguments: Mapping[str, object]) -> str:
        """What the function answers, as JSON for the model."""
        server = self._servers[name.split("__", 1)[0]]
        answer = await server.call(name, arguments)
        if isinstance(answer, Approval):
            verdict = await self._decisions.on(answer.approval_id)
            if verdict is RemoteDecision.OPEN:
                return self._wait_for_approval(answer)
            if verdict is not RemoteDecision.YES:
                return json.dumps({"server": server.label, "error": verdict})
            answer = await server.call(name, arguments, {answer.approval_id: True})
        return _result(server.label, answer)

    def _wait_for_approval(self, approval: Approval) -> str:
        lack = display_problem(approval, self.approvals)
        if lack:
            said = f"a person cannot be asked to allow this call: {lack}"
            return json.dumps({"server": approval.server, "error": said})
        self.approvals.append(approval)
        return json.dumps(_WAITS)


def _result(label: str, answer: Result | Approval) -> str:
    if isinstance(answer, Approval):
        return json.dumps({"server": label, "error": RemoteDecision.NO})
    key = "error" if answer.is_error else "said"
    return json.dumps({"server": label, key: answer.text}, ensure_ascii=False)


async def list_functions(servers: Sequence[RemoteToolServer]) -> tuple[list[dict[str, Any]], bool]:
    """The declarations of what the servers offer, and whether each of them could be asked."""
    offered = await asyncio.gather(*map(_offered, servers))
    declared = [
        function_of(one.name, one.description, one.schema)
        for some in offered
        for one in some or ()
        if one.is_declared
    ]
    return declared, None not in offered


async def _offered(server: RemoteToolServer) -> Sequence[McpTool] | None:
    """What a server offers; None when it cannot be asked."""
    try:
        return await server.functions()
    except AdfError as error:
        log.warning("the functions of %s are left out: %s", server.label, error)
        return None
