"""A text as tokens of time: numbers, clock times, dates and tagged words, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import time

from bot.agents.understanding.entities.time.calendar import date_or_none
from bot.agents.understanding.entities.time.lexicon import (
    Tag,
    Tags,
    is_known,
    longest_phrase,
    respelled,
)

_TOKEN = re.compile(
    r"(?P<iso>(?<![\w-])\d{4}-\d{2}-\d{2}(?![\d-]))(?:T(?=\d))?"
    r"|(?P<dotted>(?<![\w.])\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}(?!\d))?(?![\w]))"
    r"|(?P<slashed>(?<![\w/])\d{1,2}/\d{1,2}/\d{4}(?![\w/]))"
    r"|(?P<clock>(?<![A-SU-Za-z\d_:.,])(?:[01]?\d|2[0-4])[:hH][0-5]\d(?::[0-5]\d(?:\.\d+)?)?)(?![\d:])"
    r"|(?P<decimal>(?<![\w.])\d+[.,]\d+(?![\d.,]\d))"
    r"|(?P<chunk>\w+(?:[-_./@\\]+\w+)*)(?P<own>['’]s\b)?"
    r"|(?P<sign>[^\w\s'’])"
)
_ENDING = re.compile(r"(\d+)([^\W\d_]{1,7})")
_PART = re.compile(r"[^\W_]+|[-_./@\\]+")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "re", "º", "ª", "e"})
_LARGEST = 9999.0
# Years that somebody typed wrong are as far away as any run can be, and no clock overflows there.
_FIRST_YEAR, _LAST_YEAR = 1970, 2200
_DASHES = frozenset("-–—")
_JOINER: Tags = {"to": "dash", "and": "dash"}
_NO_TAGS: Tags = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToken:
    """A word, number, clock time or date of a text; `tags` says what a word may be."""

    start: int
    end: int
    word: str
    tags: Tags = field(default_factory=dict[Tag, str])
    number: float | None = None
    clock: time | None = None
    padded: bool = False
    dated: tuple[int | None, int, int] | None = None
    ordinal: bool = False

    def __contains__(self, tag: Tag) -> bool:
        """Whether the word may be that."""
        return tag in self.tags

    @property
    def is_plain(self) -> bool:
        """Whether it is a word that has nothing to do with time."""
        return not self.tags and self.number is None and not self.clock and not self.dated


def time_tokens(text: str) -> list[TimeToken]:
    """Every token of a text; phrases of several words are one token."""
    return list(_phrased(list(_raw(text))))


def _raw(text: str) -> Iterator[TimeToken]:
    for match in _TOKEN.finditer(text):
        kind = "chunk" if match["chunk"] else str(match.lastgroup)
        word, start = match[kind], match.start()
        end = start + len(word)
        if kind == "chunk":
            *first, last = _chunk(word.lower(), start)
            yield from first
            yield last if last.end == match.end() else replace(last, end=match.end())
        elif kind == "clock":
            yield _clock(word, start, end)
        elif kind == "decimal":
            yield _decimal(word, start, end)
        elif kind == "sign":
            dash = word in _DASHES
            yield TimeToken(start=start, end=end, word=word, tags=_JOINER if dash else _NO_TAGS)
        else:
            yield _date(kind, word, start, end)


def _clock(word: str, start: int, end: int) -> TimeToken:
    hour, minute = re.split("[:hH]", word)[:2]
    clock = time(int(hour) % 24, int(minute))
    return TimeToken(start=start, end=end, word=word, clock=clock, padded=word.find(":") == 2)


def _decimal(word: str, start: int, end: int) -> TimeToken:
    number = float(word.replace(",", "."))
    return TimeToken(start=start, end=end, word=word, number=number)


def _date(kind: str, word: str, start: int, end: int) -> TimeToken:
    one, two, *rest = (int(part) for part in re.findall(r"\d+", word))
    if kind == "iso":
        dated = (one, two, rest[0])
    elif kind == "slashed" and one <= 12 < two:
        dated = (rest[0], one, two)
    else:
        year = rest[0] if rest else None
        dated = (year + 2000 if year is not None and year < 100 else year, two, one)
    near = dated[0] if dated[0] is None else min(max(dated[0], _FIRST_YEAR), _LAST_YEAR)
    real = date_or_none(near or 2000, dated[1], dated[2])
    found = (near, dated[1], dated[2]) if real else None
    return TimeToken(start=start, end=end, word=word, dated=found)


def _chunk(word: str, start: int) -> Iterator[TimeToken]:
    """A word; one with hyphens is parted when each part is of time, else it is a name."""
    if word.isalpha():
        yield TimeToken(start=start, end=start + len(word), word=respelled(word))
        return
    parts = [(one.group(), one.start()) for one in _PART.finditer(word)]
    if len(parts) == 1:
        yield from _word(word, start)
    elif _is_phrase(word):
        tags = longest_phrase(word.split("-"), 0)[0]
        yield TimeToken(start=start, end=start + len(word), word=word, tags=tags)
    elif all(_is_of_time(part) or part == "-" for part, _ in parts):
        for part, offset in parts:
            yield from _word(part, start + offset)
    else:
        yield TimeToken(start=start, end=start + len(word), word="")


def _is_phrase(word: str) -> bool:
    words = word.split("-")
    tags, length = longest_phrase(words, 0)
    return bool(tags) and length == len(words)


def _is_of_time(part: str) -> bool:
    ending = _ENDING.fullmatch(part)
    return part.isdigit() or is_known(part) or bool(ending and _is_ending(ending[2]))


def _is_ending(letters: str) -> bool:
    return letters in _ORDINALS or is_known(letters)


def _word(word: str, start: int) -> Iterator[TimeToken]:
    end = start + len(word)
    ending = _ENDING.fullmatch(word)
    if word == "-":
        yield TimeToken(start=start, end=end, word=word, tags=_JOINER)
    elif word.isdecimal():
        padded = len(word) > 1 and word[0] == "0"
        yield TimeToken(start=start, end=end, word=word, number=_number(word), padded=padded)
    elif ending and _is_ending(ending[2]):
        yield from _ended(ending[1], ending[2], start)
    else:
        yield TimeToken(start=start, end=end, word=respelled(word))


def _ended(digits: str, letters: str, start: int) -> Iterator[TimeToken]:
    middle, end = start + len(digits), start + len(digits) + len(letters)
    if letters in _ORDINALS:
        yield TimeToken(start=start, end=end, word=digits, number=_number(digits), ordinal=True)
        return
    yield TimeToken(start=start, end=middle, word=digits, number=_number(digits))
    yield TimeToken(start=middle, end=end, word=letters)


def _number(digits: str) -> float:
    """A number; one that no time is counted in is as good as the largest that some is."""
    return min(float(digits), _LARGEST)


def _phrased(raw: list[TimeToken]) -> Iterator[TimeToken]:
    """Words that make a phrase of time together as one token, tagged."""
    words = [one.word if one.number is None else "0" for one in raw]
    at = 0
    while at < len(raw):
        one = raw[at]
        tags, length = longest_phrase(words, at) if one.word else (_NO_TAGS, 1)
        if not tags or one.tags:
            length = 1
            yield one
        else:
            last = raw[at + length - 1]
            phrase = one.word if length == 1 else " ".join(words[at : at + length])
            yield TimeToken(start=one.start, end=last.end, word=phrase, tags=tags)
        at += length
