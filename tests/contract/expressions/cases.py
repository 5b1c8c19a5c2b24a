"""Expressions as people write them, function by function, each with what it can see."""

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

Case = Mapping[str, Any]
EMPTY: Case = {"params": {}, "global": {}, "sys": {}, "vars": {}, "item": None, "acts": {}}
RUN: Case = {
    "params": {"env": "prod", "count": 3, "days": [1, 2, 3], "flags": {"full": True, "a b": "c"}},
    "global": {"region": "westeurope", "limit": 10},
    "sys": {"RunId": "0f8fad5b", "Pipeline": "Load", "TriggerTime": "2024-02-29T23:59:59Z"},
    "vars": {"path": "in/2024", "rows": ["x", "y"]},
    "item": {"table": "dbo.Orders", "rows": 12, "keys": ["id", "at"]},
    "acts": {
        "Look": {"output": {"firstRow": {"Id": 7, "Name": "x"}, "count": 2, "value": [{"n": 1}]}},
        "Copy Rows": {"output": {"rowsCopied": 120, "rowsRead": 121}},
    },
}
_DATES = (
    *("2018-03-15T13:00:00Z", "2020-02-29T23:59:59Z", "2024-12-31T00:00:00Z"),
    *("2019-01-01T05:07:09.1230000Z", "2021-07-04"),
)
_FORMATS = (
    *(
        "yyyy-MM-dd",
        "yyyyMMdd",
        "yyyy/MM/dd/HH",
        "dd.MM.yyyy",
        "HH:mm",
        "h:mm tt",
        "hhtt",
        "yy-M-d",
    ),
    *("MMM d, yyyy", "dddd", "ddd, dd MMM yyyy", "MMMM yyyy", "yyyy-MM-ddTHH:mm:ss", "o", "s", "u"),
    *("yyyy-MM-dd HH:mm:ss.fff", "yyyyMMddHHmmssfff", "'year='yyyy'/month='MM", "H-m-s"),
)
_MOVES = ("addDays", "addHours", "addMinutes", "addSeconds")
_STARTS = ("startOfDay", "startOfHour", "startOfMonth")
_PARTS = ("dayOfMonth", "dayOfWeek", "dayOfYear", "ticks")
_UNITS = ("Second", "Minute", "Hour", "Day", "Week", "Month", "Year")
_PAIRS = ((7, 2), (-7, 2), (7, -2), (0, 5), (10, 5), (2.5, 2), (1, 1))
_ARITHMETIC = ("add", "sub", "mul", "div", "mod", "max", "min")
_COMPARISONS = ("equals", "greater", "greaterOrEquals", "less", "lessOrEquals")
_TEXTS = ("sales/2024/03", "Größe", "a", "")
_OF_TEXT = ("toLower", "toUpper", "trim", "length", "empty", "string", "base64", "uriComponent")
_SEARCHES = ("indexOf", "lastIndexOf", "startsWith", "endsWith", "contains", "split")


def every_case() -> list[Case]:
    """Each expression once, in an order that never changes."""
    plain = [*_of_dates(), *_of_numbers(), *_of_texts(), *_lines("plain.txt")]
    cases = [(one, EMPTY) for one in plain] + [(one, RUN) for one in _lines("seeing.txt")]
    return [{"expr": one, "state": state} for one, state in dict(cases).items()]


def _lines(name: str) -> list[str]:
    return (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()


def _of_dates() -> Iterator[str]:
    for date, form in product(_DATES[:4], _FORMATS):
        yield f"@formatDateTime('{date}', '{form.replace(chr(39), chr(39) * 2)}')"
    for move, date, count in product(_MOVES, _DATES[:3], (1, -90)):
        yield f"@{move}('{date}', {count})"
    for name, date in product((*_STARTS, *_PARTS, "formatDateTime"), _DATES):
        yield f"@{name}('{date}')"
    for name, unit in product(("addToTime", "subtractFromTime"), _UNITS):
        yield f"@{name}('2020-02-29T23:59:59Z', 1, '{unit}', 'yyyy-MM-dd HH:mm:ss')"


def _of_numbers() -> Iterator[str]:
    for name, (one, other) in product((*_ARITHMETIC, *_COMPARISONS), _PAIRS):
        yield f"@{name}({one}, {other})"


def _of_texts() -> Iterator[str]:
    for name, word in product(_OF_TEXT, _TEXTS):
        yield f"@{name}('{word}')"
    for name, word, part in product(_SEARCHES, _TEXTS[:3], ("a", "/", "A")):
        yield f"@{name}('{word}', '{part}')"
