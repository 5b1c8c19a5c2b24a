"""mute_card: what nobody is alerted of, until when, by whom and why."""

from collections.abc import Sequence

from cards import extension as x
from cards.card import Card
from cards.components.blocks import finding, header, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import CANCELLED, SUCCEEDED
from cards.context import CardContext
from cards.records import Mute, MuteList
from cards.text import Md, count, line, md, names, say, sentence, when

KIND = "mute_card"


def mute_card(muted: MuteList, reader: CardContext) -> Card:
    """Each mute on a row; pressing it ends the mute."""
    return fitted(lambda room: _draft(muted, reader, room))


def _draft(muted: MuteList, reader: CardContext, room: SizeLimit) -> CardDraft:
    number = len(muted.mutes)
    title = f"{number} muted" if number else "Nothing is muted"
    body: list[x.Element] = [
        header(CANCELLED if number else SUCCEEDED, md(title), names(muted.places, 3)),
        *([finding(sentence(muted.said, 400))] if muted.said else []),
        *mute_rows(muted.mutes, reader, room),
        *reader_note(reader.note),
    ]
    first = ", ".join(line(one.target, 60) for one in muted.mutes[:5])
    said = f" {line(muted.said, 160)}" if muted.said else ""
    return CardDraft(kind=KIND, summary=f"Muted: {first or 'nothing'}.{said}", body=body)


def mute_rows(mutes: Sequence[Mute], reader: CardContext, room: SizeLimit) -> list[x.Element]:
    """The rows of mutes, for every card that shows them."""
    return rows([_row(one, reader) for one in mutes], room.rows, "mute", name="mutes")


def _row(one: Mute, reader: CardContext) -> ListRow:
    target = line(one.target.split(" (")[0], 200)
    return ListRow(
        look=CANCELLED,
        title=md(one.target, 160),
        below=_below(one, reader),
        right=Md("Unmute"),
        is_order=True,
        question=f"unmute {target}",
        spoken=f"Unmute {target}",
    )


def _below(one: Mute, reader: CardContext) -> Md:
    parts = [say("until {} by {}", when(one.until, reader.now, reader.zone), one.by)]
    if one.known_issue:
        parts.append(Md("this error only"))
    if one.held_back:
        parts.append(md(f"{count(one.held_back, 'alert')} held back"))
    if one.reason:
        parts.append(md(one.reason, 120))
    return Md(" · ".join(parts))
