"""The floor: the least that answers a status question, on bare aiohttp and orjson.

One ARM query, one card as a plain dict, one POST to the connector; no SDK, no checks, no store.
Usage: python -m tests.bench.floor PORT ARM_URL
"""

import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
from aiohttp import web

from tests.bench.bots import FACTORY_PATH, card_of

SESSION = web.AppKey("session", aiohttp.ClientSession)


async def answer(session: aiohttp.ClientSession, arm: str, asked: Mapping[str, Any]) -> None:
    """Query the runs and post the card."""
    now = datetime.now(UTC)
    query = {
        "lastUpdatedAfter": (now - timedelta(hours=48)).isoformat(),
        "lastUpdatedBefore": now.isoformat(),
        "filters": [
            {"operand": "PipelineName", "operator": "Equals", "values": ["CustomerDataETL"]}
        ],
        "orderBy": [{"orderBy": "RunStart", "order": "DESC"}],
    }
    url = f"{arm}{FACTORY_PATH}/queryPipelineRuns?api-version=2018-06-01"
    headers = {"Authorization": "Bearer loopback", "Content-Type": "application/json"}
    async with session.post(url, data=orjson.dumps(query), headers=headers) as response:
        runs = orjson.loads(await response.read())["value"]
    content = card_of(runs[0])
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    reply = {"type": "message", "summary": content["speak"], "attachments": [attachment]}
    thread = quote(asked["conversation"]["id"], safe="")
    to = f"{asked['serviceUrl']}v3/conversations/{thread}/activities"
    async with session.post(to, data=orjson.dumps(reply), headers=headers) as response:
        await response.read()


async def serve(port: int, arm: str) -> None:
    """Answer until the process is ended."""
    tasks: set[asyncio.Task[None]] = set()
    async with aiohttp.ClientSession() as session:

        async def receive(request: web.Request) -> web.Response:
            asked = orjson.loads(await request.read())
            task = asyncio.create_task(answer(session, arm, asked))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            return web.Response(status=202)

        app = web.Application()
        app.router.add_post("/api/messages", receive)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
