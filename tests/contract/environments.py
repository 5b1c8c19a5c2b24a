"""Environments of the judges' own, because they bring libraries that the product must not have."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

DEV = Path(__file__).parents[2] / ".dev"


class NoJudge(Exception):
    """The environment could not be made, or what runs in it does not start."""


async def make_environment(name: str, *packages: str) -> Path:
    """The Python of an environment with these packages; made and filled at the first time."""
    folder = DEV / name
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    done = folder / f".{'+'.join(packages)}"
    if not done.exists():
        await run([sys.executable, "-m", "venv", str(folder)])
        quiet = ["--quiet", "--disable-pip-version-check"]
        await run([str(python), "-m", "pip", "install", *quiet, *packages])
        done.touch()
    return python


async def run(
    words: Sequence[str],
    given: str = "",
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """What a command says to what it is given; NoJudge when it fails."""
    code, out, err = await outcome(words, given, folder=folder, environment=environment)
    if code:
        said = err.strip()[-300:]
        raise NoJudge(f"{' '.join(words)[:100]} ended with {code}: {said}")
    return out


async def outcome(
    words: Sequence[str],
    given: str = "",
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> tuple[int, str, str]:
    """How a command ends, and what it says on both its streams."""
    process = await asyncio.create_subprocess_exec(
        *words,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(given.encode())
    return process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace")
