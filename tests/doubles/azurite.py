"""Azurite, Microsoft's emulator of Azure Tables, in memory on a free port of this machine.

`.ci/run` fetches it with npm into `.dev`. Where it is missing, tests of the store on Azure Tables
are skipped, and in CI they fail.
"""

import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / ".dev/node_modules/azurite/dist/src/table/main.js"
NODE = shutil.which("node") or ""
IN_CI = os.environ.get("CI") == "true"  # noqa: TID251 - CI says so only here
MISSING = "needs Node.js and Azurite: npm install --prefix .dev azurite@3.37.0"
ACCOUNT = "devstoreaccount1"
_START_SECONDS = 60.0


class Azurite:
    """A running emulator."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}/{ACCOUNT}"

    def new_table(self) -> str:
        """The address of a table that nobody else has, as the setting has it."""
        return f"tables:{self.endpoint}/t{uuid.uuid4().hex}"


def is_installed() -> bool:
    return bool(NODE) and PROGRAM.exists()


@contextmanager
def running_azurite() -> Generator[Azurite]:
    """Start it, and end it."""
    port = _free_port()
    words = [
        *(NODE, str(PROGRAM), "--silent", "--inMemoryPersistence", "--skipApiVersionCheck"),
        *("--disableTelemetry", "--tableHost", "127.0.0.1", "--tablePort", str(port)),
    ]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        try:
            _wait_for(port, process)
            yield Azurite(port)
        finally:
            process.kill()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("Azurite did not start")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
