"""owner_card: who owns a pipeline, where that stands, and where to declare it if nobody did."""

from adf.records import Owner, OwnerReport, PipelineOwners
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, finding, header, note, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ITEM, TELLING
from cards.context import CardContext
from cards.text import Md, count, line, md, say

KIND = "owner_card"
MOST_OWNERS = 4
_NOT_ON_CALL = Md("Declared owners, not who is on call: I don't see an on-call schedule.")
_WHERE = Md(
    "Declare one in ADFOPS\\_FACTORIES (pipelines, owner), or as an annotation “owner: …” of the "
    "pipeline."
)


def owner_card(report: OwnerReport, reader: CardContext) -> Card:
    """The owners of one pipeline, or a row for each pipeline that has one."""
    return fitted(lambda room: _draft(report, reader, room))


def _draft(report: OwnerReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    title = _title(report)
    body: list[x.Element] = [header(TELLING, md(title, 200), say("{}", report.factory))]
    if report.pipeline:
        body += _one(report)
    else:
        body += [finding(Md(_summary(report)))] if not report.pipelines else []
        body += rows([_row(one) for one in report.pipelines], room.rows, "pipeline")
    if report.unowned:
        body.append(note(say("{} without a known owner.", count(report.unowned, "pipeline"))))
    body += reader_note(reader.note)
    body.append(note(_NOT_ON_CALL))
    return CardDraft(
        kind=KIND,
        summary=f"Information: {title}.",
        body=body,
        actions=_buttons(report),
    )


def _title(report: OwnerReport) -> str:
    if report.pipeline:
        name = line(report.pipeline, LONGEST_NAME)
        owners = report.pipelines[0].owners if report.pipelines else ()
        who = ", ".join(line(one.who, 60) for one in owners[:MOST_OWNERS])
        return f"{name}: owner {who}" if who else f"{name}: no owner is known"
    people = {own.who.lower() for one in report.pipelines for own in one.owners}
    if not people:
        return "No owner is known"
    return f"{count(len(people), 'owner')} of {count(len(report.pipelines), 'pipeline')}"


def _summary(report: OwnerReport) -> str:
    return _WHERE if not report.pipelines else ""


def _one(report: OwnerReport) -> list[x.Element]:
    owners = report.pipelines[0].owners if report.pipelines else ()
    if not owners:
        return [finding(Md(f"Nobody declared who owns it. {_WHERE}"))]
    return rows([_owner(one) for one in owners[:MOST_OWNERS]], MOST_OWNERS, "owner")


def _owner(one: Owner) -> ListRow:
    return ListRow(look=ITEM, title=md(one.who, 80), below=say("from {}", one.source), strong=True)


def _row(one: PipelineOwners) -> ListRow:
    who = ", ".join(md(own.who, 60) for own in one.owners[:MOST_OWNERS])
    return ListRow(
        look=ITEM,
        title=md(one.pipeline, LONGEST_NAME),
        below=Md(f"{who} · critical" if one.critical else who),
        strong=one.critical,
        question=f"status of {one.pipeline}",
        spoken=f"Status of {line(one.pipeline, 60)}",
    )


def _buttons(report: OwnerReport) -> list[x.Element]:
    if report.pipeline is None:
        return []
    name = line(report.pipeline, 200)
    return [
        press.ask("Status now", f"status of {name}", first=True),
        press.ask("Who waits for it", f"who waits for {name}"),
    ]
