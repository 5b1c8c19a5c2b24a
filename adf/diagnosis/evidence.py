"""The signs of what an error is: codes, phrases, statements, and what is said beside the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from adf.diagnosis.knowledge import ErrorPhrase, Kind, KnownError, kinds, phrases_in
from adf.diagnosis.knowledge.facts import Statement, reasons_before, statements_in
from adf.diagnosis.knowledge.phrases import names_in_words, plain, without_advice
from adf.diagnosis.recognize import bare_code, entries_in, own_entries, without_codes
from adf.diagnosis.unwrap import Peeled

_SURE = 26
_ALL = 99
_FAILING = re.compile(r"(?i)(?:fail|raise|throw)(?![a-z]*(?:over|safe))")


class Rank(IntEnum):
    """How far a piece of evidence is to be trusted, the best first."""

    EXACT = 0
    OWN = 1
    WORDS = 2
    OUTER = 3
    STATED = 4
    BARE = 5
    VAGUE = 6
    OUTCOME = 7
    HINT = 8
    WEAK = 9
    LEARNED = 10
    MANY = 11
    WRAPPER = 12


class Place(IntEnum):
    """Where a sign was read: as a code in the text, as words, or beside the text."""

    CODE = 0
    WORDS = 1
    OUTSIDE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One sign of what the error is: how deep it stands, from inside, and how telling it is."""

    rank: Rank
    depth: int
    weight: int
    kind: Kind
    place: Place
    entry: KnownError | None = None
    reasons: int = 0


def evidence_in(peeled: Peeled, outer_code: str, failure_type: str) -> Iterator[Evidence]:
    """Every sign in a text that was taken apart, and in what the service says beside it."""
    texts = peeled.layers or (peeled.text,)
    for depth, text in enumerate(texts):
        yield from _by_codes(text, depth)
        yield from _by_words(text, depth)
        yield from _by_statements(text, depth)
    outside = len(texts)
    yield from _by_codes(peeled.text, outside)
    yield from (_of_entry(one, outside) for one in own_entries(peeled.codes, peeled.text))
    if texts != (peeled.text,):
        yield from _by_words(peeled.text, outside)
    for one in own_entries([outer_code]):
        found = _of_entry(one, outside + 1)
        # A number from outside is the activity's, whatever went wrong inside it.
        rank = max(found.rank, Rank.OUTER) if one.code.isdigit() else found.rank
        yield replace(found, rank=rank, place=Place.OUTSIDE)
    yield from (_of_entry(one, outside + 1) for one in bare_code(peeled.text))
    if peeled.target and _FAILING.match(peeled.target):
        yield _by_design(outside)
    if not peeled.text and not outer_code and failure_type:
        yield from (_of_entry(one, 0) for one in own_entries(["~Cancelled"]))


def _by_design(depth: int) -> Evidence:
    """An activity named for failing ends a pipeline with words of its author."""
    kind = kinds()["fail_activity"]
    return Evidence(rank=Rank.WEAK, depth=depth, weight=0, kind=kind, place=Place.WORDS)


def _by_codes(text: str, depth: int) -> Iterator[Evidence]:
    for place, entry in enumerate(dict.fromkeys(entries_in(text))):
        yield _of_entry(entry, depth, weight=-place)


def _by_words(text: str, depth: int) -> Iterator[Evidence]:
    text = without_codes(text)
    said = without_advice(plain(text))
    written = frozenset(phrases_in(said))
    for one in written:
        found = _of_phrase(one, depth, weak=one.weak)
        end = (one.place(said) or 0) + len(one.parts[0])
        yield replace(found, reasons=_ALL if one.stressed else reasons_before(said, end))
    spelled = frozenset(phrases_in(names_in_words(text))) - written
    yield from (_of_phrase(one, depth, weak=True) for one in spelled)
    named = frozenset(statements_in(names_in_words(text)))
    yield from (replace(_of_statement(one, depth), rank=Rank.WEAK) for one in named)


def _by_statements(text: str, depth: int) -> Iterator[Evidence]:
    said = without_advice(plain(without_codes(text)))
    yield from (_of_statement(one, depth) for one in frozenset(statements_in(said)))


def _of_phrase(one: ErrorPhrase, depth: int, *, weak: bool) -> Evidence:
    rank = Rank.WORDS if one.telling else Rank.HINT
    rank = Rank.STATED if len(one.parts) > 1 and one.weight < _SURE else rank
    rank = Rank.BARE if one.bare and one.telling and not one.stressed else rank
    rank = Rank.WEAK if weak else rank
    if one.entry and one.entry.many:
        rank = Rank.WRAPPER if one.entry.wrapper else Rank.MANY
    return Evidence(
        rank=rank,
        depth=depth,
        weight=one.weight,
        kind=kinds()[one.kind],
        place=Place.WORDS,
        entry=one.entry,
    )


def _of_statement(one: Statement, depth: int) -> Evidence:
    rank = Rank.WEAK if one.faint else Rank.STATED
    kind = kinds()[one.kind]
    return Evidence(
        rank=rank,
        depth=depth,
        weight=one.weight,
        kind=kind,
        place=Place.WORDS,
        reasons=one.depth,
    )


def _of_entry(entry: KnownError, depth: int, weight: int = 0) -> Evidence:
    rank = Rank.OWN if entry.own else Rank.EXACT
    if entry.vague:
        rank = Rank.VAGUE
    if entry.many:
        rank = Rank.WRAPPER if entry.wrapper else Rank.MANY
    kind = kinds()[entry.kind]
    return Evidence(rank=rank, depth=depth, weight=weight, kind=kind, place=Place.CODE, entry=entry)
