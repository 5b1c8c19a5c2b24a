"""The intent of a masked text, with calibrated probabilities; numpy only.

Weights are trained by `make train` from the corpus beside this module: multinomial logistic
regression over n-grams, each kind scaled to length one, and a layer of hidden units over the same
n-grams; their scores are added. Stored as int8 with a scale per feature; of those rows only what
is read is brought into memory.
"""

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from bot.agents.understanding.features import GramCounts, counts_of, normalized
from bot.agents.understanding.intents import Intent

# What an intent keeps of its probability where its rows never name, or always name, something.
NEVER = 0.1
MAY_NAME = 0.3
# A prediction takes about 10 KB.
MOST_RECENT = 500
NAMED = np.array([1, 0, 0], np.float32)
FILE = Path(__file__).with_name("weights.npz")
# One row for each n-gram: its weights for every intent and reference, then those into the units.
ROWS = FILE.with_name("weight_rows.npy")
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a text asks for: every intent with its probability, the likeliest first.

    `named`, `follows` and `whole` are the probabilities that it names something, leans on what was
    said before, or is about no one thing; they add up to one.
    """

    readings: tuple[tuple[Intent, float], ...]
    named: float
    follows: float
    whole: float

    def without(self, *intents: Intent) -> "Prediction":
        """The other readings, as if these could not be."""
        left = [(one, p) for one, p in self.readings if one not in intents]
        whole = sum(p for _, p in left) or 1.0
        return replace(self, readings=tuple((one, p / whole) for one, p in left))

    def taken_as(self, given: Intent, meant: Intent) -> "Prediction":
        """The same readings where one intent means another."""
        moved = dict(self.readings)
        moved[meant] = moved.get(meant, 0.0) + moved.pop(given, 0.0)
        order = sorted(moved.items(), key=lambda one: one[1], reverse=True)
        return replace(self, readings=tuple(order))

    @property
    def intent(self) -> Intent:
        """The likeliest intent."""
        return self.readings[0][0]

    def of(self, *intents: Intent) -> float:
        """The probability that one of these is meant."""
        return sum(p for intent, p in self.readings if intent in intents)


class Classifier:
    """The trained weights, read once."""

    def __init__(self, file: Path = FILE, rows: Path = ROWS) -> None:
        """Load what is small, and map the rows."""
        # Names are masked, so that many people ask in the same words, and a turn reads them twice.
        self._recent: LRUCache[tuple[str, bool], Prediction] = LRUCache(MOST_RECENT)
        self._rows = np.load(rows, mmap_mode="r")
        with np.load(file) as stored:
            self._load(stored)

    def _load(self, stored: Mapping[str, Any]) -> None:
        self._keys = stored["keys"]
        self._scales = stored["scales"].astype(np.float32)
        self._idf = stored["idf"].astype(np.float32)
        self._bias = stored["bias"].astype(np.float32)
        self._hidden_scales = stored["hidden_scales"].astype(np.float32)
        self._hidden_bias = stored["hidden_bias"]
        self._hidden_out = stored["hidden_out"]
        self._hidden_prior = stored["hidden_prior"]
        self._reference = stored["reference"].astype(np.float32)
        self._temperature = float(stored["temperature"])
        self._intents = [Intent(str(name)) for name in stored["intents"]]
        words = bytes(stored["vocabulary"]).decode().split("\n")
        self._count = int(stored["count"])
        self._often = dict(zip(words, stored["often"].tolist(), strict=True))
        self.threshold = float(stored["threshold"])
        self.corpus = str(stored["corpus"])

    def predict(self, text: str, *, names_pipeline: bool = False) -> Prediction:
        """Every reading of a masked text; a pipeline in it speaks for intents that name one."""
        key = (text, names_pipeline)
        found = self._recent.get(key)
        if found is None:
            found = self._recent[key] = self._predicted(text, names_pipeline=names_pipeline)
        return found

    def _predicted(self, text: str, *, names_pipeline: bool) -> Prediction:
        scores = self._scores(text)
        count = len(self._intents)
        intents = _softmax(scores[:count] / self._temperature)
        reference = _softmax(scores[count:])
        known = NAMED if names_pipeline else reference
        weighed = intents * (self._reference @ known + NEVER)
        intents = weighed / weighed.sum()
        shares: list[float] = intents.tolist()
        readings = sorted(
            zip(self._intents, shares, strict=True), key=lambda one: one[1], reverse=True
        )
        return Prediction(
            readings=tuple(readings),
            named=float(reference[0]),
            follows=float(reference[1]),
            whole=float(reference[2]),
        )

    @property
    def words(self) -> frozenset[str]:
        """Every word that at least two rows of the corpus have."""
        return frozenset(self._often)

    def often(self, word: str) -> int:
        """In how many rows of the corpus a word stands; 0 for one that is not known."""
        return self._often.get(word, 0)

    def share_of_rows(self, word: str) -> float:
        """In which share of the rows of the corpus a word stands."""
        return self.often(word) / self._count

    def share(self, gram: str) -> float:
        """In which share of the texts it was trained on a word gram stands; 0 for an unknown one.

        Read back from how rare it is, so that no second table is kept.
        """
        key = np.uint32(zlib.crc32(gram.encode("utf-8", "surrogatepass")))
        place = min(int(np.searchsorted(self._keys, key)), len(self._keys) - 1)
        return math.exp(1 - float(self._idf[place])) if self._keys[place] == key else 0.0

    def may_name(self, intent: Intent) -> bool:
        """Whether a good part of the rows of an intent name something."""
        return float(self._reference[self._intents.index(intent)][0]) >= MAY_NAME

    def _scores(self, text: str) -> Floats:
        """The scores of the intents, by both ways, and after them those of the references."""
        found = [self._found(counts) for counts in counts_of(normalized(text))]
        places = np.concatenate([places for places, _ in found])
        values = np.concatenate([values for _, values in found])
        rows = self._rows[places].astype(np.float32)
        direct, into = rows[:, : len(self._bias)], rows[:, len(self._bias) :]
        scores: Floats = self._bias + (values * self._scales[places]) @ direct
        units = np.maximum((values * self._hidden_scales[places]) @ into + self._hidden_bias, 0)
        scores[: len(self._intents)] += units @ self._hidden_out + self._hidden_prior
        return scores

    def _found(self, counts: GramCounts) -> tuple[NDArray[np.intp], Floats]:
        """Where the known n-grams of one kind stand among the weights, and what each counts."""
        keys, often = counts
        places = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        is_known = self._keys[places] == keys
        places = places[is_known]
        values = (1 + np.log(often[is_known].astype(np.float32))) * self._idf[places]
        return places, values / (np.linalg.norm(values) or 1.0)


def _softmax(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    spread: Floats = raised / raised.sum()
    return spread


@lru_cache(maxsize=1)
def the_classifier() -> Classifier:
    """The weights of the product, loaded at the first use."""
    return Classifier()
