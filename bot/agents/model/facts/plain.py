"""A record without the text of an error, for a language model: its fields as they are."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, cast

from adf.records import PlainRecord
from bot.agents.model.facts.fields import Facts, FactWriter, filled, seconds, word


def plain_record(record: PlainRecord, writer: FactWriter) -> Facts:
    """Every field under its own name; of a long list, how many are left out."""
    return filled(record=type(record).__name__, **_fields(record, writer))


def _fields(value: Any, writer: FactWriter) -> Facts:  # noqa: ANN401 - any dataclass
    facts: Facts = {}
    for field in fields(value):
        inside = getattr(value, field.name)
        facts[field.name] = _value(inside, writer)
        if isinstance(inside, tuple):
            left_out = writer.omitted(cast("tuple[object, ...]", inside))
            facts[f"{field.name}_left_out"] = left_out or None
    return facts


def _value(value: object, writer: FactWriter) -> object:
    """A time with its zone, a duration in seconds, a bounded word, or what is inside."""
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return writer.at(value)
    if isinstance(value, timedelta):
        return seconds(value)
    return _inside(value, writer)


def _inside(value: object, writer: FactWriter) -> object:
    if isinstance(value, tuple):
        return writer.some(cast("Sequence[object]", value), lambda one: _value(one, writer))
    if is_dataclass(value):
        return filled(**_fields(value, writer))
    return word(value)
