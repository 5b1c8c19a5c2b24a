"""The rows of a file of recorded questions, and the world they were asked in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"
UTTERANCES = DATA / "evals" / "utterances.jsonl"
WORLD = DATA / "world.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing said: by whom, where, in which words."""

    who: str
    where: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One recorded question, what was said before it, the state it needs, the calls it takes."""

    row_id: str
    turn: Turn
    history: tuple[Turn, ...]
    setup: Mapping[str, Any]
    submit: Mapping[str, Any]
    expected: tuple[Mapping[str, Any], ...] = ()

    @property
    def without_model(self) -> bool:
        """Whether it tells of a model that does not answer."""
        return self.setup.get("llm") == "down"


def read_rows(file: Path) -> list[Row]:
    """Every row of a JSON-lines file."""
    return [_row(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _row(wire: Mapping[str, Any]) -> Row:
    who, where = wire["who"], wire["where"]
    said = (one for one in wire.get("history", ()) if one.get("role", "user") not in _BOT)
    return Row(
        row_id=wire["id"],
        turn=Turn(who=who, where=where, text=wire["text"]),
        history=tuple(Turn(who=_speaker(one, who), where=where, text=one["text"]) for one in said),
        setup=wire.get("setup") or {},
        submit=wire.get("submit") or {},
        expected=tuple(wire["expect"]["tools"]),
    )


_BOT = frozenset({"bot", "assistant"})


def _speaker(said: Mapping[str, Any], who: str) -> str:
    role = said.get("role", "user")
    return who if role == "user" else role
