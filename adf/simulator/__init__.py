"""Data Factory in memory on the real ARM wire: a world, a Git folder, or a live one.

`arm` is the wire: routes, queries, paging, errors and faults on order. Behind it lies `state`:
factories with their definitions and planned runs (`runs`, found by `run_index`), seen as of a
`clock`. They come from one of three: `world` (a file that writes everything out), `gitfolder` (the
repository of a real factory, with seeded runs of its pipelines) and `live` (the demo's small
factory). `dates` and `time_zones` read times as the service writes them.
"""

from adf.simulator.arm.access import Roles, read_role
from adf.simulator.arm.faults import Fault, Faults, WrongFaults, read_faults
from adf.simulator.arm.server import ArmRequest, Before, arm_requests, make_simulator
from adf.simulator.clock import Clock, clock_named, frozen_clock, running_clock, wall_clock
from adf.simulator.gitfolder import WrongErrors, WrongFolder, factory_from_folder
from adf.simulator.live.factory import live_factory
from adf.simulator.live.requested_failures import RequestedFailures
from adf.simulator.state import DataFactory, State
from adf.simulator.world.loader import load_world, make_world
from adf.simulator.world.world_file import WrongWorld

__all__ = [
    "ArmRequest",
    "Before",
    "Clock",
    "DataFactory",
    "Fault",
    "Faults",
    "RequestedFailures",
    "Roles",
    "State",
    "WrongErrors",
    "WrongFaults",
    "WrongFolder",
    "WrongWorld",
    "arm_requests",
    "clock_named",
    "factory_from_folder",
    "frozen_clock",
    "live_factory",
    "load_world",
    "make_simulator",
    "make_world",
    "read_faults",
    "read_role",
    "running_clock",
    "wall_clock",
]
