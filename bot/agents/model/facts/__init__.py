"""Each record as compact JSON for a language model: bounded, with times a person can quote."""

import json
from collections.abc import Mapping
from typing import cast
from zoneinfo import ZoneInfo

from adf.errors import AdfError, BadArguments
from adf.records import (
    ActivityTable,
    BaseRecord,
    Comparison,
    ErrorExplanation,
    FactoryRecord,
    PipelineList,
    PlainRecord,
    RunList,
    RunReport,
    RunStats,
)
from bot.agents.model.facts.bot import bot_record
from bot.agents.model.facts.fields import Facts, FactWriter, filled
from bot.agents.model.facts.plain import plain_record
from bot.agents.model.facts.reports import activity_table, error_explanation, run_report
from bot.agents.model.facts.runs import pipeline_list, run_list
from bot.agents.model.facts.trends import comparison, run_stats
from bot.agents.untrusted import plain
from cards.records import BotRecord, IncidentWriteUp, Notice

ModelRecord = FactoryRecord | PlainRecord | BotRecord | Notice
LARGEST = 6 * 1024
LONGEST_SAID = 1500
# A model that asks for a tool that is none is shown all there are.
MOST_CHOICES = 40
# How many rows of a list, and how many characters of an error: less, until the record fits.
_SIZES = ((40, 1500), (25, 1500), (15, 1500), (10, 1200), (6, 900), (4, 600), (2, 400), (1, 200))

__all__ = ["LARGEST", "error_as_json", "record_as_json"]


def record_as_json(
    record: object, zone: ZoneInfo, *, error_text: bool = True, largest: int = LARGEST
) -> str:
    """The record in `largest` bytes; without `error_text`, an error is its code and its meaning."""
    for rows, characters in _SIZES:
        writer = FactWriter(zone=zone, rows=rows, characters=characters, error_text=error_text)
        text = _dumped(_facts(record, writer))
        if len(text.encode()) <= largest:
            return text
    return _dumped({"record": type(record).__name__, "too_large": True})


def error_as_json(error: AdfError, *, error_text: bool = True) -> str:
    """What a tool could not do: what was asked, the service's words, what would be right.

    Without `error_text` the service's words are left out; those about wrong arguments are ours.
    """
    is_ours = isinstance(error, BadArguments)
    choices = error.choices[:MOST_CHOICES] if isinstance(error, BadArguments) else ()
    facts = {
        "error": type(error).__name__,
        "asked": error.asked,
        "said": plain(error.said, LONGEST_SAID) if error_text or is_ours else "",
        "choices": [plain(one, 140) for one in choices],
        "code": error.code,
    }
    return _dumped({key: value for key, value in facts.items() if value})


def _facts(record: object, writer: FactWriter) -> Facts:
    """Of what is no record of ours, only what it is."""
    if not isinstance(record, BaseRecord):
        return filled(record=type(record).__name__)
    return facts_of(cast("ModelRecord", record), writer)


def facts_of(record: ModelRecord, writer: FactWriter) -> Facts:  # noqa: C901 - a line for each record
    """What a model is told of a record; the type checker proves that none is forgotten."""
    match record:
        case RunList():
            return run_list(record, writer)
        case RunReport():
            return run_report(record, writer)
        case ActivityTable():
            return activity_table(record, writer)
        case PipelineList():
            return pipeline_list(record, writer)
        case ErrorExplanation():
            return error_explanation(record, writer)
        case RunStats():
            return run_stats(record, writer)
        case Comparison():
            return comparison(record, writer)
        case IncidentWriteUp():
            return bot_record(record, writer)
        case PlainRecord():
            return plain_record(record, writer)
        case _:
            return bot_record(record, writer)


def _dumped(facts: Mapping[str, object]) -> str:
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
