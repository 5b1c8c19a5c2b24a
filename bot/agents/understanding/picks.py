"""What a short answer picks: of the choices that were offered, or of the names that were listed."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from bot.agents.understanding.entities.name_index import words_of
from bot.agents.understanding.text import tokens_of

# Around a name or a time alone: what is asked is what was asked before.
FILLERS = frozenset(
    {
        *("the", "one", "please", "pls", "a", "no", "not", "i", "mean", "meant", "sorry", "und"),
        *("and", "der", "die", "das", "el", "la", "le", "what", "about", "how", "for"),
        *("same", "show", "me", "that", "then", "now", "also", "on", "in", "of", "with"),
        *("instead", "rather", "actually", "stattdessen", "lieber", "invece", "plutôt", "mejor"),
        *(
            "but",
            "or",
            "ok",
            "wait",
            "just",
            "only",
            "so",
            "this",
            "it",
            "again",
            "y",
            "e",
            "en",
            "con",
            "pour",
        ),
        *("para", "mit", "für", "was", "ist", "wie", "que", "qué", "et", "come"),
    }
)
# Behind it stands what is not meant: "the ingest, not the backfill".
_NOT = re.compile(
    r"(?i)(?<=\w)\W+(?:(?:and\s+)?not|instead of|rather than|nicht|pas|niet)\s+(?P<not>[^,;.?!]+)"
)
MOST_PICKED = 5


def picked(text: str, ordinal: int | None, memory: Mapping[str, Any]) -> str | None:
    """The question of the choice that a short answer picks: by number, or by part of its title."""
    choices = cast("Sequence[Sequence[str]]", memory.get("choices") or ())
    meant, denied = _parted(text)
    words = _words(meant)
    if not choices or not words or len(words) > MOST_PICKED:
        return None
    said = [word for word in words if word not in FILLERS]
    if ordinal is not None and len(said) <= 1:
        return str(choices[ordinal - 1][1]) if 0 < ordinal <= len(choices) else None
    unwanted = [word for word in _words(denied) if word not in FILLERS]
    fits = [
        question
        for title, question in choices
        if said and _has_all(title, said) and not (unwanted and _has_all(title, unwanted))
    ]
    if len(fits) > 1:
        # "Stock a": what is a filler elsewhere may tell one of the choices from the others.
        fits = [question for title, question in choices if {*words} <= {*words_of(title)}]
    return str(fits[0]) if len(fits) == 1 else None


def among(names: Sequence[str], denied: Collection[str], listed: Iterable[str]) -> tuple[str, ...]:
    """Of names that fit those which were listed before, else the one most like what is denied.

    A correction replaces a name by its neighbor: "the ingest, not the backfill" of two loads.
    """
    others = [one for one in listed if one not in denied]
    known = [one for one in names if one in others]
    if not names:
        return tuple(others)
    left = [one for one in names if one not in denied]
    return tuple(known or _most_like(left or names, denied))


def _most_like(names: Sequence[str], denied: Collection[str]) -> Sequence[str]:
    """The name that shares most words with those that are denied; all where none stands out."""
    words = {word for one in denied for word in words_of(one)}
    shared = {one: len(words.intersection(words_of(one))) for one in names}
    best = [one for one in names if shared[one] == max(shared.values())]
    return best if len(best) == 1 else names


def _parted(text: str) -> tuple[str, str]:
    """What is meant, and what is said not to be."""
    found = _NOT.search(text)
    if found is None:
        return text, ""
    return f"{text[: found.start()]} {text[found.end() :]}", found["not"]


def _words(text: str) -> list[str]:
    return [token.word for token in tokens_of(text) if token.is_word]


def _has_all(title: str, words: Collection[str]) -> bool:
    return all(word in title.lower() for word in words)
