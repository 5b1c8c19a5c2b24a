"""The rows of a file of recorded questions, and the world they were asked in."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "data"
EVALS = DATA / "evals"
UTTERANCES = EVALS / "utterances.jsonl"
WORLD = DATA / "world.json"
# A result row holds the calls to these; a tool that came later answers beside them.
RECORDED_TOOLS = frozenset(
    name
    for group in json.loads((EVALS / "tools.json").read_text(encoding="utf-8")).values()
    for name in group
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One thing said: by whom, where, in which words."""

    who: str
    where: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One recorded question, what was said before it, the state it needs, the calls it takes.

    The rows of one `dialogue` are its turns, in the order of their `position`; `about` is the
    incident whose message began the thread.
    """

    row_id: str
    turn: Turn
    history: tuple[Turn, ...]
    setup: Mapping[str, Any]
    submit: Mapping[str, Any]
    about: str = ""
    stored: Mapping[str, Any] = field(default_factory=dict[str, Any])
    expected: tuple[Mapping[str, Any], ...] = ()
    dialogue: str = ""
    position: int = 1

    @property
    def without_model(self) -> bool:
        """Whether it tells of a model that does not answer."""
        return self.setup.get("llm") == "down"


def read_rows(file: Path) -> list[Row]:
    """Every row of a JSON-lines file."""
    rows = [_row(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]
    return [replace(row, stored=_stored_for(row, rows)) for row in rows]


def _stored_for(row: Row, rows: Sequence[Row]) -> Mapping[str, Any]:
    """What the proposal of a press really is: what most rows about it say, the first of them else.

    A row whose press says something else than the others stands for a card that was tampered with.
    """
    name = row.submit.get("proposal")
    forms = Counter(
        json.dumps(dict(one.submit), sort_keys=True)
        for one in rows
        if name and one.submit.get("proposal") == name
    )
    own = forms[json.dumps(dict(row.submit), sort_keys=True)]
    common = next(iter(forms.most_common(1)), ("{}", 0))
    return json.loads(common[0]) if common[1] >= own else row.submit


def dialogues(rows: Sequence[Row]) -> list[tuple[Row, ...]]:
    """The rows by dialogue, the turns of each in order; a single row is a dialogue of its own."""
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault((row.dialogue, "" if row.dialogue else row.row_id), []).append(row)
    return [tuple(sorted(group, key=lambda row: row.position)) for group in grouped.values()]


def selected(rows: Sequence[Row], ids: Collection[str]) -> list[Row]:
    """The rows with these ids, every row without ids; a dialogue is taken as a whole."""
    taken = [one for one in dialogues(rows) if not ids or any(row.row_id in ids for row in one)]
    return [row for one in taken for row in one]


def _row(wire: Mapping[str, Any]) -> Row:
    who, where = wire["who"], wire["where"]
    said = (one for one in wire.get("history", ()) if one.get("role", "user") not in _BOT)
    return Row(
        row_id=wire["id"],
        turn=Turn(who=who, where=where, text=wire["text"]),
        history=tuple(Turn(who=_speaker(one, who), where=where, text=one["text"]) for one in said),
        setup=wire.get("setup") or {},
        submit=wire.get("submit") or {},
        about=_incident_of(wire) if where == "thread" else "",
        expected=tuple(wire["expect"]["tools"]),
        dialogue=wire.get("dialogue", ""),
        position=wire.get("turn", 1),
    )


def _incident_of(wire: Mapping[str, Any]) -> str:
    """The incident that an earlier message of the bot was about; blank for none."""
    said: Sequence[Mapping[str, Any]] = wire.get("history", ())
    found = (str((one.get("refs") or {"incident": ""}).get("incident", "")) for one in said)
    return next((one for one in found if one), "")


_BOT = frozenset({"bot", "assistant"})


def _speaker(said: Mapping[str, Any], who: str) -> str:
    role = said.get("role", "user")
    return who if role == "user" else role
