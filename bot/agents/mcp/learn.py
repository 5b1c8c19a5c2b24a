"""Answers a question from Microsoft's documentation, by a search and without a language model."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any, cast

from markdown_it import MarkdownIt
from markdown_it.token import Token

from adf.cache import Scope
from adf.redaction import redact_start
from adf.tool import Arguments, tool
from bot.agents.mcp.tools import McpTools, Result
from bot.agents.untrusted import is_allowed, plain, readable
from cards.records import DocsAnswer, PageSource

# A piece of a page may begin in the middle of a list, so an indented line is prose, not code.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "lheading"])
_TAG = re.compile(r"<[^<>]{0,300}>")
# Learn's own marks: a picture or a note as `:::image` or `[!NOTE]`, and half of a table.
_NO_PROSE = re.compile(r"^\s*(?:\||:::|\[!)")
_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(A-Z0-9])")
SHORTEST = 12
LONGEST_PAGE = 6_000


def sentences(text: str) -> Iterator[str]:
    """Each sentence of the prose, in order."""
    for paragraph in _paragraphs(text[:LONGEST_PAGE]):
        for one in _END.split(paragraph):
            if len(one.strip()) >= SHORTEST:
                yield one.strip()


def _paragraphs(text: str) -> Iterator[str]:
    """The text of each paragraph, also in a list or a quotation; no headings, tables or code."""
    opened = ""
    for token in _MARKDOWN.parse(text):
        if token.type == "inline" and opened == "paragraph_open":
            lines = "".join(map(_text_of, token.children or ())).splitlines()
            prose = " ".join(line for line in lines if not _NO_PROSE.match(line))
            yield " ".join(_TAG.sub("", prose).split())
        opened = token.type


def _text_of(token: Token) -> str:
    match token.type:
        case "text" | "code_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case _:
            return ""


SEARCH = "microsoft_docs_search"
LONGEST_QUERY = 300
LONGEST_FINDING = 420
LONGEST_POINT = 200
LONGEST_TITLE = 120
MOST_SOURCES = 4
MOST_ROWS = 20
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
    """Search Microsoft's documentation of Azure Data Factory: how something works or is done.

    Use for how-to and product limits.
    """
    asked = plain(redact_start(query, LONGEST_QUERY), LONGEST_QUERY)
    result = await learn.tools.read(SEARCH, query=asked)
    hits = await asyncio.to_thread(_first_hits, result, learn.tools)
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


def _first_hits(result: Result, tools: McpTools) -> Sequence[Hit]:
    """In a thread: the parser takes 150 ms for a page that was written to be hard to parse."""
    return [] if result.is_error else list(islice(_hits(result.data, tools), MOST_SOURCES))


def _hits(data: object, tools: McpTools) -> Iterator[Hit]:
    """What was found, each page once; without words or on another host it does not count."""
    seen: set[str] = set()
    for one in _rows(data):
        url, title = str(one.get("contentUrl", "")), str(one.get("title", ""))
        prose = sentences(str(one.get("content", "")))
        said = tuple(readable(sentence, tools.hosts) for sentence in prose)
        page = url.partition("#")[0]
        if said and page not in seen and is_allowed(url, tools.hosts):
            seen.add(page)
            yield Hit(title=plain(title, LONGEST_TITLE) or page, url=url, sentences=said)


def _rows(data: object) -> Sequence[Mapping[str, Any]]:
    listed = cast("Mapping[str, object]", data).get("results") if isinstance(data, dict) else data
    rows = cast("list[object]", listed) if isinstance(listed, list) else []
    return [cast("Mapping[str, Any]", one) for one in rows[:MOST_ROWS] if isinstance(one, dict)]


def _telling(said: Sequence[str], asked: str, most: int) -> Sequence[str]:
    """The first sentences that speak of what was asked; the first ones where none does."""
    wanted = {_stem(word) for word in _WORD.findall(asked.lower())}
    fitting = [one for one in said if wanted & {_stem(word) for word in _WORD.findall(one.lower())}]
    return (fitting or said)[:most]


def _stem(word: str) -> str:
    """The beginning of a word, so that "reruns" finds "rerun"."""
    return word[:_SHORT]
