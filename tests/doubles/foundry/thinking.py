"""How a response comes about: the brain is asked and MCP tools are called until it is whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from tests.doubles.foundry.brains import Brain
from tests.doubles.foundry.citing import cited
from tests.doubles.foundry.heard import Heard
from tests.doubles.foundry.items import ASKS_MCP, called_mcp, listed_mcp, numbered
from tests.doubles.foundry.servers import Servers, Unreached, allowed, needs_approval
from tests.doubles.foundry.wire import Ids, Item

MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinking:
    """One response in the making."""

    heard: Heard
    brain: Brain
    servers: Servers
    ids: Ids
    made: list[Item] = field(default_factory=list[Item])

    async def run(self) -> list[Item]:
        """Every item that the response holds in the end."""
        async for item in self._beforehand():
            self._make(item)
        for _ in range(MOST_ROUNDS):
            called = [await self._put_out(item) for item in await self.brain.reply(self._now())]
            if not any(called) or not all(called):
                break
        return self.made

    def _now(self) -> Heard:
        heard = self.heard
        if not self.made:
            return heard
        return Heard(
            items=heard.items,
            history=heard.history,
            made=tuple(self.made),
            model=heard.model,
            instructions=heard.instructions,
            tools=heard.tools,
            body=heard.body,
        )

    def _make(self, item: Item) -> None:
        self.made.append(numbered(item, self.ids))

    async def _beforehand(self) -> AsyncIterator[Item]:
        """Servers that were not listed yet in this talk, and calls that a person now approved."""
        known = {one["server_label"] for one in self._of("mcp_list_tools")}
        for server in self._servers():
            if server["server_label"] not in known and (listed := await self._list(server)):
                yield listed
        requests = {one["id"]: one for one in self._of("mcp_approval_request")}
        for one in self.heard.items:
            if one["type"] == "mcp_approval_response" and one.get("approve"):
                wish = requests[one["approval_request_id"]]
                yield await self._call({**wish, "approval_request_id": wish["id"]})

    async def _list(self, server: Item) -> Item | None:
        label = server["server_label"]
        try:
            tools = allowed(server, await self.servers.list_tools(server))
        except Unreached:
            return listed_mcp(label, [], f"Error retrieving tool list from MCP server: '{label}'.")
        return listed_mcp(label, tools) if tools else None

    async def _put_out(self, item: Item) -> bool:
        """Put out an item of the brain; whether it was an MCP call, after which it goes on."""
        if item["type"] != ASKS_MCP:
            self._make(cited(item, self._now()))
            return False
        server, tools = self._server(item["server_label"]), self._listed(item["server_label"])
        if needs_approval(server, item["name"], tools):
            self._make({**item, "type": "mcp_approval_request"})
            return False
        self._make(await self._call(item))
        return True

    async def _call(self, wish: Item) -> Item:
        told = {key: wish[key] for key in ("server_label", "name", "arguments")}
        told |= {"approval_request_id": wish.get("approval_request_id")}
        server = self._server(wish["server_label"])
        called = await self.servers.call(server, wish["name"], wish["arguments"])
        return called_mcp(told, called.output, called.error)

    def _servers(self) -> list[Item]:
        return [one for one in self.heard.tools if one["type"] == "mcp"]

    def _server(self, label: str) -> Item:
        found = [one for one in self._servers() if one["server_label"] == label]
        return found[0] if found else {"server_label": label, "server_url": "nowhere"}

    def _listed(self, label: str) -> list[Item]:
        lists = (one for one in self._of("mcp_list_tools") if one["server_label"] == label)
        return [tool for one in lists for tool in one["tools"]]

    def _of(self, kind: str) -> list[Item]:
        return [one for one in self._now().everything if one["type"] == kind]
