"""Reads what a sentence states of what: a fact (missing, expired) and the thing it is said of.

The grid of facts and things tells a kind for sentences that no phrase foresees. The thing of a
fact is what a reader would take for it: the noun in front of "does not exist", the one behind
"no such", and not one that only says where ("in table t").
"""

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
    r"|(?<!number )(?<!count )(?<!size )(?<!value )(?<!type )(?<!name )of)"
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
    grid = _grid()
    words = [(match.group(), match.start()) for match in _WORD.finditer(sentence)]
    things = list(_things(sentence, words))
    ends = [match.end() for match in _REASON.finditer(sentence)]
    for word, start in words:
        for fact in grid.facts.get(word, ()):
            if _stands(sentence, fact.words, start):
                reasons = [place for place in ends if place <= start]
                yield from _told(sentence, fact, start, things, reasons)


def _told(
    sentence: str, fact: _Fact, start: int, things: list[_Thing], reasons: list[int]
) -> Iterator[Statement]:
    kinds = _grid().kinds[fact.name]
    end = start + len(fact.words)
    known = [one for one in things if one.name in kinds]
    if fact.before:
        # An adjective stands next to what it is said of.
        thing = _behind(sentence, known, end, FARTHEST // 2 if " " in fact.words else _NEXT)
    else:
        thing = _ahead(known, start, reasons[-1] if reasons else 0)
        if thing is None and " " in fact.words:
            thing = _behind(sentence, known, end, _NEXT)
    if thing is not None:
        weight = len(fact.words) + thing.end - thing.start
        yield Statement(kind=kinds[thing.name], weight=weight, depth=len(reasons))
    elif "" in kinds:
        yield Statement(kind=kinds[""], weight=len(fact.words), depth=len(reasons), faint=True)


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


@functools.cache
def _grid() -> _Grid:
    """The grid, read once; the longest words of a beginning come first."""
    read = read_json("facts.json")
    things: dict[str, list[tuple[str, str]]] = {}
    for name, words in read["things"].items():
        for one in words:
            things.setdefault(_WORD.search(one).group(), []).append((one, name))
    facts: dict[str, list[_Fact]] = {}
    for name, row in read["facts"].items():
        for side in ("before", "after"):
            for one in dict.fromkeys(row[side]):
                fact = _Fact(name=name, words=one, before=side == "before")
                facts.setdefault(_WORD.search(one).group(), []).append(fact)
    for rows in things.values():
        rows.sort(key=lambda row: -len(row[0]))
    return _Grid(
        things=things,
        facts=facts,
        kinds={name: row["kinds"] for name, row in read["facts"].items()},
    )
