"""A documentation server like Microsoft Learn, over MCP on a real socket, with pages of its own."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any

import uvicorn
from mcp.server import MCPServer
from mcp.types import CallToolResult, ContentBlock, TextContent, ToolAnnotations
from pydantic import Field

from tests.doubles.pages import PAGES, Page, Text, words_in

READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True)
WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=True)


@dataclass(slots=True, kw_only=True)
class LearnDouble:
    """What it holds and what it was asked; `failure` is told instead of any answer.

    `plant` puts text at the end of a page. `delay` are the seconds before each answer.
    """

    pages: list[Page] = field(default_factory=lambda: list(PAGES))
    asked: list[tuple[str, Mapping[str, Any]]] = field(
        default_factory=list[tuple[str, Mapping[str, Any]]]
    )
    failure: str | None = None
    delay: float = 0.0
    url: str = ""

    def plant(self, text: str, path: str = PAGES[0].path) -> Page:
        """Put text into a page, as somebody who may edit it could; the page as it then is."""
        page = next(one for one in self.pages if one.path == path)
        planted = Page(path=path, title=page.title, text=f"{page.text}\n\n{text}")
        self.pages[self.pages.index(page)] = planted
        return planted

    async def microsoft_docs_search(
        self, query: Annotated[str, Field(description="What to look for in the documentation.")]
    ) -> CallToolResult:
        """Search official Microsoft documentation, at most 10 pieces of it."""
        self.asked.append(("microsoft_docs_search", {"query": query}))
        words = words_in(query)
        best = sorted(self.pages, key=lambda page: -len(words & page.words))
        return await self._hits([page.found() for page in best[:10] if words & page.words])

    async def microsoft_docs_fetch(
        self, url: Annotated[str, Field(description="URL of the page to read.")]
    ) -> CallToolResult:
        """Fetch a page of the Microsoft documentation as Markdown."""
        self.asked.append(("microsoft_docs_fetch", {"url": url}))
        page = next((one for one in self.pages if one.url == url.split("#")[0]), None)
        if page is None:
            return _failed(f"Page not found: {url}")
        return await self._told(f"# {page.title}\n\n{page.text}")

    async def microsoft_code_sample_search(
        self,
        query: Annotated[str, Field(description="What the code should do.")],
        language: Annotated[str | None, Field(description="Language of the code.")] = None,
    ) -> CallToolResult:
        """Search samples of code in the Microsoft documentation."""
        asked = {"query": query, "language": language}
        self.asked.append(("microsoft_code_sample_search", asked))
        blocks = [
            {"codeSnippet": code, "language": written_in, "link": page.url}
            for page in self.pages
            for written_in, code in re.findall(r"```(\w+)\n(.*?)```", page.text, re.DOTALL)
            if language in (None, written_in) and words_in(query) & page.words
        ]
        return await self._hits(blocks)

    async def submit_feedback(
        self, text: Annotated[str, Field(description="What to tell the authors.")]
    ) -> CallToolResult:
        """Send feedback about a page to its authors."""
        self.asked.append(("submit_feedback", {"text": text}))
        return await self._told("Thank you.")

    async def _hits(self, found: Sequence[Text]) -> CallToolResult:
        results: dict[str, Any] = {"results": list(found)}
        return await self._told(json.dumps(results), results)

    async def _told(self, text: str, structured: dict[str, Any] | None = None) -> CallToolResult:
        await asyncio.sleep(self.delay)
        if self.failure is not None:
            return _failed(self.failure)
        content: list[ContentBlock] = [TextContent(type="text", text=text)]
        return CallToolResult(content=content, structured_content=structured)


def make_learn(double: LearnDouble) -> MCPServer[Any]:
    """The tools of the real server under their names and arguments, and one that writes."""
    server: MCPServer[Any] = MCPServer("Microsoft Learn MCP Server", log_level="ERROR")
    for tool in (
        double.microsoft_docs_search,
        double.microsoft_docs_fetch,
        double.microsoft_code_sample_search,
    ):
        server.add_tool(tool, annotations=READS)
    server.add_tool(double.submit_feedback, annotations=WRITES)
    return server


@asynccontextmanager
async def running_learn(port: int = 0) -> AsyncGenerator[LearnDouble]:
    """The server on a free port; its `url` is what an MCP client is given."""
    double = LearnDouble()
    # Without naming TCP the socket has no TCP_NODELAY, and each answer waits 40 ms for the kernel.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", port))
    double.url = f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
    app = make_learn(double).streamable_http_app(stateless_http=True, json_response=True)
    told = uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=1)
    server = _Quiet(told)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    await server.up.wait()
    try:
        yield double
    finally:
        server.should_exit = True
        await serving
        listening.close()


class _Quiet(uvicorn.Server):
    """A server that tells when it is up, and leaves the signals of the process alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def _failed(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
