"""write_up_card: an incident written up from the records; a model's words follow, marked."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import (
    bullets,
    facts,
    finding,
    header,
    note,
    reader_note,
    section,
    text,
)
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import ACKNOWLEDGED, FAILED, SUCCEEDED
from cards.context import CardContext
from cards.records import IncidentState, IncidentWriteUp
from cards.text import Md, Said, duration, line, md, names, phrases, say, sentence, when

KIND = "write_up_card"
MOST_LINES = 16
_LOOKS = {
    IncidentState.OPEN: FAILED,
    IncidentState.ACKNOWLEDGED: ACKNOWLEDGED,
    IncidentState.RESOLVED: SUCCEEDED,
}


def write_up_card(found: IncidentWriteUp, reader: CardContext) -> Card:
    """What happened, whom it affected, what was done, how it ended, what is left to find out."""
    return fitted(lambda room: _draft(found, reader, room))


def _draft(found: IncidentWriteUp, reader: CardContext, room: SizeLimit) -> CardDraft:
    place = say("{} · {}", found.factory, found.incident_id)
    body: list[x.Element] = [
        header(_LOOKS[found.state], say("Write-up: {}", md(found.title, 140)), place),
        section("What happened"),
        finding(md(found.cause, 400)),
        *facts(_what(found, reader)),
        section("Impact"),
        text(_impact(found)),
        *_timeline(found, reader, room),
        section("How it ended"),
        text(_end(found, reader)),
        *_steps(found),
        *_left(found),
        note(Md("Facts from Data Factory and from what was done here.")),
        *reader_note(reader.note),
    ]
    return CardDraft(
        kind=KIND,
        summary=f"Write-up of {line(found.incident_id, 40)}: {line(found.title, 160)}",
        body=body,
        actions=[press.ask("Incident", f"status of {line(found.incident_id, 40)}", first=True)],
    )


def _what(found: IncidentWriteUp, reader: CardContext) -> list[tuple[Said, Said]]:
    times = say(", {} times", found.count) if found.count > 1 else Md("")
    return [
        ("Since", say("{}{}", when(found.since, reader.now, reader.zone), times)),
        ("Where", names(found.pipelines, 5)),
        ("Before", md(found.earlier, 200)),
        ("Owner", md(found.owner, 60)),
        ("Ticket", md(found.ticket, 80)),
    ]


def _impact(found: IncidentWriteUp) -> Md:
    lasted = say(" It lasted {}.", duration(found.ended - found.since)) if found.ended else Md("")
    if not found.affected:
        return say("No one is declared or known to wait for it.{}", lasted)
    return say("Waited for it: {}.{}", phrases(found.affected, 6, 160), lasted)


def _timeline(found: IncidentWriteUp, reader: CardContext, room: SizeLimit) -> list[x.Element]:
    lines = found.timeline[-min(room.rows, MOST_LINES) :]
    left = len(found.timeline) - len(lines)
    told = [
        say("{}  {}", when(one.at, reader.now, reader.zone), sentence(one.text, 200))
        for one in lines
    ]
    more = [note(say("{} earlier events are left out.", left))] if left else []
    return [section("Timeline"), *more, *bullets(told)] if told else []


def _end(found: IncidentWriteUp, reader: CardContext) -> Md:
    times = found.times
    steps = (
        ("detected", times.detect if times else None),
        ("acknowledged", times.acknowledge if times else None),
        ("resolved", times.resolve if times else None),
    )
    lasted = ", ".join(f"{name} after {duration(span)}" for name, span in steps if span is not None)
    took = say(" From the failure: {}.", lasted) if lasted else Md("")
    had = (
        say(" {} had acknowledged it.", found.acknowledged_by) if found.acknowledged_by else Md("")
    )
    if found.ended is None:
        return say("It is still open.{}{}", had, took)
    at = when(found.ended, reader.now, reader.zone)
    by = say(" by {}", found.ended_by) if found.ended_by else Md("")
    return say("Resolved at {}{}.{}{}", at, by, had, took)


def _steps(found: IncidentWriteUp) -> list[x.Element]:
    if not found.next_step:
        return []
    return [section("What is known to help"), text(md(found.next_step, 300))]


def _left(found: IncidentWriteUp) -> list[x.Element]:
    if not found.open_points:
        return []
    return [section("Not recorded"), *bullets([md(one, 200) for one in found.open_points])]
