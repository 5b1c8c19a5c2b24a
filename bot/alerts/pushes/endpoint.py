"""POST /api/alerts: prove who calls, read what it is about, answer 202, have the factory polled.

Nothing that is sent has another effect: no text of it is stored, shown or put to a model. The same
alert sent again is answered alike and wakes nobody.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from aiohttp import web
from cachetools import LRUCache, TTLCache

from adf.records import Factory
from bot.access.audit import AuditLog
from bot.access.entra_tokens import KeysUnavailable
from bot.access.request_bodies import object_in, read_raw
from bot.alerts.pushes.callers import PushCallers, UnknownCaller
from bot.alerts.pushes.payload import PushedAlert, WrongPush, read_push
from bot.messages import Address, Person, Scope

log = logging.getLogger("adfops.pushes")

ROUTE = "/api/alerts"
MOST_KNOWN = 10_000
# Strangers must not fill the store: of one kind of refusal this often is written down.
AUDIT_SECONDS = 60.0
MOST_AUDITED = 1_000
_NOWHERE = Address(
    scope=Scope.PERSONAL,
    tenant="",
    service_url="",
    conversation=f"POST {ROUTE}",
    bot_id="",
    bot_name="",
)
Wake = Callable[[Sequence[str]], None]
"""Has some factories polled now."""


class AlertsEndpoint:
    """Takes alerts of Azure Monitor and of pipelines."""

    def __init__(
        self,
        *,
        callers: PushCallers,
        factories: Sequence[Factory],
        wake: Wake,
        audit: AuditLog,
        clock: Callable[[], datetime],
    ) -> None:
        """Borrow everything."""
        self._callers = callers
        self._factories = factories
        self._wake = wake
        self._audit = audit
        self._clock = clock
        self._known: LRUCache[str, None] = LRUCache(MOST_KNOWN)
        self._audited: TTLCache[str, None] = TTLCache(
            MOST_AUDITED, AUDIT_SECONDS, timer=lambda: clock().timestamp()
        )

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one request: 202, or a 4xx with an audit line."""
        try:
            body = await read_raw(request)
        except web.HTTPException as error:
            await self._refused("", error.text or error.reason, error.reason)
            raise
        caller = await self._prove(request, body)
        alert = await self._read(caller, body)
        if alert.key not in self._known:
            self._known[alert.key] = None
            log.info("%s of %s, pushed by %s", alert.condition, alert.factories, caller)
            self._wake(alert.factories)
        return web.Response(status=202)

    async def _prove(self, request: web.Request, body: bytes) -> str:
        try:
            return await self._callers.prove(request.headers, body, self._clock())
        except UnknownCaller as error:
            await self._refused("", str(error), str(error))
            raise web.HTTPUnauthorized(text="the caller is not known") from None
        except KeysUnavailable as error:
            log.warning("an alert cannot be checked: %s", error)
            raise web.HTTPServiceUnavailable(text="try again later") from None

    async def _read(self, caller: str, body: bytes) -> PushedAlert:
        """What the body is about; a 400 or 422 says to a proven caller what is wrong with it."""
        marked = hashlib.sha256(body).hexdigest()
        try:
            return read_push(object_in(body), self._factories)
        except web.HTTPBadRequest as error:
            await self._refused(caller, error.text or "", marked)
            raise
        except WrongPush as error:
            await self._refused(caller, error.why, marked)
            raise web.HTTPUnprocessableEntity(text=error.why) from None

    async def _refused(self, caller: str, why: str, mark: str) -> None:
        """Write a refusal down; of what strangers send again and again only a line in the log."""
        key = f"{caller}|{why}|{mark}"
        if key in self._audited:
            log.warning("refused an alert again: %s", why)
            return
        self._audited[key] = None
        person = Person(person_id=caller, name="", tenant="")
        await self._audit.refused(person, _NOWHERE, right="alert", factory="", why=why)
