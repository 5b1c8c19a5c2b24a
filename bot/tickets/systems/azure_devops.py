"""Azure DevOps work items by REST 7.1: our key is a tag, text is HTML in which all is escaped."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.tickets.http import TicketHttp, basic, needed, part, rows, word
from bot.tickets.ports import RemoteTicket, TicketRefused
from bot.tickets.setup import TicketSetup
from cards.records import TicketText

_VERSION = {"api-version": "7.1"}
_COMMENTS = {"api-version": "7.1-preview.4"}
_PATCH = {"Content-Type": "application/json-patch+json"}
_ENDS = ("Completed", "Resolved")
_TAGS = "System.Tags"
_BY_TAG = (
    "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project "
    "AND [System.Tags] CONTAINS '{key}'"
)


class AzureDevOps:
    """Work items of one project of an organization."""

    settles_in = timedelta(minutes=1)

    def __init__(self, setup: TicketSetup, session: aiohttp.ClientSession) -> None:
        """Sign in by a personal access token, which needs no user."""
        self.name = setup.name
        project = quote(setup.project, safe="")
        self._base = f"{setup.url.rstrip('/')}/{project}"
        header = {"Authorization": basic(setup.user, setup.secret)}
        self._http = TicketHttp(session, self._base, header)
        self._type = quote(setup.type_name, safe="")

    async def find(self, key: str) -> RemoteTicket | None:
        """By tag; a query tells ids alone, so each is read and must carry the tag."""
        # A key is ours: letters, digits and hyphens.
        wiql = _BY_TAG.replace("{key}", key)
        path, body = "/_apis/wit/wiql", {"query": wiql}
        found = await self._http.call("POST", path, body=body, query={**_VERSION, "$top": "2"})
        for one in rows(found, "workItems"):
            item = await self._item(needed(one.get("id")))
            if key in _tags(item):
                return self._remote(item)
        return None

    async def create(self, key: str, text: TicketText) -> RemoteTicket:
        """A work item."""
        fields = {
            "System.Title": text.title,
            "System.Description": html(text),
            _TAGS: f"adf-ops; {key}",
        }
        path = f"/_apis/wit/workitems/${self._type}"
        made = await self._http.call(
            "POST", path, body=_adding(fields), query=_VERSION, headers=_PATCH
        )
        return self._remote(made)

    async def get(self, remote_id: str) -> RemoteTicket:
        """The work item with its state."""
        return self._remote(await self._item(remote_id))

    async def comment(self, remote_id: str, words: str, mark: str) -> None:
        """A comment of plain lines."""
        body = {"text": _lines(f"{words}\n({mark})".splitlines())}
        await self._http.call("POST", self._comments(remote_id), body=body, query=_COMMENTS)

    async def has_comment(self, remote_id: str, mark: str) -> bool:
        """Among the newest comments."""
        query = {**_COMMENTS, "$top": "200", "order": "desc"}
        found = await self._http.call("GET", self._comments(remote_id), query=query)
        return any(f"({mark})" in str(one.get("text")) for one in rows(found, "comments"))

    async def close(self, remote_id: str, words: str) -> None:
        """To the state of its type that its process takes for the end."""
        del words
        states = await self._states()
        ends = [name for end in _ENDS for name, category in states.items() if category == end]
        if not ends:
            raise TicketRefused("no state")
        body = _adding({"System.State": ends[0]})
        path = f"/_apis/wit/workitems/{quote(remote_id, safe='')}"
        await self._http.call("PATCH", path, body=body, query=_VERSION, headers=_PATCH)

    async def _item(self, remote_id: str) -> Mapping[str, Any]:
        path = f"/_apis/wit/workitems/{quote(remote_id, safe='')}"
        return await self._http.call("GET", path, query=_VERSION)

    async def _states(self) -> Mapping[str, str]:
        path = f"/_apis/wit/workitemtypes/{self._type}/states"
        listed = rows(await self._http.call("GET", path, query=_VERSION), "value")
        return {str(one.get("name")): str(one.get("category")) for one in listed}

    def _comments(self, remote_id: str) -> str:
        return f"/_apis/wit/workItems/{quote(remote_id, safe='')}/comments"

    def _remote(self, item: object) -> RemoteTicket:
        number = needed(part(item, "id"))
        status = word(part(item, "fields", "System.State"))
        return RemoteTicket(
            remote_id=number,
            number=number,
            url=f"{self._base}/_workitems/edit/{quote(number, safe='')}",
            status=status,
            is_done=status.lower() in {"closed", "done", "resolved", "removed"},
        )


def html(text: TicketText) -> str:
    """A text as HTML: lines, the error as it is, our own link as a link."""
    parts = [_lines(text.lines)]
    if text.error:
        parts.append(f"<pre>{escape(text.error)}</pre>")
    if text.thread:
        parts.append(f'<div><a href="{escape(text.thread)}">Open in Microsoft Teams</a></div>')
    return "".join(parts)


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"<div>{escape(one)}</div>" for one in lines if one)


def _adding(fields: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
    return [
        {"op": "add", "path": f"/fields/{name}", "value": value} for name, value in fields.items()
    ]


def _tags(item: Mapping[str, Any]) -> Sequence[str]:
    return [one.strip() for one in str(part(item, "fields", _TAGS) or "").split(";")]
