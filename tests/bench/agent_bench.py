"""What a turn of the agent costs beside the bare SDK loop: two tools at once, then words.

Both talk with the same Foundry double in another process, through the same SDK, and run the same
tools over the same factory in memory; they take turns, so that a busy machine hits both alike.
Usage: python -m tests.bench.agent_bench [TURNS]; it fails above 1.5 times the bare loop,
and where a turn holds up the event loop for longer than 50 ms.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, is_dataclass
from typing import Any, cast

import openai

from adf.diagnosis import load_knowledge
from bot.agents.foundry import FoundryAgent, Project
from bot.agents.interface import Answer
from tests.adf.test_runs import wire_activity, wire_run
from tests.bot.agents.answers.test_agent import BAD
from tests.bot.agents.model.room import TOOLS, Room
from tests.doubles.foundry import EveryTurn, FoundryDouble, calls, running_foundry, says

MOST = 1.5
STALL = 50.0
ASKED = "why did stock fail?"
BRAIN = EveryTurn(
    [
        calls("adf_pipeline_runs", pipeline="Stock"),
        calls("adf_pipeline_activity_runs", run_id=BAD),
    ],
    [says("Stock failed at 07:20 because the Load step broke. Ask its owner to look at the sink.")],
)


async def serve() -> None:
    """Be the double, until the process is ended."""
    async with running_foundry(BRAIN) as double:
        print(double.url, flush=True)
        await asyncio.Event().wait()


@asynccontextmanager
async def double_elsewhere() -> AsyncGenerator[FoundryDouble]:
    """The double in a process of its own; only its address is known here."""
    arguments = [sys.executable, "-m", "tests.bench.agent_bench", "serve"]
    process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    double = FoundryDouble(BRAIN)
    double.url = (await process.stdout.readline()).decode().strip()
    try:
        yield double
    finally:
        process.terminate()
        await process.wait()


async def bare_turn(client: openai.AsyncOpenAI, room: Room, agent: dict[str, Any]) -> str:
    """The least that holds a dialogue with tools: no limits, no checks, no healing."""
    toolbox = room.toolbox(room.question(ASKED))
    items: list[Any] = [{"type": "message", "role": "user", "content": ASKED}]
    conversation = room.memory["conversation"]
    create = cast("Callable[..., Awaitable[Any]]", client.responses.create)
    while True:
        asked: list[Any] = []
        words: list[str] = []
        same = {"conversation": conversation, "extra_body": {"agent_reference": agent}}
        async with await create(stream=True, input=items, **same) as stream:
            async for event in stream:
                if event.type == "response.output_text.delta":
                    words.append(event.delta)
                elif event.type == "response.output_item.done" and hasattr(event.item, "call_id"):
                    asked.append(event.item)
        if not asked:
            return "".join(words)
        records = await asyncio.gather(
            *(toolbox.call(one.name, **json.loads(one.arguments)) for one in asked)
        )
        items = [
            {"type": "function_call_output", "call_id": one.call_id, "output": written(record)}
            for one, record in zip(asked, records, strict=True)
        ]


def written(record: object) -> str:
    """A record as JSON, without any thought."""
    assert is_dataclass(record)
    assert not isinstance(record, type)
    return json.dumps(asdict(record), default=str)


async def our_turn(room: Room) -> str:
    """A turn of the agent, in the one conversation of the talk."""
    async for step in room.agent.answer(room.question(ASKED)):
        if isinstance(step, Answer):
            return step.text or ""
    return ""


async def longest_stall() -> float:
    """Watch the event loop until cancelled; the longest time in ms that nobody else got a turn."""
    worst = 0.0
    try:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(0)
            worst = max(worst, time.perf_counter() - begun)
    except asyncio.CancelledError:
        return worst * 1000


async def stalls(room: Room, turns: int) -> float:
    """The longest stall while the agent takes turns, the very first one of its talk included."""
    room.memory = {}
    watch = asyncio.create_task(longest_stall())
    for _ in range(turns):
        await our_turn(room)
    watch.cancel()
    return await watch


async def measured(turn: Callable[[], Awaitable[str]]) -> tuple[float, float]:
    """Milliseconds of a turn, by the clock and of our own processor time."""
    begun, worked = time.perf_counter(), time.process_time()
    assert (await turn()).startswith("Stock failed")
    return (time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000


def room_of(double: FoundryDouble) -> Room:
    """A room over a factory in memory with one broken run."""
    room = Room(double)
    room.has(wire_run(BAD, "Stock"))
    room.wire.activity_pages[BAD] = [[wire_activity("Load")]]
    return room


async def bench(turns: int) -> bool:
    """Print both costs and the longest stall; whether they are within their limits."""
    async with double_elsewhere() as double:
        room, bare = room_of(double), room_of(double)
        project = Project(endpoint=double.project, model="gpt-5.4-mini")
        room.agent = FoundryAgent(project, room.toolbox, room.inventory, tools=TOOLS)
        await room.agent.open()
        await load_knowledge()  # as the bot does before it is ready
        stood = await stalls(room, 10)
        print(f"longest stall of the loop in 10 turns: {stood:.0f} ms (limit {STALL:g})")
        agent = {"type": "agent_reference", "name": project.agent_name, "version": "1"}
        base = f"{double.project}/openai/v1"
        async with openai.AsyncOpenAI(base_url=base, api_key="any", max_retries=0) as client:
            ours: list[tuple[float, float]] = []
            least: list[tuple[float, float]] = []
            for number in range(turns + 5):
                if number % 10 == 0:
                    bare.memory = {"conversation": (await client.conversations.create()).id}
                    async for step in room.agent.answer(room.question(ASKED, memory={})):
                        room.memory = step.memory if isinstance(step, Answer) else room.memory
                pair = (
                    await measured(lambda: bare_turn(client, bare, agent)),
                    await measured(lambda: our_turn(room)),
                )
                if number >= 5:
                    least.append(pair[0])
                    ours.append(pair[1])
        await room.agent.close()
    return report(least, ours) <= MOST and stood <= STALL


def report(least: list[tuple[float, float]], ours: list[tuple[float, float]]) -> float:
    """One line for each, and the ratio of the medians."""
    for name, rows in (("bare SDK loop", least), ("agent turn", ours)):
        clock, worked = ([one[place] for one in rows] for place in (0, 1))
        print(
            f"{name}: p50 {statistics.median(clock):.1f} ms, "
            f"p95 {statistics.quantiles(clock, n=20)[-1]:.1f} ms, "
            f"CPU {statistics.median(worked):.1f} ms"
        )
    ratios = [
        statistics.median(one[place] for one in ours)
        / statistics.median(one[place] for one in least)
        for place in (0, 1)
    ]
    print(f"ratio: {ratios[0]:.2f} by the clock, {ratios[1]:.2f} of CPU (limit {MOST})")
    return ratios[0]


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    elif not asyncio.run(bench(int(sys.argv[1]) if sys.argv[1:] else 100)):
        sys.exit("an agent turn costs too much beside the bare loop, or stalls the event loop")
