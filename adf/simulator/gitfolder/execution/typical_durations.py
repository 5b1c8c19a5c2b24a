"""How an activity usually goes: its time, its rows, how many items a loop finds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from adf.simulator.gitfolder.execution.seeded_random import SeededRandom
from adf.simulator.gitfolder.expressions.values import OPAQUE
from adf.simulator.runs import Json

_SECONDS: Mapping[str, tuple[float, float]] = {
    "Copy": (25, 480),
    "Lookup": (4, 25),
    "GetMetadata": (2, 12),
    "Delete": (3, 30),
    "Script": (4, 200),
    "SqlServerStoredProcedure": (4, 240),
    "WebActivity": (1, 15),
    "WebHook": (20, 200),
    "AzureFunctionActivity": (2, 40),
    "Validation": (3, 60),
    "ExecuteDataFlow": (240, 900),
    "SynapseNotebook": (60, 420),
    "DatabricksNotebook": (60, 900),
    "SparkJob": (120, 900),
}
_INSTANT = ("SetVariable", "AppendVariable", "Filter", "Fail", "IfCondition", "Switch", "ForEach")
_OTHERS = (10.0, 180.0)
_ITEM_PART = re.compile(r"item\(\)\??\.(\w+)")
_NAMES = (
    *("accounts", "addresses", "appeals", "assets", "bookings", "cases", "claims", "contacts"),
    *("contracts", "customers", "deliveries", "documents", "employees", "events", "invoices"),
    *("items", "locations", "orders", "parcels", "payments", "products", "projects", "returns"),
    *("schedules", "sites", "stock", "suppliers", "tickets", "vehicles", "visits"),
)
_NAMING = ("name", "table", "entity", "file", "object", "container", "folder", "source", "target")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalDurations:
    """What the seed settled for one activity for good."""

    seconds: float
    rows: int
    items: tuple[Any, ...]
    rounds: int
    lean: float


def usual_of(kind: str, properties: Json, dice: SeededRandom) -> TypicalDurations:
    """How an activity of this kind usually goes."""
    low, high = (0.2, 1.5) if kind in _INSTANT else _SECONDS.get(kind, _OTHERS)
    return TypicalDurations(
        seconds=dice.between(low, high),
        rows=round(dice.between(60, 900_000)),
        items=_items(properties, dice) if kind == "ForEach" else (),
        rounds=dice.count(1, 3),
        lean=dice.share(),
    )


def _items(properties: Json, dice: SeededRandom) -> tuple[Any, ...]:
    """Items for a loop over what only a run could find, with the parts its steps ask for."""
    text = orjson.dumps(properties).decode()
    parts = sorted(set(_ITEM_PART.findall(text)))
    names = dice.some_of(_NAMES, dice.count(2, 8))
    if not parts:
        return tuple(names) if "item()" in text else tuple(OPAQUE for _ in names)
    return tuple(
        {part: _part(part, name, number) for part in parts}
        for number, name in enumerate(sorted(names), 1)
    )


def _part(part: str, name: str, number: int) -> Any:  # noqa: ANN401
    low = part.lower()
    if low.endswith("id"):
        return number
    return name if any(word in low for word in _NAMING) else OPAQUE
