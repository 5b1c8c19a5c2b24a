"""Tables of plain words: a real Table, so that a screen reader says row and column."""

from collections.abc import Sequence

from adaptive_cards.card import TableColumnDefinition
from adaptive_cards.types import FontSize, FontWeight

from cards import extension as x
from cards.components.blocks import note
from cards.text import Said, count, md


def table(
    heads: Sequence[Said], widths: Sequence[int], lines: Sequence[Sequence[Said]], most: int
) -> list[x.Element]:
    """A table with a header row, at most `most` lines, and how many more there are."""
    if not lines:
        return []
    shown: list[x.Element] = [_line(heads, head=True), *(_line(one) for one in lines[:most])]
    made: list[x.Element] = [
        x.Table(
            columns=[TableColumnDefinition(width=width) for width in widths],
            rows=shown,
            first_row_as_headers=True,
            show_grid_lines=False,
            spacing="Medium",
        )
    ]
    rest = len(lines) - most
    return [*made, note(md(count(rest, "more row")))] if rest > 0 else made


def _line(cells: Sequence[Said], *, head: bool = False) -> x.TableRow:
    return x.TableRow(cells=[x.TableCell(items=[_words(cell, head=head)]) for cell in cells])


def _words(said: Said, *, head: bool) -> x.TextBlock:
    return x.TextBlock(
        text=said,
        size=FontSize.SMALL,
        wrap=True,
        weight=FontWeight.BOLDER if head else None,
        style="columnHeader" if head else None,
    )
