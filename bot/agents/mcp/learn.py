"""Answers a question from Microsoft's documentation, by a search and without a language model."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, cast

from adf.cache import Scope
from adf.redaction import redact
from adf.tool import Arguments, tool
from bot.agents.mcp.tools import McpTools
from bot.agents.untrusted import is_allowed, plain, readable
from cards.records import DocsAnswer, PageSource

_CODE = re.compile(r"(?ms)^[ \t]*(```|~~~).*?(?:^[ \t]*\1|\Z)")
_TAG = re.compile(r"<[^<>]{0,300}>")
_PICTURE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,600}\)")
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,600}\)")
_NO_PROSE = re.compile(r"^\s*(?:#|\||:::|---|===|>\s*\[!)")
_LEAD = re.compile(r"^\s*(?:>\s*)*(?:[-*+]\s+|\d{1,3}[.)]\s+)?")
_EMPHASIS = re.compile(r"(\*{1,3}|_{2,3}|`)(?=\S)(.{1,300}?)(?<=\S)\1")
_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(A-Z0-9])")
SHORTEST = 12


def sentences(text: str) -> Iterator[str]:
    """Each sentence of the prose, in order."""
    for paragraph in _paragraphs(_LINK.sub(r"\1", _PICTURE.sub("", _CODE.sub("\n\n", text)))):
        for one in _END.split(paragraph):
            if len(one.strip()) >= SHORTEST:
                yield one.strip()


def _paragraphs(text: str) -> Iterator[str]:
    """Lines that belong together as one; a heading, a list item or an empty line begins anew."""
    lines: list[str] = []
    for line in text.splitlines():
        is_prose = bool(line.strip()) and not _NO_PROSE.match(line)
        lead = _LEAD.match(line)
        if lines and (not is_prose or (lead and lead[0].strip())):
            yield " ".join(lines)
            lines = []
        if is_prose:
            lines.append(_clean(line))
    if lines:
        yield " ".join(lines)


def _clean(line: str) -> str:
    return " ".join(_EMPHASIS.sub(r"\2", _TAG.sub("", _LEAD.sub("", line))).split())


SEARCH = "microsoft_docs_search"
LONGEST_QUERY = 300
LONGEST_FINDING = 420
LONGEST_POINT = 200
LONGEST_TITLE = 120
MOST_SOURCES = 4
LIMIT = 15.0
NOTHING = "Microsoft's documentation has nothing for these words."
_WORD = re.compile(r"\w{3,}")
_SHORT = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Learn:
    """The server that searches Microsoft's documentation."""

    tools: McpTools

    def scope_of(self, arguments: Arguments) -> Scope:
        """Its pages are the same for everybody."""
        return (self.tools.label,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One piece of a page."""

    title: str
    url: str
    sentences: tuple[str, ...]


@tool(progress="Searching Microsoft Learn", reads=True, limit=LIMIT)
async def learn_docs_search(
    learn: Learn,
    query: Annotated[str, "what to look for, in a few words of English"],
) -> DocsAnswer:
    """Search Microsoft's documentation of Azure Data Factory: how something works or is done."""
    asked = plain(redact(query), LONGEST_QUERY)
    result = await learn.tools.read(SEARCH, query=asked)
    hits = list(_hits(result.data, learn.tools))[:MOST_SOURCES] if not result.is_error else []
    if not hits:
        return DocsAnswer(question=asked, finding=NOTHING)
    return DocsAnswer(
        question=asked,
        finding=plain(" ".join(_telling(hits[0].sentences, asked, 2)), LONGEST_FINDING),
        points=tuple(
            plain(f"{one.title}: {' '.join(_telling(one.sentences, asked, 1))}", LONGEST_POINT)
            for one in hits[1:]
        ),
        sources=tuple(PageSource(title=one.title, url=one.url) for one in hits),
    )


LEARN_TOOLS = (learn_docs_search,)


def _hits(data: object, tools: McpTools) -> Iterator[Hit]:
    """What was found, each page once; without words or on another host it does not count."""
    seen: set[str] = set()
    for one in _rows(data):
        url, title = str(one.get("contentUrl", "")), str(one.get("title", ""))
        said = tuple(sentences(readable(str(one.get("content", "")), tools.hosts)))
        page = url.partition("#")[0]
        if said and page not in seen and is_allowed(url, tools.hosts):
            seen.add(page)
            yield Hit(title=plain(title, LONGEST_TITLE) or page, url=url, sentences=said)


def _rows(data: object) -> Sequence[Mapping[str, Any]]:
    listed = cast("Mapping[str, object]", data).get("results") if isinstance(data, dict) else data
    rows = cast("list[object]", listed) if isinstance(listed, list) else []
    return [cast("Mapping[str, Any]", one) for one in rows if isinstance(one, dict)]


def _telling(said: Sequence[str], asked: str, most: int) -> Sequence[str]:
    """The first sentences that speak of what was asked; the first ones where none does."""
    wanted = {_stem(word) for word in _WORD.findall(asked.lower())}
    fitting = [one for one in said if wanted & {_stem(word) for word in _WORD.findall(one.lower())}]
    return (fitting or said)[:most]


def _stem(word: str) -> str:
    """The beginning of a word, so that "reruns" finds "rerun"."""
    return word[:_SHORT]
