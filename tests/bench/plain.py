"""Plain botbuilder, as its samples show it: CloudAdapter, ActivityHandler, the SDK's typed models.

Usage: python -m tests.bench.plain PORT ARM_URL
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from typing import cast

from aiohttp import web
from azure.mgmt.datafactory.aio import DataFactoryManagementClient
from azure.mgmt.datafactory.models import RunFilterParameters, RunQueryFilter
from botbuilder.core import ActivityHandler, CardFactory, MessageFactory, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

from adf.client.simulator_transport import LoopbackBearer, LoopbackCredential
from tests.bench.bots import DEMO, card_of


class Anonymous:
    """The configuration of a bot without an identity."""

    APP_ID = ""
    APP_PASSWORD = ""
    APP_TYPE = "MultiTenant"


class StatusBot(ActivityHandler):
    """Answers every message with the newest run."""

    def __init__(self, client: DataFactoryManagementClient) -> None:
        self._client = client

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        now = datetime.now(UTC)
        wanted = RunQueryFilter(
            operand="PipelineName", operator="Equals", values_property=["CustomerDataETL"]
        )
        query = RunFilterParameters(
            last_updated_after=now - timedelta(hours=48), last_updated_before=now, filters=[wanted]
        )
        found = await self._client.pipeline_runs.query_by_factory(
            DEMO.resource_group, DEMO.name, query
        )
        newest = max(found.value, key=lambda run: run.run_start or now)
        content = card_of(newest.as_dict())
        reply = MessageFactory.attachment(CardFactory.adaptive_card(content))
        reply.summary = content["speak"]
        await turn_context.send_activity(reply)


async def serve(port: int, arm: str) -> None:
    """Answer until the process is ended."""
    credential = LoopbackCredential()
    policy = LoopbackBearer(credential, "https://management.azure.com/.default")
    client = DataFactoryManagementClient(
        credential, DEMO.subscription, base_url=arm, authentication_policy=policy
    )
    bot = StatusBot(client)
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Anonymous()))

    async def receive(request: web.Request) -> web.StreamResponse:
        return (
            cast("web.StreamResponse | None", await adapter.process(request, bot)) or web.Response()
        )

    app = web.Application()
    app.router.add_post("/api/messages", receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
