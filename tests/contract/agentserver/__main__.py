"""`make contract`: our requests and streams before Microsoft's own server and its validators.

Needs the package registry at the first time; everything else stays on this machine.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.agents.model.types import StateMode
from tests.contract.agentserver.dialogues import Talking, azure_openai, foundry, hold, recorded
from tests.contract.agentserver.environment import FOLDER, PACKAGE, judge, running_server
from tests.contract.environments import NoJudge, make_environment
from tests.doubles.foundry import TROUBLES, Item, running_foundry
from tests.doubles.foundry.clients import hear, openai_of
from tests.doubles.foundry.samples import MODEL

Verdicts = dict[str, str]
GOOD = "ok"


async def main() -> int:
    """Hold every talk and print what was judged; not nought where anything failed."""
    try:
        python = await make_environment(FOLDER, PACKAGE)
        told = await _our_double(python) | await _their_server(python)
    except NoJudge as missing:
        print(f"nothing was judged: {missing}")
        return 2
    for name, verdict in told.items():
        print(f"{'ok    ' if verdict == GOOD else 'FAILED'}  {name}")
        if verdict != GOOD:
            print(f"        {verdict}")
    failed = sum(verdict != GOOD for verdict in told.values())
    print(f"{len(told) - failed} ok, {failed} failed")
    return 1 if failed else 0


async def _our_double(python: Path) -> Verdicts:
    """Our agents talk to our double; every request and stream goes before the judge."""
    told: dict[str, str] = {}
    async with running_foundry(Talking()) as double:
        async with foundry(double.project) as agent:
            told |= _named("foundry on the double", await hold(agent))
        for keeping in (StateMode.PREVIOUS, StateMode.STATELESS):
            async with azure_openai(double.models, keeping) as agent:
                held = await hold(agent, is_kept=keeping is not StateMode.STATELESS)
            told |= _named(f"azure_openai ({keeping}) on the double", held)
        async with openai_of(double, plain=True, strict=False) as client:
            for name in ("failed", "answer_filtered", "answer_too_long"):
                double.faults.add(TROUBLES[name])
                await hear(client, input="x", model=MODEL)
        items = recorded(double.turns, double.streams)
    return told | await _judged(python, items)


async def _judged(python: Path, items: list[Item]) -> Verdicts:
    said = await judge(python, [json.dumps(one) for one in items])
    told = zip(items, said, strict=True)
    return {
        f"{one['kind']} {number}: {_short(one)}": GOOD if said == "null" else said
        for number, (one, said) in enumerate(told, 1)
    }


def _short(item: Item) -> str:
    if item["kind"] == "stream":
        return f"{len(item['events'])} events, ends with {item['events'][-1]['type']}"
    return ", ".join(sorted(item["body"]))


async def _their_server(python: Path) -> Verdicts:
    """Our agent without a project talks to Microsoft's server."""
    told: dict[str, str] = {}
    async with running_server(python) as address:
        for keeping in (StateMode.PREVIOUS, StateMode.STATELESS):
            async with azure_openai(address, keeping) as agent:
                held = await hold(agent, is_kept=keeping is not StateMode.STATELESS)
            told |= _named(f"azure_openai ({keeping}) on Microsoft's server", held)
    return told


def _named(where: str, held: Mapping[str, bool]) -> Verdicts:
    return {f"{where}: {what}": GOOD if came else "it did not" for what, came in held.items()}


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
