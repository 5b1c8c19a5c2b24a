"""incident_card: one failure for all its runs, from the first alert to the green run."""

from typing import Any

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import code, facts, finding, header, note
from cards.components.forms import choose, form, write
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.mentions import mentions
from cards.components.status_styles import ACKNOWLEDGED, FAILED, SUCCEEDED, StatusStyle
from cards.context import CardContext
from cards.links import run_page
from cards.records import IncidentReport, IncidentState
from cards.text import Md, Said, bold, clock, line, md, names, say, time_macro, when

KIND = "incident_card"
_LOOKS = {
    IncidentState.OPEN: FAILED,
    IncidentState.ACKNOWLEDGED: ACKNOWLEDGED,
    IncidentState.RESOLVED: SUCCEEDED,
}
MUTE_CHOICES = (
    ("1 hour", "60"),
    ("4 hours", "240"),
    ("12 hours", "720"),
    ("2 days", "2880"),
)


def incident_card(incident: IncidentReport, reader: CardContext) -> Card:
    """What failed, since when, who waits, who has it, and what to press."""
    return fitted(lambda room: _draft(incident, reader, room))


def _draft(incident: IncidentReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    look = _LOOKS[incident.state]
    words, entities = mentions(incident.call)
    body: list[x.Element] = [
        header(look, md(incident.title, 160), _place(incident), badge=_badge(incident)),
        finding(say("{} {}", md(incident.cause, 400), words) if words else md(incident.cause, 400)),
        *facts(_facts(incident, reader)),
    ]
    if incident.error and incident.state is not IncidentState.RESOLVED:
        body.append(code(incident.error, min(room.error, 240)))
    if incident.state is not IncidentState.OPEN:
        body.append(finding(_state(incident, reader)))
    if incident.said:
        body.append(note(md(incident.said, 200)))
    return CardDraft(
        kind=KIND,
        summary=_summary(incident, look, reader),
        body=body,
        actions=_buttons(incident, reader),
        teams={"entities": entities} if entities else {},
    )


def _place(incident: IncidentReport) -> Md:
    state = "" if incident.state is IncidentState.OPEN else f"{incident.state.capitalize()} · "
    times = f" · {incident.count} times" if incident.count > 1 else ""
    return say("{}{} · {}{}", state, incident.factory, incident.incident_id, times)


def _badge(incident: IncidentReport) -> str:
    if incident.state is not IncidentState.OPEN:
        return incident.state.capitalize()
    return f"{incident.count} times" if incident.count > 1 else ""


def _facts(incident: IncidentReport, reader: CardContext) -> list[tuple[Said, Said]]:
    last = incident.last_seen if incident.count > 1 else None
    repeats = say(", last {}", time_macro(last)) if last else Md("")
    return [
        ("Since", say("{}{}", when(incident.since, reader.now, reader.zone), repeats)),
        ("Where", names(incident.pipelines, 5) if len(incident.pipelines) > 1 else ""),
        ("Waiting", names(incident.waiting, 4, 120) if incident.waiting else ""),
        ("Before", md(incident.history, 200)),
        ("Owner", md(incident.assignee or incident.owner, 60)),
    ]


def _state(incident: IncidentReport, reader: CardContext) -> Md:
    changed = incident.changed_at
    at = say(" at {}", when(changed, reader.now, reader.zone)) if changed else Md("")
    by = bold(incident.changed_by, 60) if incident.changed_by else Md("the bot")
    if incident.state is IncidentState.RESOLVED:
        run = say(" by run {}", incident.resolved_by_run[:8]) if incident.resolved_by_run else ""
        return say("Resolved{}{}.", at, run or Md(""))
    muted = incident.muted_until
    until = say(", muted until {}", time_macro(muted)) if muted else Md("")
    return say("Acknowledged by {}{}{}.", by, at, until)


def _summary(incident: IncidentReport, look: StatusStyle, reader: CardContext) -> str:
    word = "Resolved" if incident.state is IncidentState.RESOLVED else look.word
    times = f", {incident.count} times" if incident.count > 1 else ""
    since = clock(incident.since, reader.zone)
    return f"{word}: {line(incident.title, 100)} since {since}{times}. {line(incident.cause, 140)}"


def _buttons(incident: IncidentReport, reader: CardContext) -> list[x.Element]:
    data = {"incident": incident.incident_id, "rev": incident.revision}
    why = press.ask("Why", _question(incident))
    studio = press.open_page(
        "Open in Studio", run_page(reader.studio, incident.factory, incident.run_id or "")
    )
    studio = studio if incident.run_id else []
    if incident.state is IncidentState.RESOLVED:
        return [why, *studio]
    rerun = press.ask("Rerun…", f"rerun {line(incident.pipelines[0], 200)} from failure")
    offered: list[x.Element] = [
        *_first(incident, data),
        why,
        *([rerun] if "rerun" in incident.offers else []),
        *studio,
        *([_mute(data)] if "mute" in incident.offers else []),
    ]
    return [*offered, *_assign(incident, data)]


def _first(incident: IncidentReport, data: dict[str, Any]) -> list[x.Element]:
    """What to press first: acknowledge, and once that is done, resolve."""
    if incident.state is IncidentState.OPEN:
        return [press.act("Acknowledge", "ack", data, first=True)]
    return [press.act("Resolve", "resolve", data)] if "resolve" in incident.offers else []


def _question(incident: IncidentReport) -> str:
    if incident.run_id:
        return f"why did run {incident.run_id} fail"
    return f"why did {line(incident.pipelines[0], 200)} fail"


def _mute(data: dict[str, Any]) -> x.Element:
    until = choose("minutes", "Mute this for", MUTE_CHOICES, "Choose how long", "60")
    reason = write("reason", "Why (optional)", "At most 200 characters")
    return form("Mute", [until, reason], "mute", data)


def _assign(incident: IncidentReport, data: dict[str, Any]) -> list[x.Element]:
    if not incident.people:
        return []
    return [
        form(
            "Assign",
            [choose("to", "Give it to", incident.people, "Choose a person")],
            "assign",
            data,
        )
    ]
