"""`python -m tests.live.prompts --url URL`: how many tokens the first steps of questions have.

The product asks a server of this machine that answers nothing of use; each request is written out
by the chat template of the model that is served at URL, and counted by its tokenizer.
"""

import argparse
import asyncio
import logging
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from tests.doubles.foundry import EveryTurn, says
from tests.doubles.learn import running_learn
from tests.evals.rows import UTTERANCES, read_rows
from tests.flows.model.misbehaving import Body, Step, running_misbehaving
from tests.flows.model.stage import talking
from tests.live.rows import ROWS

ROUTING = "no_tool_fits"
LIMITS = {"routing": 2200, "answer": 3500}
AT_ONCE = 20


def _silent(number: int, body: Body) -> Step:
    """Nothing: the first requests are all that is wanted."""
    del number
    return Step(calls=((ROUTING, "{}"),)) if kind_of(body) == "routing" else Step(words="ok")


def kind_of(body: Body) -> str:
    """Whether a request chooses a tool or words an answer."""
    names = {one.get("name") for one in body.get("tools", ())}
    return "routing" if ROUTING in names else "answer"


async def first_requests(questions: Sequence[str], folder: Path) -> list[Body]:
    """What the model is asked first for each of these questions, of one person in threads."""
    async with (
        running_learn() as learn,
        running_misbehaving(_silent) as server,
        talking(
            "azure_openai",
            EveryTurn([says("none")]),
            folder,
            endpoint=server.url,
            MCP_SERVER_URL=learn.url,
            ADFOPS_MCP_CALLER="bot",
        ) as stage,
    ):
        server.behave(_silent, chooses=True)
        for number, text in enumerate(questions):
            await stage.product.ask(stage.client().in_channel(text, thread=str(number)))
            await stage.product.settled()
        return server.bodies


async def tokens(session: aiohttp.ClientSession, url: str, body: Body) -> int:
    """The tokens of a request as the template of the model writes it."""
    messages = [{"role": "system", "content": body.get("instructions", "")}]
    messages += [{"role": one["role"], "content": _text(one)} for one in body["input"]]
    functions = [
        {"type": "function", "function": {key: one[key] for key in _FUNCTION}}
        for one in body.get("tools", ())
    ]
    written = await _post(session, f"{url}/apply-template", messages=messages, tools=functions)
    counted = await _post(session, f"{url}/tokenize", content=written["prompt"])
    return len(counted["tokens"])


_FUNCTION = ("name", "description", "parameters")


def _text(item: Mapping[str, Any]) -> str:
    return "\n".join(part["text"] for part in item["content"])


async def _post(session: aiohttp.ClientSession, url: str, **body: object) -> Mapping[str, Any]:
    async with session.post(url, json=body) as response:
        return await response.json()


async def _measure(url: str) -> bool:
    rows = [*read_rows(UTTERANCES), *read_rows(ROWS)]
    texts = [row.turn.text for row in rows if not row.submit and not row.without_model]
    longest: dict[str, tuple[int, str]] = dict.fromkeys(LIMITS, (0, ""))
    total = dict.fromkeys(LIMITS, 0)
    async with aiohttp.ClientSession() as session:
        for at in range(0, len(texts), AT_ONCE):
            with tempfile.TemporaryDirectory() as folder:
                bodies = await first_requests(texts[at : at + AT_ONCE], Path(folder))
            for body in bodies:
                kind, count = kind_of(body), await tokens(session, url, body)
                total[kind] += 1
                longest[kind] = max(longest[kind], (count, _text(body["input"][-1])[-60:]))
    for kind, limit in LIMITS.items():
        count, text = longest[kind]
        print(f"{kind}: {total[kind]} first steps, longest {count} of {limit} tokens: {text!r}")
    # A kind of which there was no step is not within its limit: it was not counted.
    return all(0 < longest[kind][0] <= limit for kind, limit in LIMITS.items())


def main() -> int:
    """Count and print; 1 where a first step is longer than it may be."""
    parser = argparse.ArgumentParser(prog="tests.live.prompts")
    parser.add_argument("--url", default="http://127.0.0.1:8089")
    return 0 if asyncio.run(_measure(parser.parse_args().url)) else 1


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    raise SystemExit(main())
