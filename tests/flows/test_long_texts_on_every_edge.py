"""Whichever way a long text comes in, no callback of the event loop uses over 50 ms of CPU for it.

Names, parameters and annotations of a factory come in 10 MB together, pages of documentation and
words of a model in 10 MB each; what is posted to us comes as large as a body may be, since more is
refused. The doubles live in threads of their own, whose work is not counted.
"""

import json
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from adf.simulator.clock import wall_clock
from adf.simulator.world.definitions import pipeline_properties
from bot.access.request_bodies import LARGEST_BODY
from bot.alerts.pushes.callers import SIGNATURE, signature_of
from bot.hosting.config_files import WrongFile, read_file
from tests.adf.hostile import bombs
from tests.doubles.learn import running_learn
from tests.doubles.pages import Page
from tests.doubles.teams import Client
from tests.flows.crash.factory import LOAD, Factory
from tests.flows.model.misbehaving import Step, running_misbehaving
from tests.flows.test_store_holds_no_data import factories_file
from tests.harness import Product, apart, running_product
from tests.loop_holds import LongestCallback, watching_callbacks

TEN_MEGABYTES = 10_000_000
LIMIT = 50.0
SHAPES = [name for name, _ in bombs(100)]
SAMPLE = random.Random(5).sample(SHAPES, 3)
SECRET = "a secret of more than 32 characters"
QUESTIONS = (
    f"why did {LOAD} fail",
    f"status of {LOAD}",
    f"what parameters did the last run of {LOAD} have",
    f"what does {LOAD} do",
    "list all pipelines",
    "what is running",
)
SUBMITS = (
    *("ask", "explain", "judge", "trace", "ack", "resolve", "assign", "mute", "split", "approve"),
    *("withdraw", "show_proposal", "open_ticket", "allow_call", "unknown"),
)


def texts(shapes: Sequence[str], length: int) -> Iterator[str]:
    """A text of each of these shapes which JSON can carry."""
    for name, text in bombs(length):
        if name in shapes:
            yield text.encode("utf-8", "replace").decode("utf-8")


def is_short(longest: LongestCallback) -> None:
    print(f"{longest.milliseconds:.1f} ms: {longest.name[:150]}")
    assert longest.milliseconds <= LIMIT, longest.name


def factory_with(text: str) -> Factory:
    """Parameters, annotations, items and the name of a pipeline are that text."""
    factory = Factory()
    (adf,) = factory.state.factories
    run = adf.planned(factory.breaks(), wall_clock())
    changed = replace(run.run, parameters={"path": text, text: "x"}, annotations=(text,))
    steps = [replace(one, name=text) for one in run.activities]
    adf.change(replace(run, run=changed, activities=tuple(steps)), wall_clock())
    cast("dict[str, Any]", adf.pipelines)[text] = pipeline_properties(
        (), annotations=(text,), parameters={text: {"type": "string", "defaultValue": text}}
    )
    return factory


@asynccontextmanager
async def product_of(
    factory: Factory,
    folder: Path,
    **settings: Any,  # noqa: ANN401 - settings are of any kind
) -> AsyncGenerator[tuple[Product, Client]]:
    """The product over that factory, and somebody who asks."""
    async with running_product(
        factory.state, factories_file(folder), wall_clock, is_apart=True, **settings
    ) as product:
        maya = Client(service_url=product.connector.url)
        await product.ask(maya.in_channel("How do I rerun a failed pipeline?"))
        yield product, maya


async def post(url: str, body: bytes, **headers: str) -> int:
    """The status that a body of JSON gets."""
    head = {"Content-Type": "application/json", **headers}
    async with (
        aiohttp.ClientSession(headers=head) as session,
        session.post(url, data=body) as answer,
    ):
        await answer.read()
        return answer.status


async def asks_about_names(shapes: Sequence[str], folder: Path, length: int) -> LongestCallback:
    """Each question about a factory whose names and values are such texts."""
    worst = LongestCallback()
    for text in texts(shapes, length):
        factory = factory_with(text)
        async with product_of(factory, folder, ADFOPS_POLL_SECONDS=1) as (product, maya):
            with watching_callbacks() as longest:
                for question in QUESTIONS:
                    await product.ask(maya.in_channel(question))
        worst.take(longest.milliseconds, longest.name)
    return worst


