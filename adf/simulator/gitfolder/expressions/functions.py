"""The functions of the expression language that need nothing but their arguments.

What Data Factory refuses, and what it is not certain to do, is Unknown and never a wrong value.
"""

import base64
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeGuard
from urllib.parse import quote, unquote

import orjson

from adf.simulator.gitfolder.expressions.date_functions import DATE_FUNCTIONS, date_text
from adf.simulator.gitfolder.expressions.logic_functions import truth
from adf.simulator.gitfolder.expressions.values import Unknown

Given = Sequence[Any]
_WHOLE = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_LONGEST_RANGE = 100_000
_TRUTHS = {"true": True, "false": False}


def text(value: object) -> str:
    """A value as `string()` writes it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return date_text(value)
    if isinstance(value, float) and value.is_integer():
        # `1.0` or `1`: the judge says one, and nobody saw Azure say it.
        raise Unknown
    return orjson.dumps(value, default=lambda _: None).decode()


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(given: Given) -> list[int | float]:
    found = _list(given[0]) if len(given) == 1 and not _is_number(given[0]) else given
    numbers = [one for one in found if _is_number(one)]
    if not numbers or len(numbers) != len(found):
        raise Unknown
    return numbers


def _two(given: Given) -> tuple[Any, Any]:
    one, other = _numbers(given)
    return one, other


def _equals(given: Given) -> bool:
    one, other = given
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _bool(given: Given) -> bool:
    (value,) = given
    if isinstance(value, str) and value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    return bool(value) if _is_number(value) else truth(value)


def _int(given: Given) -> int:
    (value,) = given
    if _is_number(value) and value == int(value):
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise Unknown


def _float(given: Given) -> float:
    (value,) = given
    if _is_number(value) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return float(value)
    raise Unknown


def _compared(order: Callable[[Any, Any], bool]) -> Callable[[Given], bool]:
    """Numbers by size; texts where their order does not hang on upper and lower case."""

    def compare(given: Given) -> bool:
        one, other = given
        if isinstance(one, str) and isinstance(other, str):
            if order(one, other) is not order(one.casefold(), other.casefold()):
                raise Unknown
            return order(one, other)
        return order(*_two(given))

    return compare


def _contains(given: Given) -> bool:
    holder, part = given
    return part in holder


def _union(given: Given) -> Any:  # noqa: ANN401
    if all(isinstance(one, dict) for one in given):
        return {key: value for one in given for key, value in one.items()}
    return _once(row for rows in given for row in _list(rows))


def _once(rows: Iterable[Any]) -> list[Any]:
    """Each row once; `true` and `1` are two."""
    found: list[Any] = []
    for row in rows:
        if not any(_equals((row, known)) for known in found):
            found.append(row)
    return found


def _list(value: Any) -> list[Any]:  # noqa: ANN401
    if isinstance(value, list):
        return value  # pyright: ignore[reportUnknownVariableType]
    raise Unknown


def _as_list(value: Any) -> list[Any]:  # noqa: ANN401
    return _list(value) if isinstance(value, list) else [value]


def _sized(value: Any) -> Any:  # noqa: ANN401
    """A text or an array."""
    return value if isinstance(value, str) else _list(value)


def _divide(given: Given) -> Any:  # noqa: ANN401
    """Whole numbers towards zero, as .NET does."""
    one, other = _two(given)
    if isinstance(one, int) and isinstance(other, int):
        whole = abs(one) // abs(other)
        return whole if (one < 0) == (other < 0) else -whole
    return one / other


def _mod(given: Given) -> Any:  # noqa: ANN401
    """The rest has the sign of what is divided."""
    one, other = _two(given)
    rest = abs(one) % abs(other)
    return -rest if one < 0 else rest


def _substring(given: Given) -> str:
    whole, start = given[0], given[1]
    end = start + given[2] if len(given) > 2 else len(whole)
    if not 0 <= start <= end <= len(whole) or (start and start == len(whole)):
        raise Unknown
    return whole[start:end]


def _replace(given: Given) -> str:
    whole, old, new = given
    if not old:
        raise Unknown
    return whole.replace(old, new)


def _range(given: Given) -> list[int]:
    """Data Factory's own limit keeps a range from filling the memory."""
    start, count = given
    if not 0 <= count <= _LONGEST_RANGE:
        raise Unknown
    return list(range(start, start + count))


