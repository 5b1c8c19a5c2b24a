"""How good the classifier is on authors it has not read, and where it may answer by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.agents.understanding.intents import Intent, group_of
from tests.training.corpus import CorpusRow, masked, variants
from tests.training.model import Model

WRONG = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What was said of every row by a model that had not read its author."""

    rows: Sequence[CorpusRow]
    intents: Sequence[str]
    scores: Any
    reference: Any


def leave_out(rows: Sequence[CorpusRow], groups: Sequence[str] | None = None) -> Held:
    """Train on all others, judge on one, for every author, or for every group of rows."""
    intents = sorted({row.intent for row in rows})
    scores = np.full((len(rows), len(intents)), -30.0)
    reference = np.zeros((len(rows), 3))
    groups = groups or [row.author for row in rows]
    for one in sorted(set(groups)):
        train = [row for row, group in zip(rows, groups, strict=True) if group != one]
        judged = [place for place, group in enumerate(groups) if group == one]
        texts, from_rows = zip(*variants(train), strict=True)
        model = Model().fit(
            texts, [row.intent for row in from_rows], [row.reference for row in from_rows]
        )
        said, refers = model.scores([masked(rows[place].text) for place in judged])
        columns = [intents.index(name) for name in model.intent.classes_]
        scores[np.ix_(judged, columns)] = said
        reference[judged] = refers
    return Held(rows=rows, intents=intents, scores=scores, reference=reference)


def softmax(scores: Any, temperature: float = 1.0) -> Any:
    """Probabilities of rows of scores."""
    z = scores / temperature
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def gold_of(held: Held) -> Any:
    """The right column of each row."""
    at = {name: place for place, name in enumerate(held.intents)}
    return np.array([at[row.intent] for row in held.rows])


def temperature_of(held: Held) -> float:
    """What makes the probabilities honest."""
    gold, rows = gold_of(held), np.arange(len(held.rows))
    tried = np.geomspace(0.3, 3, 50)
    loss = [-np.log(softmax(held.scores, t)[rows, gold] + 1e-12).mean() for t in tried]
    return float(tried[int(np.argmin(loss))])


def in_groups(held: Held, p: Any) -> tuple[Any, Any]:
    """The probability of each row's likeliest group, and whether it is the right one."""
    members = np.array(
        [
            [Intent(other) in group_of(Intent(name)) for other in held.intents]
            for name in held.intents
        ]
    )
    best = p.argmax(axis=1)
    return (p * members[best]).sum(axis=1), members[best, gold_of(held)]


def coverage(confidence: Any, right: Any, wrong: float = WRONG) -> tuple[float, float]:
    """The share answered when at most `wrong` of all rows are answered wrongly; the threshold."""
    order = np.argsort(-confidence)
    bad = np.cumsum(~right[order]) / len(right)
    count = int(np.searchsorted(bad, wrong, side="right"))
    return count / len(right), float(confidence[order][count - 1]) if count else 1.0


def figures(held: Held) -> Mapping[str, Any]:
    """Accuracy, first three and coverage: the mean over authors, the worst, each one."""
    temperature = temperature_of(held)
    p = softmax(held.scores, temperature)
    gold = gold_of(held)
    first = p.argmax(axis=1) == gold
    third = (np.argsort(-p, axis=1)[:, :3] == gold[:, None]).any(axis=1)
    author = np.array([row.author for row in held.rows])
    each = {
        str(one): (float(first[author == one].mean()), float(third[author == one].mean()))
        for one in np.unique(author)
    }
    confidence, right = in_groups(held, p)
    refers = softmax(held.reference).argmax(axis=1) == [row.reference for row in held.rows]
    return {
        "temperature": temperature,
        "mean": float(np.mean([one for one, _ in each.values()])),
        "worst": min(one for one, _ in each.values()),
        "mean of three": float(np.mean([three for _, three in each.values()])),
        "worst of three": min(three for _, three in each.values()),
        "answered at 2 %": coverage(p.max(axis=1), first),
        "answered at 2 %, by group": coverage(confidence, right),
        "answered at 4 %, by group": coverage(confidence, right, 2 * WRONG),
        "group right": float(right.mean()),
        "reference right": float(refers.mean()),
        "each": each,
    }
