"""Filters that any question may carry: critical, failed or running ones, the last good one."""

import re
from dataclasses import dataclass

from bot.agents.understanding.lexicon import FILTERS, NEGATIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which filters were said; `good` also by words that people greet with."""

    critical: bool = False
    failed: bool = False
    error: bool = False
    succeeded: bool = False
    good: bool = False
    running: bool = False
    last: bool = False
    status: bool = False
    failed_steps: bool = False
    failed_runs: bool = False
    rate: bool = False
    on: bool = False
    off: bool = False


_PATTERNS = {
    name: re.compile(rf"(?i)(?<!\w)(?:{'|'.join(words)})(?!\w)") for name, words in FILTERS.items()
}
_NEGATED = re.compile(rf"(?i)(?:{'|'.join(NEGATIONS)})(?:\s+\w+)?\s*$")


def filters_in(text: str) -> Filters:
    """Read the filters of a text whose names are masked; "not green" is failed, "not red" good."""
    said, denied = dict[str, bool](), dict[str, bool]()
    for name, pattern in _PATTERNS.items():
        places = [_NEGATED.search(text, 0, one.start()) for one in pattern.finditer(text)]
        said[name] = any(negated is None for negated in places)
        denied[name] = any(negated is not None for negated in places)
    said["failed"] |= denied["succeeded"]
    said["succeeded"] |= denied["failed"] and not said["failed"]
    return Filters(**said)


def without_critical(text: str) -> str:
    """The text as if all pipelines were asked about."""
    return _PATTERNS["critical"].sub(" ", text)
