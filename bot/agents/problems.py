"""What an AdfError means for the person who asked, and what was known before it."""

from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from adf.errors import AdfError, BadArguments, LastKnown
from adf.records import BaseRecord
from bot.agents.remediation import HOST, advice_for
from cards.records import Choice, Problem

PORTAL = "https://portal.azure.com"
UTC_ZONE = ZoneInfo("UTC")
_ON_AZURE = frozenset({"permission", "identity", "throttling", "network"})


def problem_for(error: AdfError, asked: str, now: datetime, zone: ZoneInfo = UTC_ZONE) -> Problem:
    """The trouble card's record for an error met while answering `asked`; times in `zone`."""
    advice, known = advice_for(error), error.last_known
    choices = error.choices if isinstance(error, BadArguments) else ()
    return Problem(
        area=advice.area,
        asked=asked,
        happened=advice.happened,
        fix=advice.fix,
        who=advice.who,
        code=error.code or (f"HTTP {error.status}" if error.status else None),
        last_known=_one_line(known, zone) if known else None,
        as_of=known.at if known else now,
        link=_portal(error.resource) if advice.area in _ON_AZURE else None,
        choices=tuple(Choice(title=one, question=f"status of {one}") for one in choices),
    )


def internal_problem(error_id: str, asked: str, now: datetime) -> Problem:
    """The record for a fault of our own: the id finds it in the log, the details stay there."""
    return Problem(
        area="internal",
        asked=asked,
        happened="Something went wrong in the bot. Nothing was changed in Data Factory.",
        fix=f"Ask again. If it keeps failing, give the id {error_id} to the bot admin.",
        who=HOST,
        code=error_id,
        as_of=now,
        link=PORTAL,
    )


def _portal(resource: str | None) -> str:
    """The factory's own page, else the portal's first."""
    return f"{PORTAL}/#resource{quote(resource)}/overview" if resource else PORTAL


def _one_line(known: LastKnown, zone: ZoneInfo) -> str | None:
    return known.record.one_line(zone) if isinstance(known.record, BaseRecord) else None
