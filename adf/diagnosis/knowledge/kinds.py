"""The kinds of errors: category, side, actor, cause, steps and rerun advice in one place each."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of error; all that is told of an error comes from its kind and cannot disagree.

    `check` is what tells it apart from others; `connecting` says whether it can keep a session
    from being opened at all. `categories` differ for some kinds with the side the text names.
    """

    name: str
    categories: Mapping[str, str] = field(hash=False)
    side: str
    actor: str
    rerun: str
    cause: str
    check: str
    steps: tuple[str, ...]
    connecting: bool

    def category(self, side: str | None) -> str:
        """The category of this kind at the side that the text names, if it names one."""
        return self.categories.get(side or "", self.categories[""])


@functools.cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by name, read once."""
    read = read_json("kinds.json")
    return {name: _kind(name, row) for name, row in read.items()}


def read_json(name: str) -> Any:  # noqa: ANN401 - each reader knows the shape of its file
    """One file of knowledge."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _kind(name: str, row: Mapping[str, Any]) -> Kind:
    category: str | dict[str, str] = row["category"]
    return Kind(
        name=name,
        categories={"": category} if isinstance(category, str) else category,
        side=row["side"],
        actor=row["actor"],
        rerun=row["rerun"],
        cause=row["cause"],
        check=row["check"],
        steps=tuple(row["steps"]),
        connecting=row.get("connecting", False),
    )
