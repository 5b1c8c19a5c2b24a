"""Bots in processes of their own, forked from one that has imported everything before.

Each connection to the socket it is given is one life: that brings settings, a folder and where to
die, gets the process id and then what the bot prints, and is closed by the end of the process.
"""

import asyncio
import gc
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import uvloop

import app
from adf.client import sdk  # late otherwise, at the cost of each life
from bot.actions import execution, follow_up, repository
from bot.hosting import container, replicas
from bot.state.store import NotOwner, Store, StoreError, open_store
from bot.state.store.tables import opening
from bot.teams import TeamsAdapter
from bot.teams.sender import SendHook
from tests.flows.crash.steps import (
    Meet,
    NextVersionStore,
    Point,
    Step,
    SteppedSender,
    SteppedStore,
)

UNHURRIED = 30


def main() -> None:
    """Fork a life for each connection, until whoever started us is gone."""
    give_time()
    hurry_acts()
    gc.freeze()  # so that no life copies what all of them share
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen(32)
    print("ready", flush=True)
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            live(connection)
        connection.close()


def live(connection: socket.socket) -> None:
    """One life, from its order to its end; never returns."""
    order: Mapping[str, Any] = json.loads(connection.makefile(encoding="utf-8").readline())
    connection.sendall(f"{os.getpid()}\n".encode())
    folder = Path(order["folder"])
    errors = os.open(folder / "errors.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for taken, given in ((1, connection.fileno()), (2, errors)):
        os.dup2(given, taken)
    os.chdir(folder)
    os.environ.update(order["settings"])
    points = [Point.from_json(one) for one in order["points"]]
    struck = [folder / f"struck-{order['phase']}-{at}" for at in range(len(points))]
    fates = list(zip(points, struck, strict=True))
    schema = order.get("schema")
    watch_steps(Fate(fates, folder / f"steps-{order['number']}.log").meet, is_next=bool(schema))
    if schema:
        use_schema(*schema)
    app.set_up_logging()
    try:
        uvloop.run(serve_while_wanted(connection))
        print("ended", flush=True)
    except NotOwner as error:  # so a bot ends that was too slow to stay the leader
        print(f"ended: {error}", flush=True)
    except StoreError as error:
        print(error, file=sys.stderr, flush=True)
    finally:
        os._exit(0)


def give_time() -> None:
    """Let no timeout of the product decide what an evening comes to on a busy machine."""
    within = asyncio.timeout

    def unhurried(delay: float | None) -> asyncio.Timeout:
        return within(None if delay is None else delay * UNHURRIED)

    asyncio.timeout = unhurried
    sdk.CALL_LIMIT *= UNHURRIED


def hurry_acts() -> None:
    """Look after a second for what became of an act, and give up after four."""
    execution.IN_FLIGHT = repository.IN_FLIGHT = timedelta(seconds=1)
    execution.GIVE_UP = timedelta(seconds=4)
    follow_up.POLL_SECONDS = follow_up.SWEEP_SECONDS = 0.5


async def serve_while_wanted(connection: socket.socket) -> None:
    """The bot as it is served, ended politely once the other side hangs up."""
    loop = asyncio.get_running_loop()
    loop.add_reader(connection.fileno(), end_politely, loop, connection)
    await app.serve()


def end_politely(loop: asyncio.AbstractEventLoop, connection: socket.socket) -> None:
    """The other side has written or hung up: that is the sign to end."""
    loop.remove_reader(connection.fileno())
    os.kill(os.getpid(), signal.SIGTERM)


class Fate:
    """Writes down each step, and dies of kill -9 at the one that was chosen.

    Of several points the first counts at which nobody has died yet.
    """

    def __init__(self, points: Sequence[tuple[Point, Path]], log: Path) -> None:
        self._points = list(points)
        self._met = 0
        self._log = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def meet(self, step: Step) -> None:
        """Go on, or not."""
        line = f"{step.when} {step.verb} {step.place} {step.text}\n"
        os.write(self._log, line.encode())
        while self._points and self._points[0][1].exists():
            del self._points[0]
            self._met = 0
        if self._points and self._points[0][0].fits(step):
            self._met += 1
            if self._met == self._points[0][0].number and is_first(self._points[0][1]):
                os.kill(os.getpid(), signal.SIGKILL)


def is_first(place: Path) -> bool:
    """Whether nobody has died there before."""
    try:
        os.close(os.open(place, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def use_schema(version: int, readable_by: int) -> None:
    """Be the version of the bot whose rows have that schema."""
    check = partial(opening.check_schema, version=version, readable_by=readable_by)
    opening.check_schema = check


def watch_steps(meet: Meet, *, is_next: bool) -> None:
    """Put what tells of its steps in the place of store and sender; maybe of the next version."""

    async def open_stepped(url: str) -> Store:
        store = SteppedStore(await open_store(url), meet)
        return NextVersionStore(store) if is_next else store

    class Sender(SteppedSender):
        """As the bot makes one."""

        def __init__(
            self, adapter: TeamsAdapter, session: aiohttp.ClientSession, observe: SendHook
        ) -> None:
            super().__init__(adapter, session, meet, observe)

    replicas.open_store = open_stepped
    container.Sender = Sender


if __name__ == "__main__":
    main()
