"""Families of rows: those of one intent whose content words are nearly the same.

A model that is judged on a family it has not read cannot lean on a row that says the same in almost
the same words; how far its figures fall then is how much near-repetition flatters.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from tests.training.corpus import CorpusRow

ALIKE = 78
FOLDS = 5
_WORD = re.compile(r"[\w{}']+")
_EMPTY = frozenset(
    _WORD.findall(
        "please pls kindly could you can would me us the a an of for to is are was were did do does"
        " has have it that this now today just bitte show give tell share i we in on at by and my"
        " our"
    )
)


def fold_of_each(rows: Sequence[CorpusRow]) -> list[str]:
    """The fold of each row; a family is never split, and the folds are about as large."""
    families: dict[int, list[int]] = defaultdict(list)
    for place, family in enumerate(families_of(rows)):
        families[family].append(place)
    folds: list[list[int]] = [[] for _ in range(FOLDS)]
    for members in sorted(families.values(), key=len, reverse=True):
        min(folds, key=len).extend(members)
    where = {place: str(number) for number, fold in enumerate(folds) for place in fold}
    return [where[place] for place in range(len(rows))]


def families_of(rows: Sequence[CorpusRow]) -> list[int]:
    """The family of each row, by the place of one of its members."""
    parents = list(range(len(rows)))
    for one, other in _pairs(rows):
        parents[_root(parents, one)] = _root(parents, other)
    return [_root(parents, place) for place in range(len(rows))]


def _root(parents: list[int], place: int) -> int:
    while parents[place] != place:
        parents[place] = parents[parents[place]]
        place = parents[place]
    return place


def _pairs(rows: Sequence[CorpusRow]) -> Iterator[tuple[int, int]]:
    """Every two rows of one intent that are alike."""
    of_intent: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        of_intent[row.intent].append(place)
    for places in of_intent.values():
        texts = [_skeleton(rows[place].text) for place in places]
        alike = process.cdist(
            texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8, workers=1
        )
        for one, other in np.argwhere(np.triu(alike, 1)):
            yield places[one], places[other]


def _skeleton(text: str) -> str:
    """The content words of a row, in one order."""
    words = [word for word in _WORD.findall(text.lower()) if word not in _EMPTY]
    return " ".join(sorted(words)) or text.lower()
