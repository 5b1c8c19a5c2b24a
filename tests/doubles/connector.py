"""The Bot Connector on a real socket: keeps every raw request, answers ids, fails when told to."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.doubles.streams import Streams, streaminfo

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request of the bot, as it arrived; `at` is the clock of the event loop in seconds.

    `path` is the raw one; `conversation` and `activity_id` are decoded from it. `port` is the one
    it came from.
    """

    method: str
    path: str
    conversation: str
    activity_id: str | None
    activity: Json
    authorization: str | None
    at: float
    port: int = 0

    @property
    def card(self) -> Json | None:
        """The Adaptive Card of a message, if it carries one."""
        attachments = self.activity.get("attachments") or ()
        return attachments[0]["content"] if attachments else None


def port_of(request: web.Request) -> int:
    """The port of this machine that a request came from."""
    peer = request.transport.get_extra_info("peername") if request.transport else None
    return int(peer[1]) if peer else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the connector does instead of accepting.

    It answers `status` after `delay` seconds, or with `drops` takes the request and never answers.
    A `text` is sent as it is, in the place of the JSON body.
    """

    status: int = 500
    body: Json = field(default_factory=dict[str, Any])
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    drops: bool = False


Meanwhile = Callable[[Sent], Awaitable[None]]


class ConnectorDouble:
    """Everything the bot sent, in order; `faults` are answered first, one for each request.

    `members` are what the roster tells of somebody, by account; of everybody else that they belong
    to the organisation. `roster` is who is listed as members of every conversation, and
    `roster_faults` are answered in the place of both. `meanwhile` is done once a request was taken
    and before it is answered. `streams` hold messages that grow to their rules.
    """

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.faults: list[Fault] = []
        self.members: dict[str, Json] = {}
        self.roster: list[Json] = []
        self.roster_faults: list[Fault] = []
        self.looked_up: list[tuple[str, str]] = []
        self.meanwhile: Meanwhile | None = None
        self.streams = Streams()
        self.url = ""
        self._arrived = asyncio.Condition()

    @property
    def messages(self) -> list[Sent]:
        """The messages among what was sent: no typing, no edits."""
        return [one for one in self.sent if _is_message(one)]

    @property
    def pieces(self) -> list[Sent]:
        """The parts of streams among what was sent, the last one of each too."""
        return [one for one in self.sent if streaminfo(one.activity)]

    @property
    def edits(self) -> list[Sent]:
        """The edits of earlier messages among what was sent."""
        return [one for one in self.sent if one.method == "PUT"]

    def id_of(self, sent: Sent) -> str:
        """The id that a message was answered with; a sign of typing before it takes one too."""
        return f"message-{1 + next(at for at, one in enumerate(self.sent) if one is sent)}"

    async def wait_for(
        self, count: int, what: Callable[[Sent], bool] | None = None, limit: float = 120
    ) -> list[Sent]:
        """Wait until that many requests arrived that fit; messages by default."""
        fits = what or _is_message
        async with asyncio.timeout(limit), self._arrived:
            await self._arrived.wait_for(lambda: sum(map(fits, self.sent)) >= count)
        return [one for one in self.sent if fits(one)]

    async def receive(self, request: web.Request) -> web.Response:
        """Keep a request and answer it."""
        sent = await self._keep(request)
        number = len(self.sent)
        if self.meanwhile:
            await self.meanwhile(sent)
        if self.faults and request.method != "DELETE":
            return await _fail(request, self.faults.pop(0))
        if streaminfo(sent.activity):
            talk = sent.conversation
            status, body = self.streams.answer(f"message-{number}", talk, sent.activity)
            return web.json_response(body, status=status)
        return web.json_response({"id": f"message-{number}"}, status=201)

    async def tell_member(self, request: web.Request) -> web.Response:
        """One member of a conversation, as Teams' roster tells it."""
        room, account = request.match_info["conversation"], request.match_info["member"]
        self.looked_up.append((room, account))
        if self.roster_faults:
            return await _fail(request, self.roster_faults.pop(0))
        ours = {"userRole": "user", "userPrincipalName": "somebody@contoso.com"}
        return web.json_response({"id": account, **self.members.get(account, ours)})

    async def list_members(self, request: web.Request) -> web.Response:
        """A page of the members of a conversation, two on each."""
        room, at = (
            request.match_info["conversation"],
            int(request.query.get("continuationToken", 0)),
        )
        self.looked_up.append((room, "page"))
        if self.roster_faults:
            return await _fail(request, self.roster_faults.pop(0))
        page, more = self.roster[at : at + 2], at + 2 < len(self.roster)
        token = {"continuationToken": str(at + 2)} if more else {}
        return web.json_response({"members": page, **token})

    async def _keep(self, request: web.Request) -> Sent:
        body: Json = await request.json() if request.can_read_body else {"type": ""}
        one = Sent(
            method=request.method,
            path=request.raw_path,
            conversation=request.match_info["conversation"],
            activity_id=request.match_info.get("activity"),
            activity=body,
            authorization=request.headers.get("Authorization"),
            at=asyncio.get_running_loop().time(),
            port=port_of(request),
        )
        async with self._arrived:
            self.sent.append(one)
            self._arrived.notify_all()
        return one


async def _fail(request: web.Request, fault: Fault) -> web.Response:
    await asyncio.sleep(fault.delay)
    if fault.drops and request.transport:
        request.transport.abort()
    text = json.dumps(fault.body) if fault.text is None else fault.text
    return web.json_response(text=text, status=fault.status, headers=fault.headers)


@asynccontextmanager
async def running_connector() -> AsyncGenerator[ConnectorDouble]:
    """A connector on a free port; its `url` is the service URL of its activities."""
    double = ConnectorDouble()
    app = web.Application()
    app.router.add_post("/v3/conversations/{conversation}/activities", double.receive)
    for add in (app.router.add_post, app.router.add_put, app.router.add_delete):
        add("/v3/conversations/{conversation}/activities/{activity}", double.receive)
    app.router.add_get("/v3/conversations/{conversation}/pagedmembers", double.list_members)
    app.router.add_get("/v3/conversations/{conversation}/members/{member}", double.tell_member)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    double.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield double
    finally:
        await runner.cleanup()


def _is_message(sent: Sent) -> bool:
    return sent.method == "POST" and sent.activity.get("type") == "message"
