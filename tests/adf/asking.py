"""The tools of Data Factory put to a simulator by the official client, on a real socket."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from aiohttp import web

from adf.client import Factories
from adf.client.sdk import SdkWire
from adf.records import (
    ChangeLog,
    Factory,
    PipelineNotes,
    QueueReport,
    RuntimeReport,
    TriggerReport,
)
from adf.simulator import Roles, State, make_simulator
from adf.tool import Toolbox, ToolCall
from adf.tools import ADF_TOOLS, Adf
from cards import card_for
from cards.text_rendering import read_card

BERLIN = ZoneInfo("Europe/Berlin")
NOTES = {"Ledger": PipelineNotes(due="06:00 UTC")}


@asynccontextmanager
async def asking(
    state: State,
    roles: Roles | None = None,
    group: str = "rg-lab",
    name: str = "adf-lab",
    observe: Callable[[ToolCall], None] = lambda _: None,
) -> AsyncGenerator[Toolbox]:
    """A toolbox that asks a served state; everybody may do what `roles` allow."""
    app = make_simulator(state, roles=roles)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    wire = SdkWire("sub", f"http://127.0.0.1:{runner.addresses[0][1]}")
    factory = Factory(alias="lab", subscription="sub", resource_group=group, name=name, notes=NOTES)
    factories = Factories([factory], "lab", lambda _: wire)
    try:
        yield Toolbox(ADF_TOOLS, [Adf(factories=factories, clock=state.clock)], observe)
    finally:
        await wire.close()
        await runner.cleanup()


def card_text(record: TriggerReport | RuntimeReport | QueueReport | ChangeLog) -> str:
    """What a person in Berlin reads on the card of a record."""
    card = card_for(record, now=record.as_of, zone=BERLIN)
    return read_card(card.content, BERLIN).text
