"""Any other system by a webhook: each call is signed over its time and its body.

`X-ADFOps-Signature: t=<seconds>,v1=<hex>` is the HMAC-SHA256 of "<seconds>.<body>". The receiver
takes two calls with one Idempotency-Key for one, and answers a ticket as
{"number": ..., "url": ..., "status": ..., "done": false}; `GET ?key=` asks for one, 404 for none.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.tickets.http import TicketHttp, needed, part, word
from bot.tickets.ports import RemoteTicket, TicketRefused
from bot.tickets.setup import TicketSetup
from cards.records import TicketText

SIGNATURE = "X-ADFOps-Signature"


class Webhook:
    """Tickets behind one address; the key is what a ticket is called in every call."""

    settles_in = timedelta(minutes=1)

    def __init__(
        self, setup: TicketSetup, session: aiohttp.ClientSession, clock: Callable[[], datetime]
    ) -> None:
        """Sign with the secret of the settings."""
        self.name = setup.name
        self._secret = setup.secret.encode()
        self._origin = urlsplit(setup.url)
        self._http = TicketHttp(session, setup.url, {})
        self._clock = clock

    async def find(self, key: str) -> RemoteTicket | None:
        """The ticket of a key."""
        try:
            found = await self._signed("GET", key.encode(), key, query={"key": key})
        except TicketRefused as refused:
            if refused.code == "404":
                return None
            raise
        return self._remote(found, key)

    async def create(self, key: str, text: TicketText) -> RemoteTicket:
        """A call that opens a ticket."""
        said = {"title": text.title, "text": text.body, "thread": text.thread}
        return self._remote(await self._post("open", key, key, said), key)

    async def get(self, remote_id: str) -> RemoteTicket:
        """The ticket as its receiver tells of it."""
        found = await self._signed("GET", remote_id.encode(), remote_id, query={"key": remote_id})
        return self._remote(found, remote_id)

    async def comment(self, remote_id: str, words: str, mark: str) -> None:
        """A call that adds a comment; sent twice it is one, by its idempotency key."""
        await self._post("comment", remote_id, f"{remote_id}-{mark}", {"text": words})

    async def has_comment(self, remote_id: str, mark: str) -> bool:
        """Nobody can tell; a second call with the same idempotency key adds nothing."""
        del remote_id, mark
        return False

    async def close(self, remote_id: str, words: str) -> None:
        """A call that closes a ticket."""
        await self._post("close", remote_id, f"{remote_id}-close", {"text": words})

    async def _post(self, event: str, key: str, once: str, said: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON of others
        body = json.dumps({"event": event, "key": key, **said}).encode()
        return await self._signed("POST", body, once, content=body)

    async def _signed(
        self,
        method: str,
        signed: bytes,
        once: str,
        *,
        content: bytes | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 - JSON of others
        headers = {
            SIGNATURE: signature(self._secret, self._clock(), signed),
            "Idempotency-Key": once,
        }
        return await self._http.call(method, "", query=query, headers=headers, content=content)

    def _remote(self, found: object, key: str) -> RemoteTicket:
        return RemoteTicket(
            remote_id=key,
            number=needed(part(found, "number")),
            url=self._own_page(part(found, "url")),
            status=word(part(found, "status")),
            is_done=part(found, "done") is True,
        )

    def _own_page(self, url: object) -> str:
        """A page on the receiver's own host; another one is not shown."""
        try:
            parts = urlsplit(url) if isinstance(url, str) else None
        except ValueError:
            return ""
        if parts is None or (parts.scheme, parts.netloc) != self._origin[:2]:
            return ""
        return str(url)


def signature(secret: bytes, now: datetime, body: bytes) -> str:
    """The header of a call."""
    seconds = str(int(now.timestamp()))
    digest = hmac.new(secret, seconds.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
