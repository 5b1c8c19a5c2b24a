"""Secrets inside an error reach none of the seven places that leave the product, whoever asks.

They are the card, its summary, what is spoken, the log, the store, what a model is sent, and what
a client of MCP is answered.
"""

import json
from collections.abc import AsyncGenerator, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import app
from adf.simulator.clock import wall_clock
from bot.hosting.settings import read_settings
from bot.mcp_server import open_handler
from bot.messages import Person
from tests.adf.planted_secrets import PlantedSecret, planted_secrets
from tests.doubles.teams import TENANT, Client, object_id
from tests.flows.crash.factory import LOAD, Factory
from tests.flows.model.misbehaving import Body, Misbehaving, Step, running_misbehaving
from tests.flows.test_store_holds_no_data import factories_file, files_of
from tests.harness import Product, running_product

# So many stand in one error that its card still shows each: the rest of a long one is left out.
TOGETHER = 10
WORDS = "The sink refused the row."


async def leaks(some: Sequence[PlantedSecret], folder: Path, log: pytest.LogCaptureFixture) -> str:
    """Which of them reach which place, after a run that says them all has failed."""
    factory, store = Factory("\n\n".join(one.text for one in some)), folder / "kept" / "store.db"
    declared = factories_file(folder)
    async with running_misbehaving(says) as model:
        settings: dict[str, Any] = {
            "ADFOPS_STORE": f"sqlite:///{store}",
            "ADFOPS_POLL_SECONDS": 1,
            "MODEL_ENDPOINT": model.url,
            "MODEL_API_KEY": "k",
        }
        async with running_product(factory.state, declared, wall_clock, **settings) as product:
            places = await places_of(product, factory, model, declared)
    places["log"] = log.text
    places["store"] = "".join(raw.decode("utf-8", "replace") for _, raw in files_of(store))
    assert "[redacted]" in places["card"]
    assert all(LOAD in places[name] for name in ("summary", "spoken", "model", "MCP", "store"))
    found = [(name, one.text) for name, at in places.items() for one in some if one.leaks_in(at)]
    return "\n".join(map(str, found))


def says(number: int, body: Body) -> Step:
    """The same words whatever is asked."""
    return Step(words=WORDS)


async def places_of(
    product: Product, factory: Factory, model: Misbehaving, declared: Path
) -> dict[str, str]:
    """What everybody is sent once the run has failed and people have looked into it."""
    maya = Client(service_url=product.connector.url)
    await product.ask(maya.in_channel("tell us when anything fails"))
    run_id = factory.breaks()
    await product.connector.wait_for(2)
    for question in (f"why did {LOAD} fail", f"what was the error message of {LOAD}"):
        await product.ask(maya.in_channel(question))
    await product.settled()
    activities = [one.activity for one in product.connector.sent]
    cards = [card["content"] for one in activities for card in one.get("attachments", ())]
    return {
        "card": plain(cards),
        "summary": plain([one.get("summary") for one in activities]),
        "spoken": plain([card.get("speak") for card in cards]),
        "model": plain(model.bodies),
        "MCP": "".join([text async for text in answers(product, factory, declared, run_id)]),
    }


async def answers(
    product: Product, factory: Factory, declared: Path, run_id: str
) -> AsyncGenerator[str]:
    """What each tool that shows a run answers to a client of MCP."""
    settings = read_settings(
        _env_file=None,
        ADFOPS_FACTORIES=str(declared),
        ADFOPS_ARM_URL=product.arm,
        ADFOPS_STORE="memory:",
        ADFOPS_LOCAL=True,
    )
    client = Person(person_id=object_id("Maya"), name="", tenant=TENANT)
    async with open_handler(app.mcp_setup_of(settings), wall_clock) as handler:
        for tool in handler.tools:
            known = {"pipeline": LOAD, "run_id": run_id, "text": factory.words}
            given = {k: v for k, v in known.items() if k in tool.schema["properties"]}
            yield (await handler.call(client, tool.name, given)).text


def plain(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def together() -> Iterator[Sequence[PlantedSecret]]:
    """Those of one line beside each other; of several, which take what stands around, alone."""
    every = list(planted_secrets())
    lines = [one for one in every if "\n" not in one.text]
    yield from (lines[at : at + TOGETHER] for at in range(0, len(lines), TOGETHER))
    yield from ([one] for one in every if "\n" in one.text)


async def test_no_planted_secret_reaches_any_of_the_seven_places(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="adfops")
    some = [one for one in planted_secrets() if "\n" not in one.text][::40]
    assert await leaks(some, tmp_path, caplog) == ""


@pytest.mark.prove
@pytest.mark.timeout(1_800)
async def test_none_of_all_of_them_does(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="adfops")
    found = ""
    for number, some in enumerate(together()):
        folder = tmp_path / str(number)
        folder.mkdir()
        caplog.clear()
        found += await leaks(some, folder, caplog)
    assert found == ""
