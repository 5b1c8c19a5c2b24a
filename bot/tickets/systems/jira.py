"""Jira by REST: v3 for Cloud, v2 for Data Center; our key is a label.

In v3 text is a document of nodes, in which plain text stays plain. In v2 it is wiki markup: what
could start some is escaped there.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.tickets.http import TicketHttp, basic, needed, part, rows, word
from bot.tickets.ports import RemoteTicket, TicketRefused
from bot.tickets.setup import TicketKind, TicketSetup
from cards.records import TicketText

_DONE = "done"
_WIKI = re.compile(r"([{}\[\]*_+^~!|\\?])")
_WIKI_LINE = re.compile(r"(?m)^([^\S\n]*)(?=[-#]|h[1-6]\.|bq\.)")
MOST_COMMENTS = "100"


class Jira:
    """Issues of one project."""

    # A new issue is searchable once it was indexed.
    settles_in = timedelta(minutes=2)

    def __init__(self, setup: TicketSetup, session: aiohttp.ClientSession) -> None:
        """Sign in by e-mail address and API token, or by a token alone where no user is set."""
        self.name = setup.name
        sign_in = basic(setup.user, setup.secret) if setup.user else f"Bearer {setup.secret}"
        self._base = setup.url.rstrip("/")
        self._http = TicketHttp(session, setup.url, {"Authorization": sign_in})
        self._is_cloud = setup.kind is TicketKind.JIRA
        self._api = "/rest/api/3" if self._is_cloud else "/rest/api/2"
        self._project = setup.project
        self._type = setup.type_name

    async def find(self, key: str) -> RemoteTicket | None:
        """By label; an issue that does not carry it was not asked for."""
        path = f"{self._api}/search/jql" if self._is_cloud else f"{self._api}/search"
        body = {"jql": f'labels = "{key}"', "fields": ["status", "labels"], "maxResults": 2}
        if self._is_cloud:
            found = await self._http.call("POST", path, body=body)
        else:
            query = {"jql": str(body["jql"]), "fields": "status,labels", "maxResults": "2"}
            found = await self._http.call("GET", path, query=query)
        fitting = [one for one in rows(found, "issues") if key in _labels(one)]
        return self._remote(fitting[0]) if fitting else None

    async def create(self, key: str, text: TicketText) -> RemoteTicket:
        """An issue; its answer has no state yet."""
        fields = {
            "project": {"key": self._project},
            "issuetype": {"name": self._type},
            "summary": text.title,
            "description": document(text) if self._is_cloud else wiki(text),
            "labels": ["adf-ops", key],
        }
        made = await self._http.call("POST", f"{self._api}/issue", body={"fields": fields})
        return self._remote(made)

    async def get(self, remote_id: str) -> RemoteTicket:
        """The issue with its state."""
        query = {"fields": "status,labels"}
        return self._remote(await self._http.call("GET", self._issue(remote_id), query=query))

    async def comment(self, remote_id: str, words: str, mark: str) -> None:
        """A comment of plain paragraphs."""
        said = f"{words}\n({mark})"
        body = {"body": _document([*_paragraphs(said)]) if self._is_cloud else _escaped(said)}
        await self._http.call("POST", f"{self._issue(remote_id)}/comment", body=body)

    async def has_comment(self, remote_id: str, mark: str) -> bool:
        """Among the newest comments."""
        query = {"orderBy": "-created", "maxResults": MOST_COMMENTS}
        found = await self._http.call("GET", f"{self._issue(remote_id)}/comment", query=query)
        return any(f"({mark})" in str(one.get("body")) for one in rows(found, "comments"))

    async def close(self, remote_id: str, words: str) -> None:
        """By the first transition that leads to a state of the category "done"."""
        del words
        path = f"{self._issue(remote_id)}/transitions"
        listed = rows(await self._http.call("GET", path), "transitions")
        done = [one for one in listed if part(one, "to", "statusCategory", "key") == _DONE]
        if not done:
            raise TicketRefused("no transition")
        await self._http.call("POST", path, body={"transition": {"id": str(done[0].get("id"))}})

    def _issue(self, remote_id: str) -> str:
        return f"{self._api}/issue/{quote(remote_id, safe='')}"

    def _remote(self, issue: object) -> RemoteTicket:
        number = needed(part(issue, "key"))
        status = part(issue, "fields", "status")
        return RemoteTicket(
            # Jira goes on to find an issue by its old key when it is moved to another project.
            remote_id=number,
            number=number,
            url=f"{self._base}/browse/{quote(number, safe='')}",
            status=word(part(status, "name")),
            is_done=part(status, "statusCategory", "key") == _DONE,
        )


def document(text: TicketText) -> Mapping[str, Any]:
    """A text as a document: paragraphs, the error as a block of code, our own link as a link."""
    content = [_paragraph(_plain(one)) for one in text.lines if one]
    if text.error:
        content.append({"type": "codeBlock", "content": [_plain(text.error)]})
    if text.thread:
        link = {"type": "link", "attrs": {"href": text.thread}}
        content.append(_paragraph({**_plain("Open in Microsoft Teams"), "marks": [link]}))
    return _document(content)


def wiki(text: TicketText) -> str:
    """A text as wiki markup in which nothing of it is markup."""
    lines = [_escaped(one) for one in text.lines]
    # Inside, only the end of the block means anything.
    error = text.error.replace("{noformat}", "{ noformat}")
    quoted = ["{noformat}", error, "{noformat}"] if error else []
    thread = [f"[Open in Microsoft Teams|{text.thread}]"] if text.thread else []
    return "\n".join([*lines, *quoted, *thread])


def _document(content: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"type": "doc", "version": 1, "content": list(content)}


def _paragraphs(words: str) -> Sequence[Mapping[str, Any]]:
    return [_paragraph(_plain(one)) for one in words.splitlines() if one]


def _paragraph(node: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "paragraph", "content": [node]}


def _plain(words: str) -> Mapping[str, Any]:
    return {"type": "text", "text": words}


def _escaped(words: str) -> str:
    return _WIKI_LINE.sub(r"\1\\", _WIKI.sub(r"\\\1", words))


def _labels(issue: Mapping[str, Any]) -> Sequence[str]:
    found = part(issue, "fields", "labels")
    return [str(one) for one in found] if isinstance(found, list) else []  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
