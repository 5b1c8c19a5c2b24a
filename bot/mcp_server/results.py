"""What a call is answered with, as text: a record, or the error and how to fix it."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adf.errors import AdfError
from adf.records.moments import in_plain_words
from bot.access.policy import Grant, Right
from bot.access.visibility import shown_to
from bot.agents.problems import problem_for
from cards.records import Denied, Problem

MOST_CHOICES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class McpResult:
    """JSON for the caller; `ended` is one word for the log."""

    text: str
    is_error: bool = False
    ended: str = "ok"


def trouble(error: AdfError, grant: Grant, now: datetime, zone: ZoneInfo) -> McpResult:
    """What could not be answered: what was asked, the service's own words, who can fix it."""
    whole = problem_for(error, error.asked, now, zone)
    records = shown_to(grant, (whole,), now, zone).records
    shown = next(one for one in records if isinstance(one, Problem))
    reads = any(grant.may(Right.READ, alias) for alias in grant.aliases)
    fields = {
        "asked": error.asked,
        "said": error.said if reads else in_plain_words(shown.happened),
        "choices": [one.title for one in shown.choices][:MOST_CHOICES],
        "code": shown.code,
        "happened": in_plain_words(shown.happened),
        "fix": shown.fix,
        "who": shown.who,
        "last_known": in_plain_words(shown.last_known or "") or None,
        "last_known_as_of": shown.as_of.isoformat() if shown.last_known and shown.as_of else None,
    }
    return _error(type(error).__name__, fields)


def denied(refused: Denied) -> McpResult:
    """What the person may not see, what it would need and who can help."""
    fields = {
        "asked": refused.asked,
        "said": in_plain_words(refused.happened),
        "needs": refused.needs,
        "who": " or ".join(refused.who),
    }
    return _error("Denied", fields)


def too_often(wait: float) -> McpResult:
    """The person called too often just now."""
    seconds = math.ceil(wait)
    said = f"too many calls within a minute: call again in {seconds} s"
    return _error("Throttled", {"said": said, "retry_after_seconds": seconds})


def internal(error_id: str) -> McpResult:
    """Something of our own broke: the id finds it in the log, the details stay there."""
    said = "something in the server itself went wrong; nothing was changed in Data Factory"
    return _error("Internal", {"said": said, "error_id": error_id})


def _error(kind: str, fields: Mapping[str, object]) -> McpResult:
    said = {key: value for key, value in fields.items() if value}
    text = json.dumps({"error": kind, **said}, ensure_ascii=False, separators=(",", ":"))
    return McpResult(text=text, is_error=True, ended=kind)
