"""The endpoint of the Bot Framework: authenticate, check, claim, answer 202, and only then work."""

import asyncio
import hashlib
import logging
import re
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, cast

import orjson
from aiohttp import web
from botbuilder.schema import Activity, ConversationAccount
from cachetools import LRUCache

from bot.access.request_bodies import Json, object_in, read_raw
from bot.messages import EDIT_VERB, Address, Arrival, CardClick, Message, PressResult
from bot.state.background import BackgroundTasks
from bot.state.store import UnsupportedByTables
from bot.teams.activities import person_of, read_activity, tenants_of
from bot.teams.adapter import TeamsAdapter
from bot.teams.errors import CannotTell, ForeignSender
from bot.teams.identity import is_loopback
from bot.teams.person_sign_in import EXCHANGE, SIGN_IN_INVOKES, PersonSignIn
from bot.teams.replies import CARD, at_place

log = logging.getLogger("adfops.teams.ingress")

# The platform ends a process half a minute after it asked for it, and there is more to do.
DRAIN_SECONDS = 15.0
# Teams gives an invoke 5 seconds in some clients; what takes longer is shown by an edit.
PRESS_SECONDS = 3.0
MOST_PRESSES = 500
# Bodies of senders that are not believed, read at once: for an answer that says what is wrong.
MOST_STRANGERS = 32
# Some clients leave it below the card for good.
WORKING = "The answer comes below."
CHANNELS = frozenset({"msteams"})
LOCAL_CHANNELS = CHANNELS | {"emulator"}
_HOST = re.compile(r"\[?([0-9a-z.:]+?)\]?(?::\d+)?", re.IGNORECASE)
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host")

Incoming = Message | CardClick | Arrival


class Handlers(Protocol):
    """What the endpoint needs of the bot."""

    async def claim(self, key: str, incoming: Incoming) -> bool:
        """Write down what came in; False when it is there already."""
        ...

    async def handle(self, key: str, incoming: Incoming) -> PressResult | None:
        """Answer what was claimed; for a press, what whoever pressed is shown."""
        ...