def _array_of(given: Given) -> list[Any]:
    if not given:
        raise Unknown
    return list(given)


def _taken(given: Given) -> Any:  # noqa: ANN401
    whole, count = _sized(given[0]), given[1]
    if count < 0:
        raise Unknown
    return whole[:count]


def _skipped(given: Given) -> Any:  # noqa: ANN401
    if given[1] < 0:
        raise Unknown
    return _list(given[0])[given[1] :]


def _empty(given: Given) -> bool:
    (value,) = given
    return value is None or len(value) == 0


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _whole(value: Any) -> Any:  # noqa: ANN401
    """A result within 64 bits, as whole numbers are there; a larger one is refused."""
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise Unknown
    return value


def _in_case(word: Any, change: Callable[[str], str]) -> str:  # noqa: ANN401
    """Letter by letter, as .NET does: one without a single counterpart stays as it is."""
    if not isinstance(word, str):
        raise Unknown
    changed = ((letter, change(letter)) for letter in word)
    return "".join(other if len(other) == 1 else letter for letter, other in changed)


def _concat(given: Given) -> str:
    if not given:
        raise Unknown
    return "".join(map(text, given))


def _encoded(given: Given) -> str:
    return quote(given[0], safe="-_.~")


FUNCTIONS: Mapping[str, Callable[[Given], Any]] = {
    **DATE_FUNCTIONS,
    "add": lambda given: _whole(sum(_two(given))),
    "array": lambda given: _as_list(given[0]),
    "base64": lambda given: _base64(given[0]),
    "base64tostring": lambda given: base64.b64decode(given[0], validate=True).decode(),
    "bool": _bool,
    "concat": _concat,
    "contains": _contains,
    "createarray": _array_of,
    "datauri": lambda given: f"data:text/plain;charset=utf-8;base64,{_base64(given[0])}",
    "decodeuricomponent": lambda given: unquote(given[0]),
    "div": _divide,
    "empty": _empty,
    "encodeuricomponent": _encoded,
    "endswith": lambda given: given[0].lower().endswith(given[1].lower()),
    "equals": _equals,
    "first": lambda given: _sized(given[0])[0],
    "float": _float,
    "greater": _compared(lambda one, other: one > other),
    "greaterorequals": _compared(lambda one, other: one >= other),
    "indexof": lambda given: given[0].lower().find(given[1].lower()),
    "int": _int,
    "intersection": lambda given: _once(
        row for row in _list(given[0]) if any(_equals((row, one)) for one in _list(given[1]))
    ),
    "join": lambda given: given[1].join(map(text, _list(given[0]))),
    "json": lambda given: orjson.loads(given[0]),
    "last": lambda given: _sized(given[0])[-1],
    "lastindexof": lambda given: given[0].lower().rfind(given[1].lower()),
    "length": lambda given: len(_sized(given[0])),
    "less": _compared(lambda one, other: one < other),
    "lessorequals": _compared(lambda one, other: one <= other),
    "max": lambda given: max(_numbers(given)),
    "min": lambda given: min(_numbers(given)),
    "mod": _mod,
    "mul": lambda given: _whole(_two(given)[0] * _two(given)[1]),
    "not": lambda given: not truth(given[0]),
    "range": _range,
    "replace": _replace,
    "skip": _skipped,
    "split": lambda given: given[0].split(given[1]),
    "startswith": lambda given: given[0].lower().startswith(given[1].lower()),
    "string": lambda given: text(given[0]),
    "sub": lambda given: _whole(_two(given)[0] - _two(given)[1]),
    "substring": _substring,
    "take": _taken,
    "tolower": lambda given: _in_case(given[0], str.lower),
    "toupper": lambda given: _in_case(given[0], str.upper),
    "trim": lambda given: given[0].strip(),
    "union": _union,
    "uricomponent": _encoded,
}
