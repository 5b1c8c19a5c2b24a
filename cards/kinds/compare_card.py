"""compare_card: two runs side by side, what matters in bold."""

from collections.abc import Sequence

from adf.records import Comparison, Difference, PipelineRun
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, finding, header, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import look_of
from cards.components.tables import table
from cards.context import CardContext
from cards.text import Md, Said, brief, count, line, md, say, short_id

MOST_DIFFERENCES = 12


def compare_card(comparison: Comparison, reader: CardContext) -> Card:
    """Two runs side by side, what matters in bold."""
    return fitted(lambda room: _draft(comparison, reader, room))


def _draft(comparison: Comparison, reader: CardContext, room: SizeLimit) -> CardDraft:
    left, right = comparison.left, comparison.right
    mattering = [one for one in comparison.differences if one.matters]
    first = mattering[0] if mattering else None
    said = _finding(first)
    lines = [_line(one) for one in sorted(comparison.differences, key=lambda one: not one.matters)]
    heads: list[Said] = ["", _head(left, reader), _head(right, reader)]
    body: list[x.Element] = [
        header(look_of(left.status), _title(left, right), ""),
        finding(said),
        *reader_note(reader.note),
        *table(heads, [7, 3, 4], lines, min(MOST_DIFFERENCES, room.rows)),
    ]
    return CardDraft(
        kind="compare_card",
        summary=f"{look_of(left.status).word}: {line(left.pipeline, 80)} compared with "
        f"{line(right.pipeline, 80)} of {line(right.factory, 40)}: "
        f"{count(len(mattering), 'difference')} that matters.",
        body=body,
        actions=[press.ask("Why did it fail", f"why did run {left.run_id} fail")],
    )


def _finding(first: Difference | None) -> Md:
    """What matters most, as a sentence."""
    if first is None:
        return Md("There is no difference that matters.")
    if first.what == "Result":
        return say("One {}, one {}.", first.left.lower(), first.right.lower())
    return say("{}: {} in one, {} in the other.", first.what, first.left, first.right)


def _title(left: PipelineRun, right: PipelineRun) -> Md:
    name = md(left.pipeline, LONGEST_NAME)
    if left.factory != right.factory:
        return say("{}: {} and {}", name, left.factory, right.factory)
    return say("{}: two runs", name)


def _head(run: PipelineRun, reader: CardContext) -> Md:
    look = look_of(run.status)
    when = brief(run.start, reader.now, reader.zone) if run.start else Md(short_id(run.run_id))
    return say("{} {}", look.glyph, when)


def _line(one: Difference) -> Sequence[Said]:
    cells = (md(one.what, 60), md(one.left, 60), md(one.right, 60))
    return [Md(f"**{cell}**") if one.matters and cell else cell for cell in cells]
