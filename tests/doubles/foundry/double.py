"""Azure AI Foundry on a real socket: agents, conversations, responses, and a brain."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.doubles.foundry.agents import Agents
from tests.doubles.foundry.brains import Brain, EveryTurn
from tests.doubles.foundry.faults import Fault, Faults
from tests.doubles.foundry.items import calls
from tests.doubles.foundry.sending import Broken, Sending
from tests.doubles.foundry.servers import Nowhere, Servers
from tests.doubles.foundry.stream import ending, events_of, opening
from tests.doubles.foundry.talks import Talks
from tests.doubles.foundry.thinking import Thinking
from tests.doubles.foundry.turns import Desk, Turn
from tests.doubles.foundry.wire import NO_TOOL, Asked, Ids, Item, answer

ASKED = web.RequestKey("asked", Asked)
FAULT = web.RequestKey("fault", Fault)
NOTHING_FITS = EveryTurn([calls(NO_TOOL)])


class FoundryDouble:
    """Keeps all it was asked, remembers agents and conversations, and answers by its `brain`.

    `faults` wait for the requests that they hit. `servers` is how it reaches MCP servers. Only
    `deployments` are known models, if any are named. A stream that waits sends a comment each
    `pulse` seconds and `pace` seconds between pieces of text. When a client hangs up on it, what
    was being made is dropped, or with `carries_on` finished and remembered behind its back. A
    request to choose a tool is the brain's only where it `chooses`; else no tool fits, and neither
    `asked` nor a fault has to do with it.
    """

    def __init__(self, brain: Brain) -> None:
        self.brain = brain
        self.servers: Servers = Nowhere()
        self.faults = Faults()
        self.asked: list[Asked] = []
        self.streams: list[list[Item]] = []
        self.broken: list[Exception] = []
        self.deployments: set[str] = set()
        self.pulse = 0.2
        self.pace = 0.0
        self.carries_on = False
        self.chooses = False
        self.choices: list[Asked] = []
        self.agents = Agents()
        self.url = ""
        self._begun = 0
        self._settled = asyncio.Event()
        self._settled.set()
        self._ids = Ids()
        self.talks = Talks(self._ids)
        self._desk = Desk(
            agents=self.agents,
            talks=self.talks,
            ids=self._ids,
            deployments=self.deployments,
            cached={},
        )

    @property
    def project(self) -> str:
        """The endpoint of the project, for its client."""
        return f"{self.url}/api/projects/demo"

    @property
    def models(self) -> str:
        """The address of the plain models, for an OpenAI client."""
        return f"{self.url}/openai/v1"

    @property
    def turns(self) -> list[Item]:
        """The bodies of all requests for a response."""
        return [one.body for one in self.asked if one.is_response]

    def items(self, conversation: str) -> list[Item]:
        """What a conversation holds."""
        return list(self.talks.conversations[conversation].items)

    async def settled(self, limit: float = 120) -> None:
        """Wait until no response is being made."""
        async with asyncio.timeout(limit):
            await self._settled.wait()

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """A response, streamed if it was asked for so."""
        asked, fault = request[ASKED], request.get(FAULT)
        agent, has_agents = request.match_info.get("agent"), "project" in request.match_info
        turn = self._desk.take(asked.body, agent=agent, has_agents=has_agents)
        turn.talk.busy = True
        self._begun += 1
        self._settled.clear()
        try:
            return await self._respond(request, asked, turn, fault)
        finally:
            turn.talk.busy = False
            self._begun -= 1
            if not self._begun:
                self._settled.set()

    async def _respond(
        self, request: web.Request, asked: Asked, turn: Turn, fault: Fault | None
    ) -> web.StreamResponse:
        blank = self._desk.blank(turn)
        brain = self.brain if self.chooses or not asked.is_choice else NOTHING_FITS
        thinking = Thinking(heard=turn.heard, brain=brain, servers=self.servers, ids=self._ids)
        if not turn.body.get("stream"):
            made = await self._waited(thinking, lambda: _is_there(request))
            return answer(self._finish(turn, blank, made, fault), headers=self.head())
        return await self._stream(request, turn, blank, thinking, fault)

    async def _stream(
        self,
        request: web.Request,
        turn: Turn,
        blank: Item,
        thinking: Thinking,
        fault: Fault | None,
    ) -> web.StreamResponse:
        sending = Sending(request, self.head(), fault, self.pace)
        self.streams.append(sending.events)
        try:
            await sending.begin()
            await sending.send(opening(blank))
            made = await self._waited(thinking, sending.keep_alive)
            done = self._finish(turn, blank, made, fault)
            for index, item in enumerate(done["output"]):
                await sending.send(events_of(item, index))
            await sending.send([ending(done)])
        except Broken:
            if fault and fault.keeps and not thinking.made:
                self._finish(turn, blank, await thinking.run(), None)
        return await sending.end()

    async def _waited(self, thinking: Thinking, beat: Callable[[], Awaitable[None]]) -> list[Item]:
        """What the brain made, with a beat for each pulse it took."""
        running = asyncio.ensure_future(thinking.run())
        try:
            while not running.done():
                await asyncio.wait({running}, timeout=self.pulse)
                if not running.done():
                    await beat()
        except ConnectionError:
            if not self.carries_on:
                raise
            await running
        finally:
            running.cancel()
        return running.result()

    def _finish(self, turn: Turn, blank: Item, made: list[Item], fault: Fault | None) -> Item:
        done = self._desk.finish(turn, blank, made, fault)
        if done["status"] != "failed" and (not fault or fault.keeps):
            self._desk.remember(turn, done)
        return done

    def head(self) -> dict[str, str]:
        """The headers that tell one answer from another."""
        return {"x-request-id": self._ids("req"), "apim-request-id": self._ids("apim")}


async def _is_there(request: web.Request) -> None:
    if request.transport is None or request.transport.is_closing():
        raise ConnectionResetError("the client hung up")
