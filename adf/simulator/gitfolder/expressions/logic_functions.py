"""The functions that work out an argument only where it decides, and what a condition is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from adf.simulator.gitfolder.expressions.values import Unknown

Later = Callable[[], Any]


def truth(value: object) -> bool:
    """A value where the language needs a condition; a text that says `true` is none."""
    if isinstance(value, bool):
        return value
    raise Unknown


def _if(given: Sequence[Later]) -> Any:  # noqa: ANN401
    condition, then, otherwise = given
    return then() if truth(condition()) else otherwise()


def _deciding(given: Sequence[Later], *, on: bool) -> bool:
    """And/or: one argument may decide although another is unknown."""
    if not given:
        raise Unknown
    unknown = False
    for one in given:
        try:
            if truth(one()) is on:
                return on
        except Unknown:
            unknown = True
    if unknown:
        raise Unknown
    return not on


def _coalesce(given: Sequence[Later]) -> Any:  # noqa: ANN401
    if not given:
        raise Unknown
    return next((value for one in given if (value := one()) is not None), None)


LAZY: Mapping[str, Callable[[Sequence[Later]], Any]] = {
    "if": _if,
    "and": lambda given: _deciding(given, on=False),
    "or": lambda given: _deciding(given, on=True),
    "coalesce": _coalesce,
}
