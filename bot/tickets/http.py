"""One call to a ticket system over HTTP: bounded, never repeated, never sent on elsewhere.

What decides is whether anything can have been done there. A plain refusal of ours (4xx) and a
connection that was never made tell that nothing was; everything else leaves it open. Below it, how
values are taken out of what was answered, in whatever form they came.
"""

import asyncio
import base64
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

import aiohttp

from adf.redaction import redact_start
from bot.tickets.plain_text import plain_line
from bot.tickets.ports import TicketRefused, TicketUnclear

log = logging.getLogger("adfops.tickets")

LIMIT_SECONDS = 10.0
LARGEST_ANSWER = 1_000_000
# Said before anything was done, but also by what stands in front of a system, after it was.
_UNSURE = frozenset({408, 425, 429})
_WORDS = 200
LONGEST_WORD = 80

Json = Any


def basic(user: str, secret: str) -> str:
    """The header of somebody who signs in by name and secret."""
    pair = base64.b64encode(f"{user}:{secret}".encode()).decode()
    return f"Basic {pair}"


class TicketHttp:
    """Calls below one address, signed in by headers."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base: str,
        headers: Mapping[str, str],
        *,
        limit: float = LIMIT_SECONDS,
    ) -> None:
        """Borrow the session; the headers are sent to this address and to no other."""
        self._session = session
        self._base = base.rstrip("/")
        self._headers = {"Accept": "application/json", **headers}
        self._limit = limit

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Json:
        """The JSON that is answered, None for none; TicketRefused or TicketUnclear otherwise."""
        more = {"Content-Type": "application/json"} if body is not None or content else {}
        data = json.dumps(body).encode() if body is not None else content
        try:
            async with (
                asyncio.timeout(self._limit),
                self._session.request(
                    method,
                    f"{self._base}{path}",
                    params=query,
                    data=data,
                    headers={**self._headers, **more, **(headers or {})},
                    allow_redirects=False,
                ) as response,
            ):
                return await _answer(response)
        except aiohttp.ClientConnectorError as error:
            raise TicketRefused("unreachable") from error
        except TimeoutError as error:
            raise TicketUnclear("no answer in time") from error
        except (aiohttp.ClientError, OSError) as error:
            raise TicketUnclear("connection lost") from error


async def _answer(response: aiohttp.ClientResponse) -> Json:
    status = response.status
    content = await response.content.read(LARGEST_ANSWER)
    # A sign-in page in place of an answer: 203 and redirects of Azure DevOps.
    if status == 203 or 300 <= status < 400:
        raise TicketRefused("401")
    if status >= 400:
        said = redact_start(content.decode(errors="replace"), _WORDS)[:_WORDS]
        log.warning("answered %d: %s", status, said)
        unsure = status >= 500 or status in _UNSURE
        raise (TicketUnclear if unsure else TicketRefused)(str(status))
    if not content.strip():
        return None
    try:
        return json.loads(content)
    except ValueError:
        raise TicketUnclear("no JSON") from None


def part(value: object, *path: str) -> Any:  # noqa: ANN401 - JSON of others
    """What lies under these names; None where there is nothing."""
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, object]", value).get(name)
    return value


def rows(value: object, *path: str) -> Sequence[Mapping[str, Any]]:
    """The objects of a list that lies under these names."""
    found = part(value, *path) if path else value
    listed = cast("Sequence[object]", found) if isinstance(found, list) else ()
    return [cast("Mapping[str, Any]", one) for one in listed if isinstance(one, Mapping)]


def word(value: object) -> str:
    """A short name or number of theirs, as plain text."""
    return plain_line(value, LONGEST_WORD) if isinstance(value, str | int) else ""


def needed(value: object) -> str:
    """The same, where an answer without it tells nothing."""
    found = word(value)
    if not found:
        raise TicketUnclear("no number in the answer")
    return found
