"""The catalogue of known errors, as data: codes, how to recognise them, cause, next steps."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LEARN = "https://learn.microsoft.com/azure/data-factory/"
_CODE = re.compile(r"\b(?:\d{4,}|[a-z][a-z0-9_.-]*[a-z0-9])\b")
_WRAPPERS = frozenset({"2200", "ActionFailed", "BadRequest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One known error; `rerun` says whether running again makes sense (yes, no, depends, ...).

    The words of a `weak` one are said of other errors too, so that any other goes first.
    """

    code: str
    names: frozenset[str]
    category: str
    patterns: tuple[re.Pattern[str], ...]
    weak: bool
    cause: str
    next_steps: tuple[str, ...]
    rerun: str
    rerun_note: str
    page: str | None

    @property
    def wrapper(self) -> bool:
        """Whether it tells only that something inside failed."""
        return self.code in _WRAPPERS

    @property
    def generic(self) -> bool:
        """Whether it says too little to explain an error by."""
        return self.wrapper or self.code == "SqlOperationFailed"

    def found_in(self, low: str) -> int | None:
        """Where its earliest sign stands in a lower-case text; None when there is none."""
        found = [match.start() for one in self.patterns if (match := one.search(low))]
        return min(found, default=None)


@functools.cache
def catalogue() -> tuple[Known, ...]:
    """Every known error, read once from catalogue.json beside this module."""
    file = Path(__file__).with_name("catalogue.json")
    entries = json.loads(file.read_text(encoding="utf-8"))["entries"]
    return tuple(_known(entry) for entry in entries)


def named_in(text: str) -> Known | None:
    """The known error whose code stands in a text as a word of its own, the most telling one."""
    words = frozenset(_CODE.findall(text.lower()))
    named = [one for one in catalogue() if words & one.names]
    return min(named, key=lambda one: (one.wrapper, one.generic), default=None)


def _known(entry: Mapping[str, Any]) -> Known:
    names = {entry["code"], *entry["aliases"], entry["match"].get("code_equals") or entry["code"]}
    slug = entry.get("doc_slug")
    return Known(
        code=entry["code"],
        names=frozenset(name.lower() for name in names),
        category=entry["category"],
        patterns=tuple(patterns_of(entry["match"].get("message_regex") or "")),
        weak=entry["match"].get("weak", False),
        cause=entry["probable_cause"],
        next_steps=tuple(entry["next_steps"]),
        rerun=entry["retry"]["sensible"],
        rerun_note=entry["retry"].get("note", ""),
        page=f"{LEARN}{slug}" if slug else None,
    )


def patterns_of(regex: str) -> Iterator[re.Pattern[str]]:
    """Each alternative of an expression, in lower case, to be searched in lower-case text.

    So each begins with plain letters, which makes the search several times as fast; `.+` between
    two words is bounded, so that no text makes it slow.
    """
    for one in re.split(r"\|(?![^(]*\))", regex):
        low = re.sub(r"\\.|\(\?P|[A-Z]", lambda part: _lowered(part.group()), one)
        if low:
            yield re.compile(re.sub(r"\.[+*]\??", ".{0,300}?", low), re.DOTALL)


def _lowered(part: str) -> str:
    return part if part[0] in "\\(" else part.lower()
