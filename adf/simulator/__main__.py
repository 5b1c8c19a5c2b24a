"""`python -m adf.simulator --port P [--world FILE | --factory-dir DIR]`, on loopback only."""

import argparse
import asyncio
import contextlib
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from aiohttp import web

from adf.simulator.arm.access import EVERYBODY, Roles, read_role
from adf.simulator.arm.faults import read_faults
from adf.simulator.arm.server import Before, make_simulator
from adf.simulator.clock import clock_named
from adf.simulator.gitfolder import factory_from_folder
from adf.simulator.live.factory import live_factory
from adf.simulator.state import State
from adf.simulator.world.loader import load_world, world_now


def read_state(given: argparse.Namespace) -> State:
    """The factories to serve: a world's, whose clock stands still, a Git folder's, or live ones."""
    if given.world:
        return load_world(given.world, clock_named(given.clock or "frozen", world_now(given.world)))
    clock = clock_named(given.clock or "live")
    if given.factory_dir:
        return factory_from_folder(
            given.factory_dir,
            clock,
            given.seed,
            name=given.name,
            errors=given.errors,
            progress=partial(print, file=sys.stderr, flush=True),
        )
    return live_factory(clock)


async def serve(
    state: State, port: int, faults: Before | None = None, roles: Roles | None = None
) -> None:
    """Serve until the process is asked to end."""
    runner = web.AppRunner(make_simulator(state, before=faults, roles=roles), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    names = ", ".join(factory.name for factory in state.factories)
    taken = runner.addresses[0][1]
    print(f"Data Factory simulator listening on http://127.0.0.1:{taken} ({names})", flush=True)
    stopped = asyncio.Event()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl+C ends it there
            asyncio.get_running_loop().add_signal_handler(wanted, stopped.set)
    await stopped.wait()
    await runner.cleanup()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="adf.simulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    served = parser.add_mutually_exclusive_group()
    served.add_argument("--world", type=Path, help="a world file; the live factory without one")
    served.add_argument("--factory-dir", type=Path, help="the Git folder of a factory")
    parser.add_argument("--clock", help="frozen, live, or xN for N times as fast")
    parser.add_argument("--faults", type=Path, help="what goes wrong, one JSON object a line")
    parser.add_argument("--role", type=Path, help="all that may be done: the file of a role")
    parser.add_argument("--seed", type=int, default=0, help="decides the runs of a Git folder")
    parser.add_argument("--name", help="of the factory of a Git folder; else the folder's")
    parser.add_argument("--errors", type=Path, help="JSON lines a Git folder's runs break with")
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Read the command line and serve."""
    given = _parser().parse_args(words)
    try:
        faults = read_faults(given.faults) if given.faults else None
        roles = {EVERYBODY: read_role(given.role)} if given.role else None
        state = read_state(given)
    except (OSError, ValueError) as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return 2
    asyncio.run(serve(state, given.port, faults, roles))
    return 0


if __name__ == "__main__":
    sys.exit(main())
