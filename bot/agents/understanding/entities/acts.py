"""What an order says beside its names: where a rerun begins, parameters, what is stuck."""

import re
from collections.abc import Iterable, Mapping, Sequence

from bot.agents.understanding.entities.pipelines import MatchKind, find_names
from bot.agents.understanding.entities.resolve import ordinary_words
from bot.agents.understanding.text import tokens_of

_HEX = re.compile(r"(?i)[0-9a-f]{8}")
_EIGHT_DIGITS = re.compile(r"(?<![\w-])\d{8}(?![\w-])")
_PARAMETER = re.compile(r"(?<![\w.])([A-Za-z_]\w{0,99})\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s,;]+)")
# Said of what goes on for too long, in the languages people write in.
_STUCK = re.compile(
    r"(?i)\b(?:stuck|hung|hang(?:s|ing)?|frozen|endless|long|overdue|h[äa]ng\w*|fest\w*"
    r"|atascad\w*|bloqu\w*|bloccat\w*|trav\w*|vast\w*|coinc\w*)\b"
)
_RECURSIVE = re.compile(
    r"(?i)\b(?:child(?:ren)?|kids|sub[- ]?(?:runs?|pipelines?)|recursive(?:ly)?|everything below"
    r"|kind(?:er|l[äa]ufe)|hijos|enfants|figli)\b"
)


def short_run_of(text: str, said: str | None) -> str | None:
    """The first eight characters of a run id, also where they are digits alone."""
    if said and _HEX.fullmatch(said):
        return said.lower()
    found = _EIGHT_DIGITS.search(text)
    return found.group() if found else None


def parameters_in(text: str) -> Mapping[str, str]:
    """Values that were given for parameters: "with region=EU"."""
    return {match[1]: match[2].strip("\"'") for match in _PARAMETER.finditer(text)}


def means_stuck(text: str) -> bool:
    """Whether what goes on for too long is meant."""
    return _STUCK.search(text) is not None


def means_children(text: str) -> bool:
    """Whether the child runs are meant too."""
    return _RECURSIVE.search(text) is not None


def names_among(text: str, names: Iterable[str]) -> Sequence[str]:
    """The names of a list that a text may mean: the one that is written out, else those it fits."""
    listed = tuple(dict.fromkeys(names))
    lowered = text.lower()
    whole = [one for one in listed if re.search(rf"(?<!\w){re.escape(one.lower())}(?!\w)", lowered)]
    if whole:
        return [max(whole, key=len)]
    if not listed:
        return []
    found = find_names([one.word for one in tokens_of(text)], listed, ordinary_words())
    return [] if found.how is MatchKind.NOWHERE else list(found.names)
