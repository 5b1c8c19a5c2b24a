"""audit_card: who did what, who approved it, what was refused, and what came of it."""

from cards import extension as x
from cards.card import Card
from cards.components.blocks import finding, header, note, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ITEM, REFUSED, TELLING
from cards.context import CardContext
from cards.records import AuditLine, AuditReport
from cards.text import Md, bold, brief, count, line, macro, md, say

KIND = "audit_card"


def audit_card(audit: AuditReport, reader: CardContext) -> Card:
    """Acts, proposals and refusals, newest first."""
    return fitted(lambda room: _draft(audit, reader, room))


def _draft(audit: AuditReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    total = count(len(audit.lines), "entry")
    about = line(audit.about, 120)
    body: list[x.Element] = [
        header(TELLING, say("Who did what: {}", about), say("{} · {}", audit.factory, total)),
        finding(_first(audit, reader)),
        *rows([_row(one, reader) for one in audit.lines], room.rows, "entry"),
        note(say("Since {}.", macro(audit.since))),
        *reader_note(reader.note),
    ]
    newest = audit.lines[0] if audit.lines else None
    said = f"{newest.who} {newest.what}" if newest else "nothing found"
    return CardDraft(kind=KIND, summary=f"Audit: {about}: {line(said, 160)}", body=body)


def _first(audit: AuditReport, reader: CardContext) -> Md:
    if not audit.lines:
        return say("Nobody did anything to {} in that time, as far as I can see.", audit.about)
    newest = audit.lines[0]
    at = brief(newest.at, reader.now, reader.zone)
    return say("Last: {} {} ({}).", bold(newest.who, 60), md(newest.what, 200), at)


def _row(one: AuditLine, reader: CardContext) -> ListRow:
    return ListRow(
        look=REFUSED if one.refused else ITEM,
        title=say("{} {}", line(one.who, 60), line(one.what, 160)),
        most_lines=4,
        below=say("{}{}", macro(one.at), say(" · {}", one.result) if one.result else Md("")),
    )
