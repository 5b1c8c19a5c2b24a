"""Reads what a sentence states of what: a fact (missing, expired) and the thing it is said of.

The grid of facts and things tells a kind for sentences that no phrase foresees. The thing of a
fact is what a reader would take for it: the noun in front of "does not exist", the one behind
"no such", and not one that only says where ("in table t").
"""

import bisect
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adf.diagnosis.knowledge.kinds import read_json

FARTHEST = 100
_NEXT = 16
_MORE = 12
_WORD = re.compile(r"[a-z0-9]+")
_SENTENCE = re.compile(r"[.;!?]['\")]?\s+|\n")
_REASON = re.compile(r": |\b(?:because|due to|caused by|but)\b")
_ASIDE = re.compile(r"\([^()]{12,400}\)")
_NAME = re.compile(r"(?<![\w'])'[^'\s]{0,80}(?:\s[^'\s]{1,40}){0,2}'(?![\w'])|\[[^\[\]]{0,80}\]")
_ADVERB = re.compile(
    r"\b(?:currently|yet|also|still|now|temporarily|permanently|actually|even|just|presently) "
)
_PLACE = re.compile(
    r"\b(?:in|on|from|under|within|at|into|to|for|by|with|using|against"
    r"|(?<!number )(?<!count )(?<!size )(?<!type )(?<!name )of)"
    r" (?:(?:the|a|an|this|your|its|that|any)\s+)?(?:\w+\s+)?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A fact said of a thing; without a thing it is a faint sign.

    `depth` counts the colons and words like "because" in front of it, behind which the reason
    stands for what was said before.
    """

    kind: str
    weight: int
    depth: int
    faint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    name: str
    words: str
    before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Thing:
    name: str
    start: int
    end: int
    place: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    things: Mapping[str, Sequence[tuple[str, str]]]
    facts: Mapping[str, Sequence[_Fact]]
    kinds: Mapping[str, Mapping[str, str]]


def statements_in(said: str) -> Iterator[Statement]:
    """The statements of a plain text, sentence by sentence."""
    for sentence in _SENTENCE.split(_NAME.sub(" ", _ASIDE.sub(" ", _spelled_out(said)))):
        yield from _stated(sentence)


def reasons_before(said: str, place: int) -> int:
    """How many reasons are begun in front of a place of a plain text, within its sentence."""
    start = max((one.end() for one in _SENTENCE.finditer(said, 0, place)), default=0)
    return sum(1 for _ in _REASON.finditer(said, start, place))


def is_bare_thing(words: str) -> bool:
    """Whether words only name a thing and state nothing of it."""
    places = [(match.group(), match.start()) for match in _WORD.finditer(words)]
    left = words
    for one in reversed(list(_things(words, places))):
        left = left[: one.start] + left[one.end :]
    return left != words and not re.sub(r"\b(?:the|a|specified|your|s)\b|\W", "", left)


def is_bare_fact(words: str) -> bool:
    """Whether words state a fact without a thing, so that what they are said of decides."""
    sentence = _spelled_out(words)
    places = [(match.group(), match.start()) for match in _WORD.finditer(sentence)]
    if any(True for _ in _things(sentence, places)):
        return False
    facts = _grid().facts
    found = (
        len(fact.words)
        for word, start in places
        for fact in facts.get(word, ())
        if _stands(sentence, fact.words, start)
    )
    longest = max(found, default=0)
    return longest > 0 and len(sentence) - longest < _MORE


def _spelled_out(said: str) -> str:
    """A text with each negation as a word of its own."""
    clear = said.replace("cannot", "can not").replace("can't", "can not").replace("n't", " not")
    return _ADVERB.sub("", clear)


def _stated(sentence: str) -> Iterator[Statement]:
    facts = _grid().facts
    words = [(match.group(), match.start()) for match in _WORD.finditer(sentence)]
    things = list(_things(sentence, words))
    reasons = [match.end() for match in _REASON.finditer(sentence)]
    for word, start in words:
        for fact in facts.get(word, ()):
            if _stands(sentence, fact.words, start):
                yield from _said_of(sentence, fact, start, things, reasons)


def _said_of(
    sentence: str, fact: _Fact, start: int, things: list[_Thing], reasons: list[int]
) -> Iterator[Statement]:
    kinds = _grid().kinds[fact.name]
    depth = bisect.bisect_right(reasons, start)
    near = [one for one in _around(things, start) if one.name in kinds]
    thing = _thing_of(sentence, fact, start, near, reasons[depth - 1] if depth else 0)
    if thing is not None:
        weight = len(fact.words) + thing.end - thing.start
        yield Statement(kind=kinds[thing.name], weight=weight, depth=depth)
    elif "" in kinds:
        yield Statement(kind=kinds[""], weight=len(fact.words), depth=depth, faint=True)


def _around(things: list[_Thing], start: int) -> list[_Thing]:
    first = bisect.bisect_left(things, start - 2 * FARTHEST, key=_start_of)
    return things[first : bisect.bisect_right(things, start + FARTHEST, key=_start_of)]


def _start_of(thing: _Thing) -> int:
    return thing.start


def _thing_of(
    sentence: str, fact: _Fact, start: int, near: list[_Thing], clause: int
) -> _Thing | None:
    """What a fact is said of: it stands in front of "is missing" and behind "no such"."""
    end = start + len(fact.words)
    several = " " in fact.words
    if fact.before:
        # An adjective stands next to what it is said of.
        return _behind(sentence, near, end, FARTHEST // 2 if several else _NEXT)
    ahead = _ahead(near, start, clause)
    return ahead or (_behind(sentence, near, end, _NEXT) if several else None)


def _ahead(things: list[_Thing], start: int, clause: int) -> _Thing | None:
    """The last thing in front of a fact; one that only says where only when there is no other."""
    near = [one for one in things if one.end <= start <= one.end + FARTHEST]
    near = [one for one in near if one.start >= clause] or near
    subjects = [one for one in near if not one.place] or near
    return subjects[-1] if subjects else None


def _behind(sentence: str, things: list[_Thing], end: int, farthest: int) -> _Thing | None:
    """The first thing behind a fact; of nouns in a row ("document key") the last."""
    near = [one for one in things if end <= one.start <= end + farthest]
    found = near[0] if near else None
    for one in near[1:]:
        if found is None or sentence[found.end : one.start].strip():
            break
        found = one
    return found


def _things(sentence: str, words: list[tuple[str, int]]) -> Iterator[_Thing]:
    grid = _grid()
    done = 0
    for word, start in words:
        if start < done:
            continue
        for words_of, name in grid.things.get(word, ()) or grid.things.get(word[:-1], ()):
            if _stands(sentence, words_of, start, plural=True):
                done = start + len(words_of)
                placed = _PLACE.search(sentence, max(0, start - 40), start) is not None
                yield _Thing(name=name, start=start, end=done, place=placed)
                break


def _stands(sentence: str, words: str, start: int, *, plural: bool = False) -> bool:
    if not sentence.startswith(words, start):
        return False
    rest = sentence[start + len(words) : start + len(words) + 2]
    if plural and rest[:1] == "s":
        rest = rest[1:]
    return not rest[:1].isalnum()


def _first_word(words: str) -> str:
    return next(match.group() for match in _WORD.finditer(words))


@functools.cache
def _grid() -> _Grid:
    """The grid, read once; the longest words of a beginning come first."""
    read = read_json("facts.json")
    things: dict[str, list[tuple[str, str]]] = {}
    for name, words in read["things"].items():
        for one in words:
            things.setdefault(_first_word(one), []).append((one, name))
    facts: dict[str, list[_Fact]] = {}
    for name, row in read["facts"].items():
        for side in ("before", "after"):
            for one in dict.fromkeys(row[side]):
                fact = _Fact(name=name, words=one, before=side == "before")
                facts.setdefault(_first_word(one), []).append(fact)
    for rows in things.values():
        rows.sort(key=lambda row: -len(row[0]))
    return _Grid(
        things=things,
        facts=facts,
        kinds={name: row["kinds"] for name, row in read["facts"].items()},
    )
