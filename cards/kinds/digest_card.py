"""digest_card: many incidents in one message, each with its state, until all of them are over."""

from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, header, note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import ACKNOWLEDGED, FAILED, SUCCEEDED
from cards.context import CardContext
from cards.records import DigestLine, IncidentDigest, IncidentState
from cards.text import Md, brief, clock, count, md, say

_LOOKS = {
    IncidentState.OPEN: FAILED,
    IncidentState.ACKNOWLEDGED: ACKNOWLEDGED,
    IncidentState.RESOLVED: SUCCEEDED,
}


def digest_card(digest: IncidentDigest, reader: CardContext) -> Card:
    """What broke since when, the incidents that stand first."""
    return fitted(lambda room: _draft(digest, reader, room))


def _draft(digest: IncidentDigest, reader: CardContext, room: SizeLimit) -> CardDraft:
    open_ones = [one for one in digest.lines if one.state is not IncidentState.RESOLVED]
    over = [one for one in digest.lines if one.state is IncidentState.RESOLVED]
    total = count(len(digest.lines), "more incident")
    standing = f"{len(open_ones)} open" if open_ones else "all recovered"
    title = f"{total}, {standing}"
    return CardDraft(
        kind="digest_card",
        summary=f"{title} since {clock(digest.since, reader.zone)}.",
        body=[
            header(FAILED if open_ones else SUCCEEDED, md(title), md(digest.factory)),
            note(Md("Too many at once for one message each. This one stays up to date.")),
            *rows([_row(one, reader) for one in (*open_ones, *over)], room.rows, "incident"),
        ],
        actions=[press.ask("What failed", "which pipelines failed")],
    )


def _row(one: DigestLine, reader: CardContext) -> ListRow:
    more = len(one.pipelines) - 1
    name = md(one.pipelines[0] if one.pipelines else one.incident_id, LONGEST_NAME)
    others = say(" and {}", count(more, "more pipeline")) if more > 0 else Md("")
    return ListRow(
        look=_LOOKS[one.state],
        title=say("{}{}", name, others),
        below=say("{} · {}", one.incident_id, one.state.capitalize()),
        right=brief(one.since, reader.now, reader.zone),
    )
