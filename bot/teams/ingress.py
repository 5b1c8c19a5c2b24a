"""The endpoint of the Bot Framework: authenticate, check, claim, answer 202, and only then work.

Teams sends a message again when no answer comes within 15 seconds, and a card click again under a
new id; so what is claimed twice is answered alike and worked on once.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, cast

import orjson
from aiohttp import web
from botbuilder.schema import Activity, ConversationAccount

from bot.messages import Arrival, CardClick, Message
from bot.teams.adapter import Refused, TeamsAdapter
from bot.teams.identity import is_loopback
from bot.teams.inbound import read_activity, tenants_of

log = logging.getLogger("adfops.teams.ingress")

LARGEST_BODY = 256 * 1024
DRAIN_SECONDS = 25.0
WORKING = "I am on it: the answer comes below."
CHANNELS = frozenset({"msteams"})

Json = Mapping[str, Any]
Incoming = Message | CardClick | Arrival


class Handlers(Protocol):
    """What the endpoint needs of the bot."""

    async def claim(self, key: str, incoming: Incoming) -> bool:
        """Write down what came in; False when it is there already."""
        ...

    async def take(self, key: str, incoming: Incoming) -> None:
        """Answer what was claimed."""
        ...


class Ingress:
    """POST /api/messages."""

    def __init__(
        self, adapter: TeamsAdapter, handlers: Handlers, clock: Callable[[], datetime]
    ) -> None:
        """Borrow the adapter and whoever answers."""
        self._adapter = adapter
        self._handlers = handlers
        self._clock = clock
        self._working: set[asyncio.Task[None]] = set()

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one request of the Bot Framework; nothing runs before it is believed."""
        wire = await _read(request)
        await self._check(request, wire)
        if wire["type"] == "invoke":
            return await self._answer_invoke(wire)
        incoming = read_activity(wire, self._clock())
        if incoming is not None:
            await self._claim(_key(wire, incoming), incoming)
        return web.Response(status=202)

    async def drain(self) -> None:
        """Let what was begun come to its end, within a time limit."""
        if self._working:
            await asyncio.wait(self._working, timeout=DRAIN_SECONDS)

    async def _check(self, request: web.Request, wire: Json) -> None:
        """401 for a sender that is not believed, 403 for one that may not come in."""
        identity = self._adapter.identity
        if identity.local and not is_loopback(request.remote):
            raise _denied(403, "local mode takes messages of this machine only", wire)
        try:
            await self._adapter.authenticate(
                request.headers.get("Authorization", ""), _for_authentication(wire)
            )
        except Refused as refused:
            raise _denied(401, str(refused), wire) from None
        if not identity.takes_service(wire.get("serviceUrl")):
            raise _denied(403, "the service URL is no Bot Connector", wire)
        if wire.get("channelId") not in CHANNELS:
            raise _denied(403, "another channel than Teams", wire)
        tenants = tenants_of(wire)
        if not tenants or not all(identity.takes_tenant(one) for one in tenants):
            raise _denied(403, "a tenant that is not allowed", wire)

    async def _answer_invoke(self, wire: Json) -> web.Response:
        """An invoke is answered at once; what it asks for is worked on after."""
        if wire.get("name") == "message/submitAction":
            return web.json_response({})
        if wire.get("name") != "adaptiveCard/action":
            return web.json_response({"message": "not supported"}, status=501)
        click = read_activity(wire, self._clock())
        if click is None:
            error = {"code": "BadRequest", "message": "The button sent nothing that can be read."}
            return _invoke_response(400, "application/vnd.microsoft.error", error)
        await self._claim(_key(wire, click), click)
        return _invoke_response(200, "application/vnd.microsoft.activity.message", WORKING)

    async def _claim(self, key: str, incoming: Incoming) -> None:
        if await self._handlers.claim(key, incoming):
            task = asyncio.create_task(self._take(key, incoming))
            self._working.add(task)
            task.add_done_callback(self._working.discard)

    async def _take(self, key: str, incoming: Incoming) -> None:
        try:
            await self._handlers.take(key, incoming)
        except Exception:
            log.exception("could not answer %s, claim %s", type(incoming).__name__, key[:12])


async def _read(request: web.Request) -> Json:
    """The body as a JSON object with a type; 400, 413 or 415 otherwise."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send application/json")
    if (request.content_length or 0) > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, request.content_length or 0)
    body = await request.content.read(LARGEST_BODY + 1)
    while len(body) <= LARGEST_BODY and not request.content.at_eof():
        body += await request.content.read(LARGEST_BODY + 1 - len(body))
    if len(body) > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(LARGEST_BODY, len(body))
    try:
        wire: object = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise web.HTTPBadRequest(text="the body is not JSON") from None
    if not isinstance(wire, dict) or not isinstance(cast("Json", wire).get("type"), str):
        raise web.HTTPBadRequest(text="the body is no activity: an object with a type")
    return cast("Json", wire)


def _for_authentication(wire: Json) -> Activity:
    """The few fields that the SDK's authentication reads."""
    url, channel = wire.get("serviceUrl"), wire.get("channelId")
    return Activity(
        type=str(wire["type"]),
        service_url=url if isinstance(url, str) else "",
        channel_id=channel if isinstance(channel, str) else "",
        conversation=ConversationAccount(id=_thread(wire)),
    )


def _key(wire: Json, incoming: Incoming) -> str:
    """What makes two deliveries the same: the id, or for a click all that does not change."""
    parts: list[object] = [*tenants_of(wire), _thread(wire)]
    if isinstance(incoming, CardClick):
        parts += [incoming.on_message, incoming.speaker.person_id, incoming.verb]
        parts.append(json.dumps(dict(incoming.data), sort_keys=True))
    else:
        parts += [type(incoming).__name__, wire.get("id")]
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _thread(wire: Json) -> str:
    talk = wire.get("conversation")
    return str(cast("Json", talk).get("id", "")) if isinstance(talk, dict) else ""


def _denied(status: int, why: str, wire: Json) -> web.HTTPException:
    """The refusal, logged without anything that a stranger wrote."""
    thread = hashlib.sha256(_thread(wire).encode()).hexdigest()[:12]
    log.warning("refused with %d: %s (conversation %s)", status, why, thread)
    return web.HTTPUnauthorized() if status == 401 else web.HTTPForbidden()


def _invoke_response(status: int, kind: str, value: object) -> web.Response:
    return web.json_response({"statusCode": status, "type": kind, "value": value})