class MessagesEndpoint:
    """POST /api/messages."""

    def __init__(
        self,
        adapter: TeamsAdapter,
        handlers: Handlers,
        clock: Callable[[], datetime],
        drain_seconds: float = DRAIN_SECONDS,
        press_seconds: float = PRESS_SECONDS,
        sign_in: PersonSignIn | None = None,
    ) -> None:
        """Borrow the adapter and whoever answers; a press waits `press_seconds` for its answer.

        With `sign_in` some presses are not taken before their person is signed in.
        """
        self._sign_in = sign_in
        self._adapter = adapter
        self._handlers = handlers
        self._clock = clock
        self._drain_seconds = drain_seconds
        self._press_seconds = press_seconds
        self._working = BackgroundTasks()
        self._strangers = asyncio.Semaphore(MOST_STRANGERS)
        self._presses: LRUCache[str, asyncio.Task[PressResult | None]] = LRUCache(MOST_PRESSES)

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one request of the Bot Framework; nothing runs before it is believed."""
        wire = await self._read(request)
        await self._check(request, wire)
        if wire["type"] == "invoke":
            return await self._answer_invoke(wire)
        incoming = read_activity(wire, self._clock())
        if incoming is not None:
            await self._claim(_key(wire, incoming), incoming)
        return web.Response(status=202)

    async def settled(self) -> None:
        """Wait until everything that came in is answered."""
        await self._working.settled()

    async def drain(self) -> None:
        """Let what was begun come to its end; what takes too long is stopped, still claimed."""
        await self._working.close(self._drain_seconds)

    async def _check(self, request: web.Request, wire: Json) -> None:
        """401 for a sender that is not believed, 403 for one that may not come in."""
        identity = self._adapter.identity
        if identity.local and not _is_of_this_machine(request):
            raise _denied(403, "local mode takes messages of this machine only", wire)
        await self._believe(request, wire)
        if not identity.takes_service(wire.get("serviceUrl")):
            raise _denied(403, "the service URL is no Bot Connector", wire)
        channel = wire.get("channelId")
        if str(channel) not in (LOCAL_CHANNELS if identity.local else CHANNELS):
            raise _denied(403, "another channel than Teams", wire)
        tenants = tenants_of(wire)
        if not all(map(identity.takes_tenant, tenants)) or not (tenants or identity.local):
            raise _denied(403, "a tenant that is not allowed", wire)

    async def _read(self, request: web.Request) -> Json:
        """The body; only so many of strangers at once, and the others are refused unread."""
        try:
            await self._adapter.recognize(_authorization(request))
        except (ForeignSender, CannotTell):
            if self._strangers.locked():
                await self._believe(request, {"type": ""})
            async with self._strangers:
                return await read_body(request)
        return await read_body(request)

    async def _believe(self, request: web.Request, wire: Json) -> None:
        header = _authorization(request)
        try:
            await self._adapter.authenticate(header, _for_authentication(wire))
        except ForeignSender as refused:
            raise _denied(401, str(refused), wire) from None
        except CannotTell as trouble:
            raise _denied(503, str(trouble), wire) from None

    async def _answer_invoke(self, wire: Json) -> web.Response:
        """An invoke is answered at once; what it asks for is worked on after."""
        if wire.get("name") == "message/submitAction":
            return web.json_response({})
        if self._sign_in is not None and wire.get("name") in SIGN_IN_INVOKES:
            return await _sign_in(self._sign_in, wire)
        if wire.get("name") != "adaptiveCard/action":
            return web.json_response({"message": "not supported"}, status=501)
        click = read_activity(wire, self._clock())
        if click is None:
            error = {"code": "BadRequest", "message": "The button sent nothing that can be read."}
            return _invoke_response(400, "application/vnd.microsoft.error", error)
        if self._sign_in is not None and isinstance(click, CardClick):
            needed = await self._sign_in.before(click, wire)
            if needed is not None:
                return _invoke_response(needed.status, needed.kind, needed.value)
        key = _key(wire, click)
        await self._claim(key, click)
        return _answer_to(await self._soon(key), click.address)

    async def _soon(self, key: str) -> PressResult | None:
        """What a press gave back, also to the same press sent again; None when it takes longer."""
        pressing = self._presses.get(key)
        if pressing is None:
            return None
        await asyncio.wait([pressing], timeout=self._press_seconds)
        return pressing.result() if pressing.done() and not pressing.cancelled() else None

    async def _claim(self, key: str, incoming: Incoming) -> None:
        try:
            is_new = await self._handlers.claim(key, incoming)
        except UnsupportedByTables as error:
            # Told 503, Teams would send again what can never be stored.
            log.warning("refused what cannot be stored, claim %s: %s", key[:12], error)
            raise web.HTTPBadRequest(text="an id or a text is too long") from None
        except Exception:
            log.exception("could not write down %s, claim %s", type(incoming).__name__, key[:12])
            raise web.HTTPServiceUnavailable from None
        if is_new:
            task = self._working.start(self._take(key, incoming))
            if isinstance(incoming, CardClick):
                self._presses[key] = task

    async def _take(self, key: str, incoming: Incoming) -> PressResult | None:
        try:
            return await self._handlers.handle(key, incoming)
        except Exception:
            log.exception("could not answer %s, claim %s", type(incoming).__name__, key[:12])
            return None


def _authorization(request: web.Request) -> str:
    """The header; of several none is believed, as another reader might take another one."""
    headers = request.headers.getall("Authorization", [])
    return headers[0] if len(headers) == 1 else ""


def _is_of_this_machine(request: web.Request) -> bool:
    """Whether a request began here: not from a proxy or tunnel, nor for another host's name."""
    came_through = any(name in request.headers for name in FORWARDED)
    name = _HOST.fullmatch(request.host)
    return is_loopback(request.remote) and not came_through and bool(name and is_loopback(name[1]))


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
    parts: list[object] = [type(incoming).__name__, *tenants_of(wire), _thread(wire)]
    if isinstance(incoming, CardClick):
        parts += [incoming.on_message, incoming.speaker.person_id, incoming.verb]
        parts.append(dict(incoming.data))
        # Pressed again within the minute, it shall look again.
        parts += [wire.get("id"), wire.get("timestamp")] if incoming.verb == EDIT_VERB else []
    else:
        parts.append(wire.get("id"))
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _thread(wire: Json) -> str:
    talk = wire.get("conversation")
    return str(cast("Json", talk).get("id", "")) if isinstance(talk, dict) else ""


def _denied(status: int, why: str, wire: Json) -> web.HTTPException:
    """The refusal, logged without anything that a stranger wrote."""
    thread = hashlib.sha256(_thread(wire).encode()).hexdigest()[:12]
    log.warning("refused with %d: %s (conversation %s)", status, why, thread)
    kinds = {401: web.HTTPUnauthorized, 503: web.HTTPServiceUnavailable}
    return kinds.get(status, web.HTTPForbidden)()


def _answer_to(pressed: PressResult | None, address: Address) -> web.Response:
    """What Teams shows to whoever pressed, and to nobody else: the card as it is now, or words."""
    if pressed and pressed.card:
        return _invoke_response(200, CARD, at_place(pressed.card.content, address.place))
    words = pressed.words if pressed and pressed.words else WORKING
    return _invoke_response(200, "application/vnd.microsoft.activity.message", words)


async def _sign_in(sign_in: PersonSignIn, wire: Json) -> web.Response:
    """A sign-in beside any press: 412 tells Teams that it has to ask the person."""
    if wire.get("name") == EXCHANGE:
        failed = await sign_in.exchanged(person_of(wire), wire)
        return web.json_response(failed or {}, status=412 if failed else 200)
    is_verified = await sign_in.verified(person_of(wire), wire)
    return web.json_response({}, status=200 if is_verified else 412)


def _invoke_response(status: int, kind: str, value: object) -> web.Response:
    return web.json_response({"statusCode": status, "type": kind, "value": value})


async def read_body(request: web.Request) -> Json:
    """Read an activity; raises 400, 408, 413 or 415."""
    wire = object_in(await read_raw(request))
    if not isinstance(wire.get("type"), str):
        raise web.HTTPBadRequest(text="the body is no activity: an object with a type")
    return wire
