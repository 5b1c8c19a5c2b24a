"""What the comparison of errors is trained on, as features; read without what trains."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from adf.diagnosis.knowledge import kinds
from adf.diagnosis.knowledge.classifier import features_of
from adf.diagnosis.knowledge.kinds import FOLDER
from adf.diagnosis.sides import side_of
from adf.diagnosis.unwrap import peel
from adf.redaction import redact

ERRORS = Path(__file__).parents[1] / "data" / "errors"
LABELED = ("work", "final", "second_work", "second_final", "third_work", "written")

Row = tuple[frozenset[str], tuple[str, ...]]


def rows() -> Iterator[Row]:
    """What is learned from: features of a message, and the categories it may have."""
    for name in LABELED:
        for line in (ERRORS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            sample = json.loads(line)
            yield (
                _features(sample["message"], sample["outer_code"] or ""),
                tuple(sample["acceptable_categories"]),
            )
    examples = json.loads((ERRORS / "examples.json").read_text(encoding="utf-8"))
    for categories, texts in examples.items():
        for text in texts:
            yield _features(text, ""), tuple(categories.split())
    samples = json.loads((FOLDER / "samples.json").read_text(encoding="utf-8"))
    for name, row in samples.items():
        for text in row["positive"]:
            yield _features(text, ""), (kinds()[name].category(None),)


def digest(learned: list[Row]) -> str:
    """What the weights were learned from, so that a test can say that they are out of date."""
    text = json.dumps([[sorted(features), may] for features, may in learned])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _features(message: str, outer_code: str) -> frozenset[str]:
    peeled = peel(redact(message))
    return features_of(peeled.root, peeled.text, outer_code, side_of(peeled, outer_code))
