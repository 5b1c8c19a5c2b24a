"""A brain with our own understanding calls what the offline agent would call."""

import json
from collections.abc import Callable
from zoneinfo import ZoneInfo

from adf.client import Factories
from adf.records import Pipeline
from adf.tool import Toolbox, ToolCall
from adf.tools import ADF_TOOLS, Adf
from bot.agents.interface import Question, ToolboxFor
from tests.adf.fake_wire import FakeWire
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.answers.test_agent import BAD, FACTORY, HERE, MAYA, NOW
from tests.bot.agents.plain_help import BOT_TOOLS, BotFacts
from tests.doubles.foundry import Heard, Item
from tests.doubles.foundry.clients import output, user
from tests.doubles.foundry.understanding import OfflineForesight, Understanding

TOOLS: tuple[Item, ...] = tuple({"type": "function", "name": one.name} for one in ADF_TOOLS)


def tools(observe: Callable[[ToolCall], None]) -> ToolboxFor:
    wire = FakeWire()
    run = wire_run(BAD, "Stock")
    wire.run_pages, wire.runs = [[run]], {BAD: run}
    wire.activity_pages[BAD] = [[wire_activity("Load")]]
    factories = Factories([FACTORY], "shop", lambda _: wire)
    facts = BotFacts(name="ADF Ops", factories=factories.aliases)
    subjects = [Adf(factories=factories, clock=lambda: NOW), facts]
    return lambda _: Toolbox((*ADF_TOOLS, *BOT_TOOLS), subjects, observe)


async def inventory(question: Question) -> list[Pipeline]:
    return [Pipeline(factory="shop", name="Stock")]


def question(text: str) -> Question:
    return Question(
        text=text,
        speaker=MAYA,
        address=HERE,
        now=NOW,
        zone=ZoneInfo("Europe/Berlin"),
        factory="shop",
        factories=("shop",),
    )


def heard(*items: Item, declared: tuple[Item, ...] = TOOLS) -> Heard:
    return Heard(items=items, tools=declared, body={"conversation": "conv_1"})


def asked(text: str) -> Item:
    """A message of ours: facts first, then the person's own words."""
    parts = [{"type": "input_text", "text": one} for one in ("Facts of this turn.", text)]
    return {"type": "message", "role": "user", "content": parts}


async def test_the_calls_that_are_foreseen_are_made_and_then_words_are_said() -> None:
    brain = Understanding(OfflineForesight(tools, inventory, question), "It failed.")
    made = await brain.reply(heard(asked("Did Stock run through?")))
    assert [one["name"] for one in made] == ["adf_pipeline_runs"]
    assert json.loads(made[0]["arguments"])["pipeline"] == "Stock"
    call = {**made[0], "call_id": "call_1"}
    done = heard(asked("Did Stock run through?"), call, output("call_1", "{}"))
    assert (await brain.reply(done))[0]["content"][0]["text"] == "It failed."


async def test_a_follow_up_is_understood_and_what_is_not_declared_is_not_called() -> None:
    brain = Understanding(OfflineForesight(tools, inventory, question))
    await brain.reply(heard(asked("Did Stock run through?")))
    said = await brain.reply(heard(user("why did it fail?"), declared=()))
    assert [one["type"] for one in said] == ["message"]
    again = await brain.reply(heard(user("why did it fail?")))
    assert "Stock" in json.dumps([one.get("arguments") for one in again])
