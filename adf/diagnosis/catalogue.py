"""The catalogue of known errors, as data: codes, how to recognise them, cause, next steps."""

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEARN = "https://learn.microsoft.com/azure/data-factory/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One known error; `rerun` says whether running again makes sense (yes, no, depends, ...)."""

    code: str
    names: frozenset[str]
    category: str
    pattern: re.Pattern[str]
    cause: str
    next_steps: tuple[str, ...]
    rerun: str
    rerun_note: str
    page: str | None

    @property
    def generic(self) -> bool:
        """Whether it only wraps another error, so that anything more exact goes first."""
        return (
            self.category in {"copy_wrapper", "orchestration"} or self.code == "SqlOperationFailed"
        )


@functools.cache
def catalogue() -> tuple[Known, ...]:
    """Every known error, read once from catalogue.json beside this module."""
    file = Path(__file__).with_name("catalogue.json")
    entries = json.loads(file.read_text(encoding="utf-8"))["entries"]
    return tuple(_known(entry) for entry in entries)


def _known(entry: Mapping[str, Any]) -> Known:
    names = {entry["code"], *entry["aliases"], entry["match"].get("code_equals") or entry["code"]}
    slug = entry.get("doc_slug")
    return Known(
        code=entry["code"],
        names=frozenset(name.lower() for name in names),
        category=entry["category"],
        pattern=re.compile(entry["match"].get("message_regex") or r"(?!)", re.IGNORECASE),
        cause=entry["probable_cause"],
        next_steps=tuple(entry["next_steps"]),
        rerun=entry["retry"]["sensible"],
        rerun_note=entry["retry"].get("note", ""),
        page=f"{LEARN}{slug}" if slug else None,
    )
