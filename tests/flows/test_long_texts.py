"""No text, of whatever shape and up to 10 MB, holds up the event loop for longer than 50 ms of CPU.

The factory that says it, and the person who asks, live in threads of their own: their work is not
counted.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adf.simulator.clock import running_clock, wall_clock
from bot.access.request_bodies import LARGEST_BODY
from tests.adf.hostile import bombs
from tests.doubles.teams import Client
from tests.flows.crash.factory import LOAD, Factory
from tests.flows.test_store_holds_no_data import factories_file
from tests.harness import running_product
from tests.loop_holds import LongestCallback, watching_callbacks

pytestmark = pytest.mark.prove

TEN_MEGABYTES = 10_000_000
LIMIT = 50.0
SHAPES = [name for name, _ in bombs(100)]
BEGINNINGS = ("", "what does this mean: ", "tell us when ", f"why did {LOAD} fail because ")
QUESTION = f"why did {LOAD} fail"


def shaped(name: str, length: int) -> str:
    """A text of that shape which JSON can carry."""
    text = next(text for shape, text in bombs(length) if shape == name)
    return text.encode("utf-8", "replace").decode("utf-8")


def is_short(longest: LongestCallback) -> None:
    print(f"{longest.milliseconds:.1f} ms: {longest.name[:150]}")
    assert longest.milliseconds <= LIMIT, longest.name


def test_there_are_fifty_shapes() -> None:
    assert len(set(SHAPES)) >= 50


@pytest.mark.parametrize("shape", SHAPES)
async def test_an_error_of_ten_megabytes_is_told_and_explained(shape: str, tmp_path: Path) -> None:
    clock = running_clock(seconds=asyncio.get_running_loop().time)
    factory = Factory(shaped(shape, TEN_MEGABYTES), clock)
    settings: dict[str, Any] = {"ADFOPS_POLL_SECONDS": 1}
    async with running_product(
        factory.state, factories_file(tmp_path), clock, is_apart=True, **settings
    ) as product:
        maya = Client(service_url=product.connector.url)
        await product.ask(maya.in_channel("tell us when anything fails"))
        with watching_callbacks() as longest:
            factory.breaks()
            await product.connector.wait_for(2)
            await product.ask(maya.in_channel(QUESTION))
            await product.ask(maya.in_channel(f"what was the error message of {LOAD}"))
    is_short(longest)


async def test_a_question_of_any_shape_is_answered(tmp_path: Path) -> None:
    factory = Factory()
    async with running_product(factory.state, factories_file(tmp_path), wall_clock) as product:
        maya = Client(service_url=product.connector.url)
        await product.ask(maya.in_channel(QUESTION))
        with watching_callbacks() as longest:
            for shape in SHAPES:
                # As long as a body may be, whatever the letters take in JSON.
                text = shaped(shape, LARGEST_BODY // 16)
                for begins in BEGINNINGS:
                    await product.ask(maya.in_channel(f"{begins}{text}"))
    is_short(longest)
