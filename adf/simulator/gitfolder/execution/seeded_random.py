"""Chance that a seed decides: the same words always throw the same dice."""

import math
import random
import uuid
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")

_IDS = uuid.UUID("5d3b7c1e-94f0-4a8e-8a55-0c6f1de2ab77")
_LONG, _LONGER = 0.012, (2.5, 7.0)


class SeededRandom:
    """Throws for one purpose, in a fixed order."""

    def __init__(self, seed: int, *words: object) -> None:
        """Begin with a seed and the words that say what is thrown for."""
        self._random = random.Random(f"{seed}/{'/'.join(map(str, words))}")  # noqa: S311

    def share(self) -> float:
        """Any number from 0 up to 1."""
        return self._random.random()

    def hits(self, chance: float) -> bool:
        """Whether something of that chance happens."""
        return self._random.random() < chance

    def between(self, low: float, high: float) -> float:
        """A number between two; each power of ten as likely as the next."""
        return math.exp(self._random.uniform(math.log(low), math.log(high)))

    def around(self, usual: float, spread: float) -> float:
        """A number as it scatters around a usual one, log-normal."""
        return usual * self._random.lognormvariate(0.0, spread)

    def lasting(self, usual: float) -> float:
        """How long something of a usual length takes this time; now and then much longer."""
        taken = self.around(usual, 0.16)
        if self._random.random() < _LONG:
            taken *= self._random.uniform(*_LONGER)
        return taken

    def count(self, low: int, high: int) -> int:
        """A whole number from low to high."""
        return self._random.randint(low, high)

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """One of several."""
        return self._random.choice(things)

    def some_of(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """Several of several, none twice."""
        return self._random.sample(things, min(count, len(things)))


def id_of(seed: int, *words: object) -> str:
    """The run id that belongs to a seed and words, always the same."""
    return str(uuid.uuid5(_IDS, f"{seed}/{'/'.join(map(str, words))}"))
