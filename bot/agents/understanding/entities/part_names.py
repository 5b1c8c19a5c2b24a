"""A thing said by a part of its name: "the lims box" for the runtime shir-lims-02.

Only a word that nothing else explains can be such a part, and only where one name has it: two
runtimes that share a word are told apart by the asker.
"""

import re
from collections.abc import Sequence

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SHORTEST = 2


def in_full(text: str, strange: Sequence[str], names: Sequence[str]) -> tuple[str, str] | None:
    """The text with the whole name in the place of its part, and the name; None without one."""
    for word in strange:
        name = _only_name(word, names)
        if name is not None:
            return re.sub(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", name, text), name
    return None


def _only_name(word: str, names: Sequence[str]) -> str | None:
    """The one name that is so called or has the word as one of its parts."""
    said = word.lower()
    whole = [name for name in names if name.lower() == said]
    if whole:
        return whole[0]
    if len(said) < SHORTEST:
        return None
    having = [name for name in names if said in _parts(name)]
    return having[0] if len(having) == 1 else None


def _parts(name: str) -> frozenset[str]:
    return frozenset(part.lower() for part in _PART.findall(name))
