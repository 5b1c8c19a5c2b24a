"""What a card costs, against the same card made of plain dicts, in one run.

The plain cards come from the same functions: only the element classes are exchanged for a maker of
dicts, and the check of the size is left out. So the ratio is the price of types, of refused typos,
of mandatory fallbacks and of the promise that a card fits.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from pydantic.alias_generators import to_camel

from cards import extension
from cards.card_for import Record
from cards.components import layout, tables
from cards.gallery.samples import TYPICAL, drawn

MOST = 3.5
ROUNDS = 60


class _Plain(dict[str, Any]):
    """A dict that answers the few questions which the vocabulary asks of an element."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the element holds
        return self.get(_camel(name))

    def model_copy(self, update: Mapping[str, Any]) -> "_Plain":
        """The same element with something changed."""
        return _Plain({**self, **update})

    def to_dict(self) -> dict[str, Any]:
        """The card itself."""
        return self


def measure() -> Mapping[str, tuple[float, float, float]]:
    """By the card's name in the gallery: ours and plain in milliseconds, and their ratio.

    The two take turns in every round and the ratio is taken round by round: what else the machine
    does then meets both alike.
    """
    rounds = [_round() for _ in range(ROUNDS + 1)][1:]
    return {name: _medians([one[name] for one in rounds]) for name in TYPICAL}


def main() -> int:
    """Print the costs; fail when any card costs too much."""
    costs = measure()
    for name, (ours, plain, ratio) in costs.items():
        print(f"{name:28} {ours:6.2f} ms  plain {plain:6.2f} ms  x{ratio:4.2f}")
    ratios = [ratio for _, _, ratio in costs.values()]
    median, worst = statistics.median(ratios), max(ratios)
    print(f"cards: median x{median:.2f}, worst x{worst:.2f} of plain dicts (at most x{MOST})")
    return 0 if worst <= MOST else 1


def _round() -> Mapping[str, tuple[float, float]]:
    """Each card once, ours and of plain dicts."""
    typed = {name: _cost(record) for name, record in TYPICAL.items()}
    with _plain_elements():
        plain = {name: _cost(record) for name, record in TYPICAL.items()}
    return {name: (typed[name], plain[name]) for name in TYPICAL}


def _medians(rounds: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    ours, plain = zip(*rounds, strict=True)
    ratio = statistics.median(one / other for one, other in rounds)
    return statistics.median(ours), statistics.median(plain), ratio


def _cost(record: Record) -> float:
    start = time.perf_counter()
    json.dumps(drawn(record).content, ensure_ascii=False)
    return 1000 * (time.perf_counter() - start)


@contextmanager
def _plain_elements() -> Generator[None]:
    """Exchange every element class for a maker of dicts while the block runs."""
    kinds = {
        name: one
        for name, one in vars(extension).items()
        if isinstance(one, type) and issubclass(one, extension.Element) and name[0] != "_"
    }
    kept = layout.size_of, tables.TableColumnDefinition
    for name, one in kinds.items():
        setattr(extension, name, _maker(one))
    setattr(tables, "TableColumnDefinition", _maker(kept[1]))  # noqa: B010 - a class by a function
    layout.size_of = lambda card: 0
    try:
        yield
    finally:
        layout.size_of = kept[0]
        tables.TableColumnDefinition = kept[1]
        for name, one in kinds.items():
            setattr(extension, name, one)


def _maker(kind: type[extension.Element]) -> Callable[..., _Plain]:
    fields = kind.model_fields
    fixed = {
        field.alias or _camel(name): field.default
        for name, field in fields.items()
        if name in {"type", "version", "schema_"} and isinstance(field.default, str)
    }

    def make(**given: object) -> _Plain:
        told = {_camel(name): value for name, value in given.items() if value is not None}
        return _Plain({**fixed, **told})

    return make


@cache
def _camel(name: str) -> str:
    return to_camel(name)


if __name__ == "__main__":
    sys.exit(main())
