"""Trains the weights that errors are compared by: python -m tests.training.errors.

From all labeled messages that were judged already, the short examples by category, and the samples
of each kind.
"""

import json
from collections import Counter
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from adf.diagnosis.knowledge.classifier import FILE, SCALE
from adf.diagnosis.knowledge.kinds import FOLDER
from tests.training.error_rows import Row, digest, rows

SEED = 7
STRENGTH = 30
FEWEST = 2
LEAST = 0.6


def trained(learned: list[Row]) -> dict[str, Any]:
    """The weights as they are written."""
    counts = Counter(one for features, _ in learned for one in features)
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    known = {name: place for place, name in enumerate(names)}
    flat = [(found, one, 1 / len(may)) for found, may in learned for one in may]
    matrix = _matrix([found for found, _, _ in flat], known)
    model = LogisticRegression(C=STRENGTH, max_iter=300, random_state=SEED)
    model.fit(matrix, [one for _, one, _ in flat], sample_weight=[share for _, _, share in flat])
    rows_of = zip(known, model.coef_.T, strict=True)
    weights = {
        name: np.rint(row * SCALE).astype(int).tolist()
        for name, row in rows_of
        if np.abs(row).max() >= LEAST
    }
    return {
        "digest": digest(learned),
        "categories": [str(one) for one in model.classes_],
        "bias": np.atleast_1d(model.intercept_).round(3).tolist(),
        "weights": weights,
    }


def _matrix(found: list[frozenset[str]], known: dict[str, int]) -> Any:
    places = [[known[one] for one in sorted(features) if one in known] for features in found]
    values = [1 / np.sqrt(len(row)) for row in places for _one in row]
    at = [place for place, row in enumerate(places) for _one in row]
    shape = (len(found), len(known))
    return csr_matrix((values, (at, [one for row in places for one in row])), shape=shape)


def main() -> None:
    """Write the weights anew."""
    learned = list(rows())
    read = trained(learned)
    lines = [f" {json.dumps(name)}: {_row(row)}" for name, row in read["weights"].items()]
    head = json.dumps({name: one for name, one in read.items() if name != "weights"})
    (FOLDER / FILE).write_text(
        head[:-1] + ',\n"weights": {\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8"
    )
    print(f"{len(learned)} rows, {len(read['weights'])} features")


def _row(row: list[int]) -> str:
    return json.dumps(row, separators=(",", ":"))


if __name__ == "__main__":
    main()
