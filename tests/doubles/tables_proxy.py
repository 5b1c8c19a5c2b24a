"""A proxy before Azurite that does what the service does on a bad day.

Faults are used up one for each request: a status (429, 500, 503) with nothing done, `LOST` (done,
and no answer), `FAILED` (done, and answered with 500), `CUT` (not done, and no answer).
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from yarl import URL

from tests.doubles.azurite import Azurite

OK, LOST, FAILED, CUT = "ok", "lost", "failed", "cut"
Fault = int | str


class TablesProxy:
    """A running proxy; `faults` is what becomes of the next requests."""

    def __init__(self, azurite: Azurite) -> None:
        self._azurite = azurite
        self.faults: Sequence[Fault] = ()
        self.retry_after = ""
        self.requests: list[str] = []
        self.always: Fault = OK
        self.url = ""
        self.met = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["TablesProxy"]:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        table = self._azurite.new_table().rpartition("/")[2]
        self.url = f"http://{host}:{port}/devstoreaccount1/{table}"
        try:
            async with aiohttp.ClientSession(auto_decompress=False) as self._session:
                yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request.method)
        self.met.set()
        fault, self.faults = (*self.faults, self.always)[0], self.faults[1:]
        if isinstance(fault, int):
            return self._refusal(fault)
        if fault != CUT:
            answer = await self._forward(request)
            if fault == OK:
                return answer
            if fault == FAILED:
                return self._refusal(500)
        if request.transport:
            request.transport.close()
        return web.Response()

    async def _forward(self, request: web.Request) -> web.StreamResponse:
        url = f"http://127.0.0.1:{self._azurite.port}{request.raw_path}"
        kept = {name: value for name, value in request.headers.items() if name != "Host"}
        async with self._session.request(
            request.method,
            URL(url, encoded=True),
            data=await request.read() or None,
            headers=kept,
        ) as answer:
            body = await answer.read()
            headers = {
                name: value
                for name, value in answer.headers.items()
                if name.lower() not in {"transfer-encoding", "content-length", "connection"}
            }
            return web.Response(status=answer.status, body=body, headers=headers)

    def _refusal(self, status: int) -> web.Response:
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        codes = {404: "TableNotFound", 503: "ServerBusy"}
        code = codes.get(status, "OperationTimedOut")
        body = {"odata.error": {"code": code, "message": {"lang": "en-US", "value": "busy"}}}
        return web.json_response(body, status=status, headers=headers)
