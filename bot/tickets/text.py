"""What a ticket says of an incident: our own sentences around plain, bounded foreign text."""

import hashlib
from collections.abc import Iterator
from urllib.parse import quote
from zoneinfo import ZoneInfo

from adf.records.glossary import counted
from adf.records.moments import in_plain_words
from bot.messages import Address, Scope
from bot.tickets.plain_text import plain_block, plain_line
from cards.records import IncidentReport, TicketText, TimelineLine

LONGEST_TITLE = 140
LONGEST_LINE = 400
LONGEST_ERROR = 1_500
LONGEST_NOTE = 200
MOST_NAMES = 8
_UTC = ZoneInfo("UTC")
_TEAMS = "https://teams.microsoft.com/l"


def text_of(incident: IncidentReport, note: str, by: str, address: Address) -> TicketText:
    """The text of a ticket; `note` is what whoever asked wants it to say beside the facts."""
    names = _names(incident)
    lines = tuple(plain_line(one, LONGEST_LINE) for one in _lines(incident, names, note, by))
    title = plain_line(_title(incident), LONGEST_TITLE)
    error = plain_block(incident.error, LONGEST_ERROR)
    return TicketText(
        title=title,
        lines=lines,
        error=error,
        thread=thread_page(address),
        digest=_digest(title, names, plain_line(incident.cause, LONGEST_LINE), error, note),
    )


def thread_page(address: Address) -> str:
    """Where Teams shows the thread that a ticket was asked for in; blank for a personal chat."""
    if address.scope is Scope.PERSONAL:
        return ""
    room, _, root = address.conversation.partition(";messageid=")
    tenant = f"?tenantId={quote(address.tenant, safe='')}"
    if address.scope is Scope.CHANNEL and root:
        return f"{_TEAMS}/message/{quote(room, safe='')}/{quote(root, safe='')}{tenant}"
    return f"{_TEAMS}/chat/{quote(room, safe='')}/0{tenant}"


def news_of(lines: tuple[TimelineLine, ...], incident_id: str) -> str:
    """What happened to an incident since the last comment."""
    said = (
        plain_line(f"{one.at.astimezone(_UTC):%Y-%m-%d %H:%M} UTC: {one.text}", LONGEST_LINE)
        for one in lines
    )
    return "\n".join([f"{incident_id}:", *said])


def _title(incident: IncidentReport) -> str:
    names = incident.pipelines
    what = names[0] if len(names) == 1 else counted(len(names), "pipeline")
    return f"{incident.incident_id}: {what} failed in {incident.factory}"


def _names(incident: IncidentReport) -> str:
    rest = len(incident.pipelines) - MOST_NAMES
    return ", ".join(incident.pipelines[:MOST_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def _lines(incident: IncidentReport, names: str, note: str, by: str) -> Iterator[str]:
    since = f"{incident.since.astimezone(_UTC):%Y-%m-%d %H:%M} UTC"
    times = f", {incident.count} times" if incident.count > 1 else ""
    yield incident.cause
    yield f"Incident {incident.incident_id} in the data factory {incident.factory}"
    yield f"Pipelines: {names}" if len(incident.pipelines) > 1 else f"Pipeline: {names}"
    yield f"Since {since}{times}"
    if incident.run_id:
        yield f"Last run: {incident.run_id}"
    if incident.waiting:
        yield f"Waiting for it: {', '.join(map(in_plain_words, incident.waiting[:MOST_NAMES]))}"
    if incident.history:
        yield f"Before: {incident.history}"
    if incident.owner:
        yield f"Owner: {incident.owner}"
    if note:
        yield f"Note from {by}: {note[:LONGEST_NOTE]}"
    yield f"Asked for by {by} through ADF Ops"


def _digest(*parts: str) -> str:
    """The same for the same words: how often it failed since does not count."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
