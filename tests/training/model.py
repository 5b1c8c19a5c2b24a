"""The classifier in the making: features as a sparse matrix, linear heads, and a hidden layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.agents.understanding.features import counts_of, normalized
from tests.training.hidden import HiddenLayer

FEWEST = 3
C_INTENT, C_REFERENCE = 5.0, 4.0


class Vectorizer:
    """N-grams that stand in at least two texts, weighted by how rare they are."""

    def fit(self, texts: Sequence[str]) -> "Vectorizer":
        """Choose the n-grams and weigh them."""
        found = [keys for text in texts for keys, _ in counts_of(normalized(text))]
        keys, often = np.unique(np.concatenate(found), return_counts=True)
        self.keys = keys[often >= FEWEST]
        often = often[often >= FEWEST].astype(np.float32)
        self.idf = (np.log((1 + len(texts)) / (1 + often)) + 1).astype(np.float32)
        return self

    def __call__(self, texts: Sequence[str]) -> Any:
        """One row for each text; each kind of n-gram has length one."""
        places: list[int] = []
        values: list[np.ndarray[Any, Any]] = []
        ends = [0]
        for text in texts:
            for keys, often in counts_of(normalized(text)):
                at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
                is_known = self.keys[at] == keys
                if is_known.any():
                    at = at[is_known]
                    value = (1 + np.log(often[is_known])) * self.idf[at]
                    places.extend(at)
                    values.append(value / np.linalg.norm(value))
            ends.append(len(places))
        data = np.concatenate(values) if values else np.zeros(0)
        return sparse.csr_matrix(
            (data.astype(np.float32), places, ends), shape=(len(texts), len(self.keys))
        )


class Model:
    """Both heads: what is asked, and whether it names something."""

    def fit(
        self, texts: Sequence[str], intents: Sequence[str], references: Sequence[int]
    ) -> "Model":
        """Train; deterministic for the same rows in the same order."""
        self.features = Vectorizer().fit(texts)
        given = self.features(texts)
        self.intent = LogisticRegression(C=C_INTENT, max_iter=400, tol=1e-3).fit(given, intents)
        classes = np.searchsorted(self.intent.classes_, intents)
        self.hidden = HiddenLayer().fit(given, classes)
        self.reference = LogisticRegression(C=C_REFERENCE, max_iter=400, tol=1e-3).fit(
            given, references
        )
        return self

    def scores(self, texts: Sequence[str]) -> tuple[Any, Any]:
        """The scores of every intent, in the order of `self.intent.classes_`, and of references."""
        given = self.features(texts)
        scores = self.intent.decision_function(given) + self.hidden.scores(given)
        return scores, self.reference.decision_function(given)
