"""What a process is called among all machines, and whether one of this machine is surely gone."""

import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

_PROC = Path("/proc")
# Zombie and dead: it will never run again.
_ENDED = frozenset({"Z", "X"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessName:
    """A process by its machine (boot, host and process namespace), its id and when it began.

    `began` is blank where the system does not tell it; then nobody is taken for dead.
    """

    host: str
    machine: str
    pid: int
    began: str

    def __str__(self) -> str:
        """The way a person would look for it."""
        return f"process {self.pid} on {self.host}"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ProcessName | None":
        """Read back what `to_json` wrote; None for what is none."""
        try:
            return cls(
                host=str(stored["host"]),
                machine=str(stored["machine"]),
                pid=int(stored["pid"]),
                began=str(stored["began"]),
            )
        except (KeyError, ValueError, TypeError):
            return None


def this_process() -> ProcessName:
    """The name of this process."""
    pid = os.getpid()
    return ProcessName(host=socket.gethostname(), machine=_machine(), pid=pid, began=_began(pid))


def is_dead(process: ProcessName) -> bool:
    """Whether a process of this machine is gone; of other machines that cannot be told."""
    if not process.began or process.machine != _machine():
        return False
    return _began(process.pid) != process.began


@cache
def _machine() -> str:
    """The boot, the host's name and the process namespace: where a process id means one thing."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        namespace = (_PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return socket.gethostname()
    return f"{boot}/{socket.gethostname()}/{namespace}"


def _began(pid: int) -> str:
    """When a process began, in ticks since the boot; blank for one that is gone or ended."""
    try:
        line = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name in brackets may hold anything; the state comes right after it.
    state, *rest = line.rpartition(")")[2].split()
    return "" if state in _ENDED else rest[18]
