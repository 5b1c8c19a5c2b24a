"""Which category the words of an error resemble: linear, learned from labeled messages.

Weights are trained by `python -m tests.training.errors`. They decide nothing that a code says, and
what they say is likely at most.
"""

import functools
import itertools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from adf.diagnosis.knowledge.kinds import read_json

FILE = "weights.json"
SCALE = 10
_LONGEST_ROOT = 1_500
_LONGEST_TEXT = 3_000
_LONGEST_NAME = 100
_START = 5
# Fewer words than these say too little to be compared.
_FEWEST = 5
_TELLING = 3
_MANY = 8
_FLOOR = 1e-6
# Words that any sentence may have, whatever it is about.
_COMMON = (
    "a an and any are as at be because been but by can could did do does for from had has have if"
    " in into is it its may more no not of off on or other out over so some such than that the"
    " their there these they this to up was were when which while will with would wrong you your"
)
_ANYWHERE = frozenset(_COMMON.split())
_URL = re.compile(r"https?://\S+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TOKEN = re.compile(r"[a-z]+|\d{3,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorClassifier:
    """Weights of each feature by category, in tenths."""

    categories: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[int, ...]]

    def likelihoods(self, features: Iterable[str]) -> Mapping[str, float]:
        """The logarithm of the probability of each category; they are sums over known features."""
        rows = [self.weights[one] for one in features if one in self.weights]
        scale = 1 / (SCALE * math.sqrt(max(len(rows), 1)))
        sums = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(self.bias)
        scores = [a + scale * b for a, b in zip(self.bias, sums, strict=True)]
        top = max(scores)
        whole = top + math.log(sum(math.exp(one - top) for one in scores))
        found = (math.log(math.exp(one - whole) + _FLOOR) for one in scores)
        return dict(zip(self.categories, found, strict=True))


def words_of(text: str) -> list[str]:
    """The words and longer numbers of a text; names in camel case fall apart."""
    return _TOKEN.findall(_HUMP.sub(" ", _URL.sub(" url ", text)).lower())


def features_of(root: str, text: str, outer_code: str, side: str | None) -> frozenset[str]:
    """What an error is compared by: words and pairs of its root, words around it, code and side."""
    words = words_of(root[:_LONGEST_ROOT])
    pairs = (f"r:{one} {other}" for one, other in itertools.pairwise(words))
    # The name of a code is words; that it is a code does not matter.
    around = words_of(f"{outer_code[:_LONGEST_NAME]} {text[:_LONGEST_TEXT]}")
    return frozenset(
        (
            *(f"r:{one}" for one in words),
            *pairs,
            *(f"p:{one[:_START]}" for one in words),
            *(f"m:{one}" for one in around),
            f"o:{outer_code}",
            f"s:{side}",
        )
    )


def comparable(words: str) -> float:
    """How far a text says what it resembles: not at all by a few words, wholly by many."""
    count = len(words_of(words[:_LONGEST_ROOT]))
    return min(count / _MANY, 1.0) if count >= _FEWEST else 0.0


def is_telling(words: str) -> bool:
    """Whether enough words are known, without those of any sentence, to tell by them alone."""
    known = classifier().weights
    found = {one for one in words_of(words[:_LONGEST_ROOT]) if f"r:{one}" in known}
    return len(found - _ANYWHERE) >= _TELLING


@functools.cache
def classifier() -> ErrorClassifier:
    """The trained weights, read once."""
    read = read_json(FILE)
    return ErrorClassifier(
        categories=tuple(read["categories"]),
        bias=tuple(read["bias"]),
        weights={name: tuple(row) for name, row in read["weights"].items()},
    )
