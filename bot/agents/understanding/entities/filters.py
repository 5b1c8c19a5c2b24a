"""Filters that any question may carry: only critical ones, only failed ones, the last good one."""

import re
from dataclasses import dataclass

from bot.agents.understanding.lexicon import FILTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which filters were said."""

    critical: bool = False
    failed: bool = False
    succeeded: bool = False
    last: bool = False


_PATTERNS = {
    name: re.compile(rf"(?i)(?<!\w)(?:{'|'.join(words)})(?!\w)") for name, words in FILTERS.items()
}


def filters_in(text: str) -> Filters:
    """Read the filters of a text whose names are masked."""
    said = {name: pattern.search(text) is not None for name, pattern in _PATTERNS.items()}
    return Filters(**said)


def without_critical(text: str) -> str:
    """The text as if all pipelines were asked about."""
    return _PATTERNS["critical"].sub(" ", text)
