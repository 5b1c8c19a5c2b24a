"""The functions of the expression language that need nothing but their arguments."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from adf.simulator.gitfolder.expressions.values import Unknown

Given = Sequence[Any]
_DATE_PARTS = re.compile(r"yyyy|yy|MM|dd|HH|hh|mm|ss|f+|[^A-Za-z]|.")
_CODES = ("yyyy", "yy", "MM", "dd", "HH", "hh", "mm", "ss")
_FORMATS = dict(zip(_CODES, ("%Y", "%y", "%m", "%d", "%H", "%I", "%M", "%S"), strict=True))
_TRUE = ("true", "1")
_LONGEST_RANGE = 100_000


def text(value: object) -> str:
    """A value as `string()` writes it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return orjson.dumps(value, default=lambda _: None).decode()


def _equals(given: Given) -> bool:
    one, other = given
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _bool(value: object) -> bool:
    return value.lower() in _TRUE if isinstance(value, str) else bool(value)


def _date(value: object) -> datetime:
    when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _format_date(given: Given) -> str:
    when, form = _date(given[0]), given[1] if len(given) > 1 else "yyyy-MM-ddTHH:mm:ss.fffffffZ"
    return "".join(_date_part(when, part) for part in _DATE_PARTS.findall(str(form)))


def _date_part(when: datetime, part: str) -> str:
    if part.startswith("f"):
        return f"{when.microsecond:06}0"[: len(part)]
    return when.strftime(_FORMATS[part]) if part in _FORMATS else part


def _contains(given: Given) -> bool:
    holder, part = given
    return part in holder


def _union(given: Given) -> Any:  # noqa: ANN401
    if all(isinstance(one, dict) for one in given):
        return {key: value for one in given for key, value in one.items()}
    found: list[Any] = []
    for rows in given:
        found += [row for row in rows if row not in found]
    return found


def _divide(given: Given) -> Any:  # noqa: ANN401
    one, other = given
    return one // other if isinstance(one, int) and isinstance(other, int) else one / other


def _range(given: Given) -> list[int]:
    """Data Factory's own limit keeps a range from filling the memory."""
    start, count = given
    if not 0 <= count <= _LONGEST_RANGE:
        raise Unknown
    return list(range(start, start + count))


def _substring(given: Given) -> str:
    text, start = given[0], given[1]
    return text[start : start + given[2]] if len(given) > 2 else text[start:]


FUNCTIONS: Mapping[str, Callable[[Given], Any]] = {
    "add": lambda given: given[0] + given[1],
    "adddays": lambda given: (_date(given[0]) + timedelta(days=given[1])).isoformat(),
    "addhours": lambda given: (_date(given[0]) + timedelta(hours=given[1])).isoformat(),
    "array": lambda given: [given[0]],
    "bool": lambda given: _bool(given[0]),
    "concat": lambda given: "".join(map(text, given)),
    "contains": _contains,
    "createarray": lambda given: list(given),
    "dayofweek": lambda given: _date(given[0]).isoweekday() % 7,
    "div": _divide,
    "empty": lambda given: given[0] is None or len(given[0]) == 0,
    "endswith": lambda given: given[0].lower().endswith(given[1].lower()),
    "equals": _equals,
    "first": lambda given: given[0][0],
    "float": lambda given: float(given[0]),
    "formatdatetime": _format_date,
    "greater": lambda given: given[0] > given[1],
    "greaterorequals": lambda given: given[0] >= given[1],
    "int": lambda given: int(given[0]),
    "intersection": lambda given: [row for row in given[0] if row in given[1]],
    "join": lambda given: given[1].join(map(text, given[0])),
    "json": lambda given: orjson.loads(given[0]),
    "last": lambda given: given[0][-1],
    "length": lambda given: len(given[0]),
    "less": lambda given: given[0] < given[1],
    "lessorequals": lambda given: given[0] <= given[1],
    "mod": lambda given: given[0] % given[1],
    "mul": lambda given: given[0] * given[1],
    "not": lambda given: not _bool(given[0]),
    "range": _range,
    "replace": lambda given: given[0].replace(given[1], given[2]),
    "split": lambda given: given[0].split(given[1]),
    "startswith": lambda given: given[0].lower().startswith(given[1].lower()),
    "string": lambda given: text(given[0]),
    "sub": lambda given: given[0] - given[1],
    "substring": _substring,
    "tolower": lambda given: given[0].lower(),
    "toupper": lambda given: given[0].upper(),
    "trim": lambda given: given[0].strip(),
    "union": _union,
}

Later = Callable[[], Any]


def _if(given: Sequence[Later]) -> Any:  # noqa: ANN401
    condition, then, otherwise = given
    return then() if _bool(condition()) else otherwise()


def _deciding(given: Sequence[Later], *, on: bool) -> bool:
    """And/or: one argument may decide although another cannot be told."""
    unknown = False
    for one in given:
        try:
            if _bool(one()) is on:
                return on
        except Unknown:
            unknown = True
    if unknown:
        raise Unknown
    return not on


def _coalesce(given: Sequence[Later]) -> Any:  # noqa: ANN401
    return next((value for one in given if (value := one()) is not None), None)


LAZY: Mapping[str, Callable[[Sequence[Later]], Any]] = {
    "if": _if,
    "and": lambda given: _deciding(given, on=False),
    "or": lambda given: _deciding(given, on=True),
    "coalesce": _coalesce,
}