async def submits(shapes: Sequence[str], folder: Path) -> LongestCallback:
    """Each button with such texts in all that its card carries."""
    async with product_of(Factory(), folder) as (product, maya):
        with watching_callbacks() as longest:
            for text in texts(shapes, LARGEST_BODY // 16):
                for verb in SUBMITS:
                    given = dict.fromkeys(("question", "incident", "proposal", "run"), text[:9_000])
                    data = {**given, "factory": text[-9_000:], text[:2_000]: [text[:9_000]]}
                    assert await product.post(maya.click(verb, data)) < 500
                    assert await product.post(maya.submit({"verb": verb, **data})) < 500
                data = {"question": f"why did {LOAD} fail {text}", "to": text}
                assert await product.post(maya.click("ask", data)) < 500
            await product.settled()
    return longest


async def pushes(shapes: Sequence[str], folder: Path) -> LongestCallback:
    """An alert of each kind of caller with such texts in the place of every value."""
    settings = {"ADFOPS_ALERT_SECRET": SECRET}
    async with product_of(Factory(), folder, **settings) as (product, _):
        url = product.endpoint.replace("/api/messages", "/api/alerts")
        with watching_callbacks() as longest:
            for text in texts(shapes, LARGEST_BODY // 16):
                for body in alerts(text):
                    raw = json.dumps(body).encode()[:LARGEST_BODY]
                    moment = int(wall_clock().timestamp())
                    proof = signature_of(SECRET.encode(), moment, raw)
                    assert await post(url, raw, **{SIGNATURE: proof}) < 500
    return longest


def alerts(text: str) -> Iterator[Mapping[str, Any]]:
    """What pushes an alert: our own form, and Azure Monitor's common schema."""
    yield {"factory": text[:9_000], "pipeline": text, "run_id": text[:900], "status": "Failed"}
    target = f"/subscriptions/s/resourcegroups/{text[:9_000]}/providers/x/factories/{text[:9_000]}"
    essentials = {
        "alertTargetIDs": [target],
        "monitorCondition": "Fired",
        "alertRule": text[:9_000],
    }
    yield {
        "schemaId": "azureMonitorCommonAlertSchema",
        "data": {"essentials": essentials, "alertContext": {text[:9_000]: text[:9_000]}},
    }


async def reads_docs(shapes: Sequence[str], folder: Path, length: int) -> LongestCallback:
    """A question that documentation answers, whose pages are such texts."""
    worst = LongestCallback()
    async with apart(running_learn()) as learn:
        for text in texts(shapes, length):
            learn.pages = [Page(path="monitor-visually", title="Rerun a pipeline", text=text)]
            learn.plant("Rerun a pipeline from the failed activity.", "monitor-visually")
            settings = {"MCP_SERVER_URL": learn.url}
            async with product_of(Factory(), folder, **settings) as (product, maya):
                with watching_callbacks() as longest:
                    await product.ask(maya.in_channel("How do I rerun a failed pipeline?"))
                    await product.ask(maya.in_channel("what do the docs say about error 2200"))
            worst.take(longest.milliseconds, longest.name)
    assert learn.asked
    return worst


async def hears_a_model(shapes: Sequence[str], folder: Path, length: int) -> LongestCallback:
    """A model that says such texts, in one piece and in many, and calls tools with them."""
    worst = LongestCallback()
    async with apart(running_misbehaving(_first(Step(words="That is all.")))) as model:
        settings = {"MODEL_ENDPOINT": model.url, "MODEL_API_KEY": "k"}
        for text in texts(shapes, length):
            pieces = tuple(text[at : at + 50_000] for at in range(0, len(text), 50_000))
            arguments = json.dumps({"pipeline": text})
            plans = (
                Step(words=text),
                Step(words=text, pieces=pieces),
                Step(calls=(("adf_pipeline_runs", arguments),)),
                Step(calls=(("adf_pipeline_runs", text),)),
            )
            async with product_of(Factory(), folder, **settings) as (product, maya):
                with watching_callbacks() as longest:
                    for step in plans:
                        model.behave(_first(step), chooses=True)
                        await product.ask(maya.personal("any vibes from orders"))
                    await product.settled()
            worst.take(longest.milliseconds, longest.name)
    assert model.bodies
    return worst


def _first(step: Step) -> Callable[[int, Mapping[str, Any]], Step]:
    return lambda number, _: step if number == 1 else Step(words="That is all.")


Edge = Callable[[Sequence[str], Path], Awaitable[LongestCallback]]
EDGES: Mapping[str, Edge] = {
    "names": lambda shapes, folder: asks_about_names(shapes, folder, TEN_MEGABYTES // 8),
    "cards": submits,
    "alerts": pushes,
    "docs": lambda shapes, folder: reads_docs(shapes, folder, TEN_MEGABYTES),
    "model": lambda shapes, folder: hears_a_model(shapes, folder, TEN_MEGABYTES),
}


def test_a_long_file_of_settings_is_refused_in_a_few_words(tmp_path: Path) -> None:
    file = tmp_path / "factories.json"
    for text in texts(SAMPLE, 1_000_000):
        for content in (text, json.dumps({"default": text, "factories": {text: {}}})):
            file.write_text(content, encoding="utf-8")
            with pytest.raises(WrongFile) as refused:
                read_file(file)
            assert len(str(refused.value)) < 5_000


@pytest.mark.parametrize("edge", ["cards", "alerts"])
async def test_a_few_shapes_do_not_hold_up_the_loop(edge: str, tmp_path: Path) -> None:
    is_short(await EDGES[edge](SAMPLE[:1], tmp_path))


@pytest.mark.prove
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("edge", EDGES)
async def test_no_shape_of_text_holds_up_the_loop(edge: str, tmp_path: Path) -> None:
    is_short(await EDGES[edge](SHAPES, tmp_path))
