"""ServiceNow by its Table API: our key is the correlation id, comments are work notes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.tickets.http import TicketHttp, basic, needed, part, rows, word
from bot.tickets.ports import RemoteTicket
from bot.tickets.setup import TicketSetup
from cards.records import TicketText

# Resolved, closed, canceled.
_DONE = frozenset({"6", "7", "8"})
_FIELDS = "sys_id,number,state,correlation_id"
_CLOSE_CODE = "Solution provided"


class ServiceNow:
    """Tickets in a table of an instance; `incident` unless the settings name another."""

    settles_in = timedelta(minutes=1)

    def __init__(self, setup: TicketSetup, session: aiohttp.ClientSession) -> None:
        """Sign in by user and password, or by a token where no user is set."""
        self.name = setup.name
        sign_in = basic(setup.user, setup.secret) if setup.user else f"Bearer {setup.secret}"
        self._base = setup.url.rstrip("/")
        self._http = TicketHttp(session, setup.url, {"Authorization": sign_in})
        self._table = setup.type_name
        self._path = f"/api/now/table/{quote(self._table, safe='')}"
        self._group = setup.project

    async def find(self, key: str) -> RemoteTicket | None:
        """By correlation id; a row that does not carry it was not asked for.

        An instance ignores a part of a query that it does not know and lists everything.
        """
        query = {"sysparm_query": f"correlation_id={key}", "sysparm_limit": "2"}
        found = await self._http.call("GET", self._path, query={**query, **_shape()})
        fitting = [one for one in rows(found, "result") if _plain(one, "correlation_id") == key]
        return self._remote(fitting[0]) if fitting else None

    async def create(self, key: str, text: TicketText) -> RemoteTicket:
        """A row of the table."""
        body = {
            "short_description": text.title,
            "description": text.body,
            "correlation_id": key,
            "correlation_display": "ADF Ops",
            **({"assignment_group": self._group} if self._group else {}),
        }
        made = await self._http.call("POST", self._path, body=body, query=_shape())
        return self._remote(part(made, "result"))

    async def get(self, remote_id: str) -> RemoteTicket:
        """The row."""
        found = await self._http.call("GET", self._row(remote_id), query=_shape())
        return self._remote(part(found, "result"))

    async def comment(self, remote_id: str, words: str, mark: str) -> None:
        """A work note."""
        body = {"work_notes": f"{words}\n({mark})"}
        await self._http.call("PATCH", self._row(remote_id), body=body, query=_shape())

    async def has_comment(self, remote_id: str, mark: str) -> bool:
        """Work notes are one text, the newest first."""
        query = {"sysparm_display_value": "true", "sysparm_fields": "work_notes"}
        found = await self._http.call("GET", self._row(remote_id), query=query)
        return f"({mark})" in str(part(found, "result", "work_notes") or "")

    async def close(self, remote_id: str, words: str) -> None:
        """To resolved, with the code and the notes that an instance asks for."""
        body = {"state": "6", "close_code": _CLOSE_CODE, "close_notes": words}
        await self._http.call("PATCH", self._row(remote_id), body=body, query=_shape())

    def _row(self, remote_id: str) -> str:
        return f"{self._path}/{quote(remote_id, safe='')}"

    def _remote(self, row: object) -> RemoteTicket:
        fields: Mapping[str, Any] = row if isinstance(row, Mapping) else {}  # pyright: ignore[reportUnknownVariableType]
        remote_id = needed(_plain(fields, "sys_id"))
        page = quote(f"{self._table}.do?sys_id={remote_id}", safe="")
        return RemoteTicket(
            remote_id=remote_id,
            number=needed(_plain(fields, "number")),
            url=f"{self._base}/nav_to.do?uri={page}",
            status=word(part(fields, "state", "display_value")),
            is_done=_plain(fields, "state") in _DONE,
        )


def _shape() -> dict[str, str]:
    """Each field both as it is stored and as people read it, and no others."""
    return {"sysparm_display_value": "all", "sysparm_fields": _FIELDS}


def _plain(row: Mapping[str, Any], field: str) -> str:
    value = part(row, field, "value")
    return str(value) if value is not None else ""
