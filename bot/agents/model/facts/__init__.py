"""Each record as compact JSON for a language model: bounded, with times a person can quote."""

import json
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from adf.errors import AdfError, BadArguments
from adf.records import (
    ActivityTable,
    Comparison,
    ErrorExplanation,
    PipelineList,
    RunList,
    RunReport,
    RunStats,
)
from bot.agents.model.facts.bot import own
from bot.agents.model.facts.fields import FactWriter, Told
from bot.agents.model.facts.reports import activity_table, error_explanation, run_report
from bot.agents.model.facts.runs import pipeline_list, run_list
from bot.agents.model.facts.trends import comparison, run_stats
from bot.agents.untrusted import plain

LARGEST = 6 * 1024
LONGEST_SAID = 1500
# How many rows of a list, and how many characters of an error: less, until the record fits.
_SIZES = ((40, 1500), (25, 1500), (15, 1500), (10, 1200), (6, 900), (4, 600), (2, 400), (1, 200))

__all__ = ["LARGEST", "error_as_json", "record_as_json"]


def record_as_json(record: object, zone: ZoneInfo, *, error_text: bool = True) -> str:
    """The record within 6 KiB; without `error_text`, an error is its code and what it means."""
    for rows, characters in _SIZES:
        tell = FactWriter(zone=zone, rows=rows, characters=characters, error_text=error_text)
        text = _dumped(_told(record, tell))
        if len(text.encode()) <= LARGEST:
            return text
    return _dumped({"record": type(record).__name__, "too_large": True})


def error_as_json(error: AdfError, *, error_text: bool = True) -> str:
    """What a tool could not do: what was asked, the service's words, what would be right.

    Without `error_text` the service's words are left out; those about wrong arguments are ours.
    """
    is_ours = isinstance(error, BadArguments)
    choices = error.choices[:10] if isinstance(error, BadArguments) else ()
    told = {
        "error": type(error).__name__,
        "asked": error.asked,
        "said": plain(error.said, LONGEST_SAID) if error_text or is_ours else "",
        "choices": [plain(one, 140) for one in choices],
        "code": error.code,
    }
    return _dumped({key: value for key, value in told.items() if value})


def _told(record: object, tell: FactWriter) -> Told:
    match record:
        case RunList():
            return run_list(record, tell)
        case RunReport():
            return run_report(record, tell)
        case ActivityTable():
            return activity_table(record, tell)
        case PipelineList():
            return pipeline_list(record, tell)
        case ErrorExplanation():
            return error_explanation(record, tell)
        case RunStats():
            return run_stats(record, tell)
        case Comparison():
            return comparison(record, tell)
        case _:
            return own(record, tell)


def _dumped(told: Mapping[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
