"""Reads an image file and carries out its steps in root folders, as a builder would."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.contract.environments import NoJudge
from tests.contract.image.root import PLAIN, RootFolder, make_root

ROOT = Path(__file__).parents[3]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"

Step = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Stage:
    """A stage of the image as far as it has come."""

    root: RootFolder
    folder: str = "/"
    user: str = ""
    environment: dict[str, str] = field(default_factory=lambda: dict(PLAIN))
    entry: Sequence[str] = ()
    command: Sequence[str] = ()
    health: Sequence[str] = ()


def steps_of(text: str) -> Sequence[Step]:
    """The instructions, each with what follows it on one line."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ").splitlines()
    return [
        (name, " ".join(rest.split())) for name, _, rest in (one.partition(" ") for one in whole)
    ]


async def build(place: Path, say: Callable[[str], None]) -> Stage:
    """Carry out every step; the last stage is the image."""
    _open_to_others(place)
    stages: dict[str, Stage] = {}
    current: Stage | None = None
    for name, rest in steps_of(DOCKERFILE.read_text(encoding="utf-8")):
        if name == "ARG":
            continue
        if name == "FROM":
            current = Stage(root=await make_root(place / str(len(stages))))
            stages[rest.partition(" AS ")[2] or "last"] = current
            continue
        if current is None:
            raise NoJudge(f"{name} before FROM")
        await _carry_out(name, rest, current, stages)
        say(f"{name} {rest}"[:100])
    return stages["last"]


def _open_to_others(place: Path) -> None:
    """A temporary folder is closed to them, and the bot in it is somebody else."""
    place.chmod(0o755)


async def _carry_out(name: str, rest: str, stage: Stage, stages: Mapping[str, Stage]) -> None:
    match name:
        case "RUN":
            words = ["/bin/sh", "-c", rest]
            await stage.root.run(words, stage.user, stage.folder, stage.environment)
        case "WORKDIR":
            stage.folder = rest
            stage.root.inside(rest).mkdir(parents=True, exist_ok=True)
        case "COPY":
            _copy(rest, stage, stages)
        case _:
            _note(name, rest, stage)


def _note(name: str, rest: str, stage: Stage) -> None:
    """What is only written down for those who run the image."""
    match name:
        case "ENV":
            stage.environment |= _environment(rest, stage.environment)
        case "USER":
            stage.user = rest
        case "ENTRYPOINT":
            stage.entry = json.loads(rest)
        case "CMD":
            stage.command = json.loads(rest)
        case "HEALTHCHECK":
            stage.health = json.loads(rest[rest.index("[") :])
        case "EXPOSE" | "VOLUME":
            pass
        case _:
            raise NoJudge(f"nobody knows how to carry out {name}")


def _environment(rest: str, before: Mapping[str, str]) -> Mapping[str, str]:
    pairs = (one.partition("=")[::2] for one in rest.split())
    return {name: value.replace("$PATH", before["PATH"]) for name, value in pairs}


def _copy(rest: str, stage: Stage, stages: Mapping[str, Stage]) -> None:
    words = rest.split()
    origin = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else ""
    source, target = words
    place = stage.root.inside(target if target.startswith("/") else f"{stage.folder}/{target}")
    found = stages[origin].root.inside(source) if origin else ROOT / source
    if not origin and source not in _let_in():
        raise NoJudge(f"{source} does not go to the builder (.dockerignore)")
    if found.is_dir():
        ignored = None if origin else shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(found, place, symlinks=True, dirs_exist_ok=True, ignore=ignored)
    else:
        place = place / found.name if target.endswith(("/", ".")) else place
        shutil.copy(found, place)


def _let_in() -> Sequence[str]:
    """What .dockerignore lets through."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line[1:] for line in lines if line.startswith("!")]
