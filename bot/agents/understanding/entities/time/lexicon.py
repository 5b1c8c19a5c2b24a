"""The words of time by what they are, of eight languages; the lists are data."""

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from rapidfuzz.distance import OSA

Tag = Literal[
    "number", "fraction", "unit", "weekday", "weekdays", "month", "day", "part", "last_night",
    "this_part", "evening_before", "clock", "half_of_day", "oclock", "since", "from", "onward",
    "after", "before", "until", "by", "between", "and", "to", "around", "at", "ago", "ago_before",
    "last", "last_behind", "this", "next", "every", "daily", "always", "workday", "edge", "now",
    "filler", "joint", "future", "wish", "lasting", "measured", "long_ago", "half_to", "quarter",
    "hindi", "nights_back", "same_clock", "doubtful", "before_month", "greeting", "alone",
]  # fmt: skip
Tags = Mapping[Tag, str]

_LISTS: Mapping[Tag, Mapping[str, str]] = tomllib.loads(  # pyright: ignore[reportAssignmentType]
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)
_MOMENTS = frozenset(
    {"day", "weekday", "part", "clock", "half_of_day", "oclock", "last_night", "month"}
)
_SHORTEST = 6
_OFTEN_MISSPELLED = (
    *("yesterday", "midnight", "tonight", "overnight", "weekend", "morning", "afternoon"),
    *("evening", "between", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
    *("sunday", "gestern", "vorgestern", "mitternacht", "wochenende", "montag", "dienstag"),
    *("mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
)
_ACCENTED = 4
_NOTHING: Tags = {}


def _spellings(word: str) -> Iterator[str]:
    """A word as it is written with and without its accents and umlauts."""
    yield word
    if len(word) >= _ACCENTED and not word.isascii():
        yield word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
        plain = unicodedata.normalize("NFKD", word)
        yield "".join(one for one in plain if not unicodedata.combining(one))


def _phrases() -> dict[tuple[str, ...], dict[Tag, str]]:
    found: dict[tuple[str, ...], dict[Tag, str]] = {}
    for tag, values in _LISTS.items():
        for value, words in values.items():
            for word in words.split(", "):
                for spelling in _spellings(word):
                    key = tuple(spelling.replace("'", " ").replace("-", " ").split())
                    found.setdefault(key, {}).setdefault(tag, value)
    return found


_PHRASES = _phrases()
_LONGEST: dict[str, int] = {}
for _key in _PHRASES:
    _LONGEST[_key[0]] = max(len(_key), _LONGEST.get(_key[0], 0))
_NO_SLIP = frozenset(_LONGEST)


def longest_phrase(words: list[str], at: int) -> tuple[Tags, int]:
    """The tags of the longest phrase of time at a place, and how many words it has."""
    for length in range(min(_LONGEST.get(words[at], 0), len(words) - at), 0, -1):
        tags = _PHRASES.get(tuple(words[at : at + length]))
        if tags:
            return tags, length
    return _NOTHING, 1


def is_known(word: str) -> bool:
    """Whether a word is one of time by itself."""
    return (word,) in _PHRASES


def respelled(word: str) -> str:
    """A word of time spelled right, where one letter is wrong or two are swapped."""
    return word if word in _NO_SLIP else _nearest(word)


def is_moment(word: str) -> bool:
    """Whether a word by itself names a day or a time of it."""
    return bool(_MOMENTS & _PHRASES.get((word,), _NOTHING).keys())


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str:
    """The word of time that is one slip away and begins alike; the word itself without one."""
    if len(word) < _SHORTEST or not word.isalpha():
        return word
    near = (one for one in _OFTEN_MISSPELLED if one[0] == word[0])
    return next((one for one in near if OSA.distance(one, word, score_cutoff=1) <= 1), word)
