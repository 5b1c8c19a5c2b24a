"""Killed between any two steps, in real processes: never two tickets, never two comments.

Each life is killed for good (SIGKILL) and the next one starts on what it left in the store. In the
end the ticket is open, once, and was told once what happened, on the wire of every system.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.state.store import open_store
from bot.tickets.repository import TicketRepository
from bot.tickets.setup import TicketKind
from cards.records import TicketState
from tests.bot.actions.stage import Clock
from tests.bot.tickets.lives import Life
from tests.bot.tickets.stage import KINDS, double_of
from tests.doubles.tickets.base import TicketDouble

ROOT = Path(__file__).parents[3]
KILLED = -signal.SIGKILL
FAULTS = ("", "lost", "unsent")
pytestmark = [pytest.mark.real_time, pytest.mark.timeout(900)]


class Nursery:
    """The program that forks lives."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.pid = 0

    async def live(self, life: Life) -> tuple[int, list[str]]:
        """How a life ended, and its steps where it came to its end."""
        return await asyncio.to_thread(self._live, life)

    def _live(self, life: Life) -> tuple[int, list[str]]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(asdict(life)) + "\n")
        stdin.flush()
        steps: list[str] = []
        while line := stdout.readline():
            said: dict[str, Any] = json.loads(line)
            self.pid = said.get("pid", self.pid)
            steps = said.get("steps", steps)
            if "ended" in said:
                return said["ended"], steps
        raise RuntimeError("the program that forks lives is gone")


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    words = [sys.executable, "-m", "tests.bot.tickets.lives"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield Nursery(process)
        process.kill()


def patient_double(kind: TicketKind) -> TicketDouble:
    """A double whose clock stands still while lives go on for minutes."""
    return double_of(kind, Clock(), window=3600)


async def check(double: TicketDouble, store: Path) -> None:
    """One ticket, open and known, that was told once what happened and closed."""
    assert len(double.tickets) == 1
    opened = await open_store(f"sqlite:///{store}")
    ticket = await TicketRepository(opened).ticket("INC-7")
    await opened.close()
    assert ticket is not None
    assert ticket.state is TicketState.OPEN
    assert ticket.is_over
    assert ticket.is_done
    there = double.tickets[0]
    assert ticket.key == there.key
    assert len(there.comments) == 1
    assert "Ivy acknowledged it" in there.comments[0]


async def survive(
    nursery: Nursery, kind: TicketKind, folder: Path, kills: tuple[int, ...], fault: str
) -> bool:
    """Lives that are killed, and one that is not; False where a life had fewer steps."""
    double, store = patient_double(kind), Path(tempfile.mkdtemp(dir=folder)) / "store.db"
    double.index_lag = 1
    async with double.running():
        if fault:
            double.faults.append(fault)
        for number, kill_at in enumerate(kills):
            life = Life(kind=kind, url=double.url, store=str(store), number=number, kill_at=kill_at)
            ended, _ = await nursery.live(life)
            assert len(double.tickets) <= 1
            if ended != KILLED:
                return False
        # What was tried three times in vain is given up, and a person presses again.
        for number in (len(kills), len(kills) + 5):
            life = Life(kind=kind, url=double.url, store=str(store), number=number)
            assert (await nursery.live(life))[0] == 0
            if double.tickets:
                break
        await check(double, store)
    return True


async def steps_of(nursery: Nursery, kind: TicketKind, folder: Path, fault: str = "") -> list[str]:
    """The steps of a life that nobody ends."""
    double, store = patient_double(kind), Path(tempfile.mkdtemp(dir=folder)) / "store.db"
    async with double.running():
        double.faults.extend([fault] if fault else [])
        ended, steps = await nursery.live(Life(kind=kind, url=double.url, store=str(store)))
    assert ended == 0
    return steps


# Approved and not sent; answered and not written down; written down and not told; told.
SAMPLE = (12, 15, 18, 21, 24)


@pytest.mark.parametrize(("kind", "kill_at"), [*zip(KINDS, SAMPLE, strict=True)])
async def test_killed_at_a_step_it_opens_one_ticket(
    kind: TicketKind, kill_at: int, nursery: Nursery, tmp_path: Path
) -> None:
    assert await survive(nursery, kind, tmp_path, (kill_at,), "")


@pytest.mark.prove
@pytest.mark.parametrize("kind", KINDS)
async def test_killed_while_it_waits_for_an_answer(
    kind: TicketKind, nursery: Nursery, tmp_path: Path
) -> None:
    double, store = patient_double(kind), tmp_path / "store.db"
    async with double.running():
        double.faults.append("hang")
        life = Life(kind=kind, url=double.url, store=str(store))
        living = asyncio.create_task(nursery.live(life))
        await double.has_opened.wait()
        os.kill(nursery.pid, signal.SIGKILL)
        assert (await living)[0] == KILLED
        ended, _ = await nursery.live(Life(kind=kind, url=double.url, store=str(store), number=1))
        assert ended == 0
        await check(double, store)


@pytest.mark.prove
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", KINDS)
async def test_killed_between_every_two_steps_it_opens_one_ticket(
    kind: TicketKind, fault: str, nursery: Nursery, tmp_path: Path
) -> None:
    number = len(await steps_of(nursery, kind, tmp_path, fault))
    survived = [await survive(nursery, kind, tmp_path, (one,), fault) for one in range(1, number)]
    assert len(survived) > 35
    assert all(survived)


@pytest.mark.prove
@pytest.mark.parametrize("kind", KINDS)
async def test_killed_twice_it_opens_one_ticket(
    kind: TicketKind, nursery: Nursery, tmp_path: Path
) -> None:
    number = len(await steps_of(nursery, kind, tmp_path))
    chance = random.Random(11)
    pairs = [(chance.randrange(1, number), chance.randrange(1, number // 2)) for _ in range(60)]
    for pair in pairs:
        await survive(nursery, kind, tmp_path, pair, chance.choice(FAULTS))
