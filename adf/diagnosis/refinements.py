"""What the innermost message itself says, where that is more exact than the code around it."""

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Refinement:
    """A pattern of a message, and what such a message means."""

    pattern: re.Pattern[str]
    cause: str
    next_steps: tuple[str, ...]
    rerun: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refined:
    """A message as understood: the cause with the names it speaks of."""

    cause: str
    next_steps: tuple[str, ...]
    rerun: str


def refine(root: str) -> Refined | None:
    """What a message says by itself; None for one that no pattern knows."""
    for one in _refinements():
        match = one.pattern.search(root)
        if match:
            cause = _with_names(one.cause, match)
            return Refined(cause=cause, next_steps=one.next_steps, rerun=one.rerun)
    return None


@functools.cache
def _refinements() -> tuple[Refinement, ...]:
    file = Path(__file__).with_name("refinements.json")
    return tuple(
        Refinement(
            pattern=re.compile(entry["pattern"], re.IGNORECASE),
            cause=entry["cause"],
            next_steps=tuple(entry["next_steps"]),
            rerun=entry["rerun"],
        )
        for entry in json.loads(file.read_text(encoding="utf-8"))
    )


def _with_names(cause: str, match: re.Match[str]) -> str:
    """Fill `{column}` and the like with the names of the message, as ": name"."""
    found = {key.rstrip("2"): value for key, value in match.groupdict().items() if value}
    return re.sub(r"\{(\w+)\}", lambda place: _named(place.group(1), found), cause)


def _named(kind: str, found: dict[str, str]) -> str:
    if kind not in found:
        return ""
    return {"column": ": {}", "table": " of {}"}.get(kind, " ({})").format(found[kind][:80])
