"""The tools of one remote MCP server: reads allowed by name, and others after an approval."""

import asyncio
import hashlib
import importlib
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from adf.errors import BadArguments
from bot.agents.interface import Approval
from bot.agents.mcp.errors import McpError, McpFailureKind
from bot.agents.mcp.schemas import reduced
from bot.agents.recording import WorkKind, noted
from bot.agents.untrusted import plain, readable


@dataclass(frozen=True, slots=True, kw_only=True)
class McpServer:
    """An MCP server: what it is called, where it is, and its tools that need no approval.

    With `by_bot` the bot calls it; else the model's service does, which must reach it. Only
    tools in `declares` are the model's to call, where it names any.
    """

    label: str
    url: str
    reads: tuple[str, ...] = ()
    by_bot: bool = False
    declares: tuple[str, ...] = ()


LEARN_READS = ("microsoft_docs_search", "microsoft_docs_fetch")
# A model searches by a tool of ours, which knows what to keep of a page.
LEARN_DECLARED = ("microsoft_docs_fetch",)
LEARN_HOSTS = ("learn.microsoft.com",)
LISTED_SECONDS = 600.0
LONGEST_WORDS = 600
# How a model may call a function; a tool of any other name is left out.
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class McpTool:
    """A remote tool as a function: under `name` for a model, under `tool` at the server.

    What writes, or does what a tool of ours does, is not declared to a model.
    """

    name: str
    tool: str
    description: str
    schema: Mapping[str, Any]
    is_free: bool
    is_declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a tool answered: text fit to be read, and its data as it came (never to be trusted)."""

    text: str
    data: object = None
    is_error: bool = False


class McpTools:
    """One server by its label; nothing is imported or asked before the first use."""

    def __init__(
        self,
        url: str,
        label: str,
        *,
        seconds: Callable[[], float],
        allowed: Collection[str] = LEARN_READS,
        hosts: Collection[str] = LEARN_HOSTS,
        limit: float = 15.0,
        declares: Collection[str] | None = None,
    ) -> None:
        """Call the `allowed` tools freely; keep links to `hosts`; a call may take `limit` s.

        Only tools in `declares` are declared to a model, without it all that do not write.
        """
        self._declares = declares
        self._url = url
        self._label = label
        self._seconds = seconds
        self._allowed = frozenset(allowed)
        self._hosts = frozenset(hosts)
        self._limit = limit
        self._client: Any = None
        self._module: Any = None
        self._tools: tuple[McpTool, ...] = ()
        self._list_at = seconds()
        self._busy = asyncio.Lock()

    @property
    def label(self) -> str:
        """What the server is called here."""
        return self._label

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that links may lead to."""
        return self._hosts

    async def functions(self) -> tuple[McpTool, ...]:
        """What the server offers, as functions; asked again every ten minutes."""
        async with self._busy:
            if not self._tools or self._seconds() >= self._list_at:
                await self._open()
                listed = await self._client.list_tools()
                known = (self._function(one) for one in listed)
                self._tools = tuple(one for one in known if _NAME.fullmatch(one.name))
                self._list_at = self._seconds() + LISTED_SECONDS
        return self._tools

    async def call(
        self, name: str, arguments: Mapping[str, Any], decided: Mapping[str, bool] | None = None
    ) -> Result | Approval:
        """What a function answers; an Approval where a person has to approve it first.

        `decided` are the answers of people by approval: each holds for these very arguments.
        """
        found = next((one for one in await self.functions() if one.name == name), None)
        if found is None:
            known = tuple(one.name for one in self._tools)
            raise BadArguments(f"there is no tool {plain(name, 80)}", choices=known)
        wrong = self._module.wrong_arguments(found.schema, arguments)
        if wrong:
            raise BadArguments(plain(wrong), asked=name)
        if not found.is_free:
            approval = self._approval(found, arguments)
            verdict = (decided or {}).get(approval.approval_id)
            if verdict is None:
                return approval
            if not verdict:
                return Result(text="a person said no to this call", is_error=True)
        return await self._called(found.tool, arguments)

    async def read(self, tool: str, **arguments: object) -> Result:
        """What an allowed tool of the server answers; raises McpError."""
        named = f"{self._label}__{tool}"
        found = next((one for one in await self.functions() if one.name == named), None)
        if found is None or not found.is_free:
            raise McpError(McpFailureKind.NO_TOOL, self._label, asked=tool)
        return await self._called(tool, arguments)

    async def close(self) -> None:
        """Close the connections, if any were made."""
        if self._client is not None:
            await self._client.close()

    async def _open(self) -> None:
        if self._client is None:
            module = await asyncio.to_thread(importlib.import_module, "bot.agents.mcp.client")
            self._module = module
            self._client = module.McpClient(self._url, self._label, self._limit)

    async def _called(self, tool: str, arguments: Mapping[str, object]) -> Result:
        with noted(WorkKind.MCP, f"{self._label}: {tool}", arguments):
            answer = await self._client.call(tool, arguments)
        text = "\n".join(str(getattr(one, "text", "")) for one in answer.content)
        return Result(
            text=readable(text, self._hosts),
            data=answer.structured_content or _as_json(text),
            is_error=bool(answer.is_error),
        )

    def _function(self, listed: Any) -> McpTool:  # noqa: ANN401 - the SDK's type, imported late
        hints = listed.annotations
        writes = hints and (hints.read_only_hint is False or hints.destructive_hint is True)
        return McpTool(
            name=f"{self._label}__{listed.name}",
            tool=listed.name,
            description=plain(listed.description or "", LONGEST_WORDS),
            schema=reduced(listed.input_schema),
            is_free=listed.name in self._allowed and not writes,
            is_declared=not writes and (self._declares is None or listed.name in self._declares),
        )

    def _approval(self, found: McpTool, arguments: Mapping[str, Any]) -> Approval:
        """The call as it would be sent; its id is that of these arguments and no others."""
        whole = json.dumps([self._url, found.tool, dict(arguments)], sort_keys=True, default=str)
        return Approval(
            approval_id=f"mcpc_{hashlib.sha256(whole.encode()).hexdigest()[:32]}",
            server=self._label,
            tool=found.tool,
            arguments=dict(arguments),
        )


def _as_json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
