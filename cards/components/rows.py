"""Lists: one row for each thing, made to survive 320 pixels, pressed as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from adaptive_cards.types import (
    Colors,
    ContainerStyle,
    FontSize,
    FontWeight,
    HorizontalAlignment,
    VerticalAlignment,
)

from adf.records.glossary import plural
from cards import extension as x
from cards.components.blocks import note
from cards.components.buttons import press, toggle
from cards.components.status_styles import StatusStyle
from cards.records import Choice
from cards.text import Md, Said, clean, count, line, md, say

MOST_SEEN = 12
MOST_CHOICES = 12
_GLYPH = "20px"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A state, what it is about, a line below, a word at the right; pressing it asks `question`.

    The word `is_order` where the press does what it says. `bar` is drawn on the line below, with
    the plain words `beside` it.
    """

    look: StatusStyle
    title: Said
    below: Said = ""
    right: Said = ""
    is_order: bool = False
    strong: bool = False
    most_lines: int = 2
    question: str = ""
    spoken: str = ""
    bar: Sequence[x.TextRun] = ()
    beside: str = ""


def rows(
    listed: Sequence[ListRow], most: int, noun: str, *, spacing: x.Space = "Small", name: str = ""
) -> list[x.Element]:
    """The first dozen in sight, the rest up to `most` behind a button, and how many more there are.

    `noun` names one of them; `name` sets the folded part apart from others on the same card.
    """
    made: list[x.Element] = [_row(one, spacing) for one in listed[:most]]
    rest = len(listed) - most
    left = [note(_and_more(rest, noun))] if rest > 0 else []
    if len(made) <= MOST_SEEN:
        return [*made, *left]
    return [*made[:MOST_SEEN], *_folded(made[MOST_SEEN:], left, name or plural(noun))]


def _and_more(rest: int, noun: str) -> Md:
    """How many are left out: "1 more pipeline"; "3 more" where a heading says of what."""
    return md(count(rest, f"more {noun}")) if noun else say("{} more", rest)


def _folded(hidden: Sequence[x.Element], left: Sequence[x.Element], name: str) -> list[x.Element]:
    place = f"more {name}".replace(" ", "_")
    button = toggle(f"Show {len(hidden)} more", place)
    return [
        x.ActionSet(actions=[button], spacing="Small"),
        x.Container(items=[*hidden, *left], id=place, is_visible=False, spacing="Small"),
    ]


def folded(title: str, hidden: Sequence[ListRow], name: str) -> list[x.Element]:
    """Rows behind a button that says what they are."""
    listed = [_row(one, "Small") for one in hidden]
    return [
        x.ActionSet(actions=[toggle(title, name)], spacing="Small"),
        x.Container(items=[*listed], id=name, is_visible=False, spacing="Small"),
    ]


def _row(one: ListRow, spacing: x.Space) -> x.ColumnSet:
    columns: list[x.Element] = [_glyph(one.look), _words(one)]
    if one.right:
        columns.append(_right(one.right, is_order=one.is_order))
    return x.ColumnSet(
        columns=columns,
        spacing=spacing,
        select_action=press(one.spoken or "Ask about this", one.question) if one.question else None,
    )


def _glyph(look: StatusStyle) -> x.Column:
    mark = x.TextBlock(
        text=look.glyph, color=look.color, size=FontSize.SMALL, weight=FontWeight.BOLDER
    )
    return x.Column(width=_GLYPH, items=[mark])


def _words(one: ListRow) -> x.Column:
    items: list[x.Element] = [
        x.TextBlock(
            text=one.title,
            wrap=True,
            max_lines=one.most_lines,
            weight=FontWeight.BOLDER if one.strong else None,
        )
    ]
    if one.bar:
        items.append(_drawn(one))
    if one.below:
        items.append(
            x.TextBlock(
                text=one.below, size=FontSize.SMALL, is_subtle=True, wrap=True, spacing="None"
            )
        )
    return x.Column(width="stretch", items=items, spacing="Small")


def _drawn(one: ListRow) -> x.RichTextBlock:
    """Small bars with plain words beside them on the same line: no column, so nothing squeezes."""
    words = x.TextRun(text=f"  {line(one.beside, 120)}", size=FontSize.SMALL, is_subtle=True)
    return x.RichTextBlock(inlines=[*one.bar, words], spacing="None")


def _right(said: Said, *, is_order: bool) -> x.Column:
    words = x.TextBlock(
        text=said,
        size=FontSize.SMALL,
        color=Colors.ACCENT if is_order else None,
        horizontal_alignment=HorizontalAlignment.RIGHT,
        wrap=True,
    )
    return x.Column(width="auto", items=[words], spacing="Small")


def choices(offered: Sequence[Choice], most: int) -> list[x.Element]:
    """Choices as full-width rows, because names are too long for buttons."""
    shown: list[x.Element] = [_choice(one) for one in offered[:most]]
    rest = len(offered) - most
    return [*shown, note(say("{} more; write the name", rest))] if rest > 0 else shown


def _choice(one: Choice) -> x.Container:
    name = x.TextBlock(
        text=md(one.title, 120) or "…", weight=FontWeight.BOLDER, wrap=True, max_lines=2
    )
    arrow = x.TextBlock(text="›", weight=FontWeight.BOLDER, color=Colors.ACCENT)
    columns: list[x.Element] = [
        x.Column(width="stretch", items=[name]),
        x.Column(width="auto", items=[arrow], vertical_content_alignment=VerticalAlignment.CENTER),
    ]
    return x.Container(
        items=[x.ColumnSet(columns=columns)],
        style=ContainerStyle.EMPHASIS,
        spacing="Small",
        rounded_corners=True,
        select_action=press(clean(one.title), one.question),
    )
