"""Whatever a model or its server does, the right card stands, and words are true and bounded."""

import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.doubles.connector import Sent
from tests.doubles.foundry import EveryTurn, says
from tests.flows.model.misbehaving import Misbehaving, running_misbehaving
from tests.flows.model.stage import Stage, talking, text_of
from tests.flows.model.trials import TRIALS, Trial, blank

# Code has an answer to the first and asks back what the others mean.
CLOSED = "customer one broken?"
OPEN = ("any vibes from orders", "any vibes from all this")
LONGEST = 1000
AT_ONCE = 9
LEADS = "No words of the language model right now"
STUCK = ("did not understand what the bot sent", "lost our conversation", "does not answer")


@asynccontextmanager
async def staged(folder: Path) -> AsyncGenerator[tuple[Stage, Misbehaving]]:
    """The product before a server that keeps conversations, as Azure does."""
    brain = EveryTurn([says("none")])
    async with (
        running_misbehaving(blank) as server,
        talking("azure_openai", brain, folder, endpoint=server.url) as stage,
    ):
        yield stage, server


async def alone(folder: Path) -> dict[str, str]:
    """What rules say by themselves."""
    async with talking("offline", EveryTurn([says("none")]), folder) as stage:
        return {text: text_of(await stage.ask(text)) for text in (CLOSED, *OPEN)}


async def read_in_the_end(stage: Stage, text: str, thread: str) -> str:
    """What the answer says once nothing is added to it any more."""
    sent = await ask(stage, text, thread)
    await stage.product.settled()
    number = stage.product.connector.sent.index(sent) + 1
    edits = [one for one in stage.product.connector.edits if one.activity_id == f"message-{number}"]
    return text_of(edits[-1] if edits else sent)


async def ask(stage: Stage, text: str, thread: str) -> Sent:
    activity = stage.client().in_channel(text, thread=thread)
    assert await stage.product.post(activity) == 202
    answers = await stage.product.connector.wait_for(
        1, lambda sent: sent.activity.get("replyToId") == activity["id"], limit=600
    )
    return answers[0]


async def check(
    name: str,
    trial: Trial,
    stage: Stage,
    server: Misbehaving,
    rules: dict[str, str],
    *,
    chooses: bool = False,
) -> None:
    """Two questions of one conversation and one of another, and what is read of each."""
    for text in (*OPEN, CLOSED):
        if text != OPEN[1]:
            server.behave(trial.plan, chooses=chooses)
        before = len(server.bodies)
        shown = await read_in_the_end(stage, text, f"{name} {text == CLOSED} {chooses}")
        most = trial.most_requests * (2 if chooses else 1)
        assert len(server.bodies) - before <= most, (name, text)
        for never in trial.never:
            assert never not in shown.removeprefix(rules[text]), (name, text, shown)
        if text == CLOSED or not (trial.finds or (trial.is_chosen and chooses)):
            assert shown.startswith(rules[text]), (name, text, shown)
            assert len(shown) <= len(rules[text]) + LONGEST, (name, text)
        for part in STUCK:
            assert part not in shown, (name, text, shown)
        for reads in trial.reads if text != OPEN[1] and not chooses else ():
            assert reads in shown, (name, text, shown)


def batched(names: Iterable[str], size: int) -> list[list[str]]:
    listed = list(names)
    return [listed[at : at + size] for at in range(0, len(listed), size)]


@pytest.mark.prove
@pytest.mark.parametrize("chooses", [False, True])
@pytest.mark.parametrize("name", TRIALS)
async def test_a_misbehavior_ends_in_the_right_card(
    name: str, chooses: bool, tmp_path: Path
) -> None:
    rules = await alone(tmp_path)
    async with staged(tmp_path) as (stage, server):
        await check(name, TRIALS[name], stage, server, rules, chooses=chooses)


@pytest.mark.parametrize("chooses", [False, True])
async def test_every_misbehavior_ends_in_the_right_card(
    chooses: bool, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    rules = await alone(tmp_path)
    # Each in one of both ways; one person may ask only so much in a minute.
    for names in batched([*TRIALS][chooses::2], AT_ONCE):
        async with staged(tmp_path) as (stage, server):
            for name in names:
                await check(name, TRIALS[name], stage, server, rules, chooses=chooses)
    assert [one.getMessage() for one in caplog.records if one.exc_info] == []
