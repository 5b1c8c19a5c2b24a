"""health_card: whether it is us or Azure, as far as the evidence goes."""

from adf.records import AvailabilityState, AzureHealth, Pointer, ServiceEvent, SharedError
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import facts, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import DEGRADED, FAILED, SUCCEEDED, TELLING, StatusStyle
from cards.context import CardContext
from cards.text import Md, Said, count, line, macro, md, names, say, span, when

_LOOKS = {
    Pointer.REPORTED: FAILED,
    Pointer.SHARED: DEGRADED,
    Pointer.OWN: TELLING,
    Pointer.NOTHING: SUCCEEDED,
    Pointer.UNKNOWN: TELLING,
}
_TITLES = {
    Pointer.REPORTED: "Azure reports a problem",
    Pointer.SHARED: "Something shared failed",
    Pointer.OWN: "Nothing points to Azure",
    Pointer.NOTHING: "Nothing points to Azure",
    Pointer.UNKNOWN: "I couldn't read what Azure reports",
}
_NO_PROOF = (
    "Evidence, not proof: Azure's reports can come late, and the health of a factory also reflects "
    "its failed runs."
)


def health_card(health: AzureHealth, reader: CardContext) -> Card:
    """What Azure reports, what broke alike, and what that points to."""
    return fitted(lambda room: _draft(health, reader, room))


def _draft(health: AzureHealth, reader: CardContext, room: SizeLimit) -> CardDraft:
    look, title = _LOOKS[health.points_to], _TITLES[health.points_to]
    body: list[x.Element] = [
        header(look, md(title), say("{} · as of {}", health.factory, macro(health.as_of))),
        finding(_finding(health)),
        *facts(_facts(health, reader)),
        *_events(health, reader, room),
        *_shared(health, reader, room),
        *[note(say("Partial answer: {}.", gap)) for gap in health.gaps[:3]],
        *reader_note(reader.note),
        note(Md(_NO_PROOF)),
    ]
    return CardDraft(
        kind="health_card",
        summary=f"{title}: {line(health.factory, 80)}.",
        body=body,
        actions=[press.ask("What failed", "which pipelines failed", first=True)],
    )


def _finding(health: AzureHealth) -> Md:
    hours = round((health.time_range.end - health.time_range.start).total_seconds() / 3600)
    failed = count(len(health.broken), "pipeline")
    match health.points_to:
        case Pointer.REPORTED:
            return _reported(health)
        case Pointer.SHARED:
            shared = health.shared[0]
            where = count(len(shared.factories), "factory")
            many = count(len(shared.pipelines), "pipeline")
            read = "Azure reports no problem, but" if health.is_read else "In any case,"
            return say(
                "{} {} in {} failed with the same error within minutes: look at what they share.",
                read,
                many,
                where,
            )
        case Pointer.OWN:
            return say(
                "Azure reports no problem. {} failed in the last {} h, each with a "
                "different error, so it is probably on our side.",
                failed,
                hours,
            )
        case Pointer.NOTHING:
            return say("Azure reports no problem, and nothing failed in the last {} h.", hours)
        case Pointer.UNKNOWN:
            return say("I can't tell. {} failed in the last {} h.", failed, hours)


def _reported(health: AzureHealth) -> Md:
    if health.active_events:
        return say("Service Health has an active event: {}", health.active_events[0].title)
    return say("Resource Health calls the factory {}.", health.state.lower())


def _facts(health: AzureHealth, reader: CardContext) -> list[tuple[Said, Said]]:
    since = Md("")
    if health.since and health.state is not AvailabilityState.AVAILABLE:
        since = say(" since {}", when(health.since, reader.now, reader.zone))
    return [
        ("Factory", say("{}{}", health.state, since)),
        ("Azure", md(health.summary, 300)),
        ("Failed", names(health.broken, 5)),
    ]


def _events(health: AzureHealth, reader: CardContext, room: SizeLimit) -> list[x.Element]:
    listed = [_event(one, reader) for one in health.events]
    return [section("Azure's events"), *rows(listed, room.rows, "event")] if listed else []


def _event(one: ServiceEvent, reader: CardContext) -> ListRow:
    since = say("since {}", when(one.started, reader.now, reader.zone)) if one.started else Md("")
    over = say(", over {}", when(one.ended, reader.now, reader.zone)) if one.ended else Md("")
    where = names((*one.services, *one.regions), 4)
    return ListRow(
        look=_event_look(one),
        title=say("{} ({})", one.title, one.tracking_id),
        below=say("{}{} · {}", since, over, where),
        strong=one.is_active,
    )


def _event_look(one: ServiceEvent) -> StatusStyle:
    return FAILED if one.is_active else TELLING


def _shared(health: AzureHealth, reader: CardContext, room: SizeLimit) -> list[x.Element]:
    listed = [_shared_row(one, reader) for one in health.shared]
    if not listed:
        return []
    return [section("The same error"), *rows(listed, room.rows, "error", name="shared errors")]


def _shared_row(one: SharedError, reader: CardContext) -> ListRow:
    return ListRow(
        look=DEGRADED,
        title=names(one.pipelines, 4),
        below=say(
            "{} · {}{}",
            span(one.first, one.last, reader.now, reader.zone),
            names(one.factories, 3),
            say(" · {}", md(one.cause, 200)) if one.cause else Md(""),
        ),
    )
