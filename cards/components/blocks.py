"""The parts every card is made of: header, finding, tiles, facts, code, notes."""

from collections.abc import Sequence

from adaptive_cards.types import (
    Colors,
    ContainerStyle,
    FontSize,
    FontType,
    FontWeight,
    VerticalAlignment,
)

from cards import extension as x
from cards.components.status_styles import StatusStyle
from cards.text import Md, Said, clean, sentence

LONGEST_NAME = 120
MOST_FACTS = 5
_FACT_TITLE = "76px"
MOST_TILES = 4


def text(said: Said, *, color: Colors | None = None, space: x.Space | None = None) -> x.TextBlock:
    """A paragraph."""
    return x.TextBlock(text=said, wrap=True, color=color, spacing=space)


def finding(said: Said) -> x.TextBlock:
    """The one sentence that answers the question."""
    return x.TextBlock(text=said, wrap=True, spacing="Medium")


def note(said: Said) -> x.TextBlock:
    """Small print: what is worth knowing, not worth noticing."""
    return x.TextBlock(text=said, wrap=True, size=FontSize.SMALL, is_subtle=True, spacing="Small")


def reader_note(said: str | None) -> list[x.Element]:
    """The one line that is shown with an answer, if there is one."""
    return [note(sentence(said))] if said else []


def section(said: Said) -> x.TextBlock:
    """A heading inside the card."""
    return x.TextBlock(
        text=said,
        wrap=True,
        size=FontSize.DEFAULT,  # else as large as a host makes headings, larger than the title
        weight=FontWeight.BOLDER,
        spacing="Medium",
        style="heading",
    )


def header(look: StatusStyle, title: Said, sub: Said, badge: str = "") -> x.Container:
    """The coloured band on top: glyph, what it is about and how it is, place and time."""
    columns: list[x.Element] = [_icon_column(look), _title_column(title, sub)]
    if badge:
        columns.append(_badge_column(look, badge))
    return x.Container(
        items=[x.ColumnSet(columns=columns)], style=look.band, bleed=True, spacing="None"
    )


def _icon_column(look: StatusStyle) -> x.Column:
    glyph = x.TextBlock(text=look.glyph, size=FontSize.LARGE, weight=FontWeight.BOLDER)
    icon = x.Icon(
        name=look.icon, size="Small", style="Filled", color=look.icon_color, fallback=glyph
    )
    return x.Column(width="auto", items=[icon])


def _title_column(title: Said, sub: Said) -> x.Column:
    heading = x.TextBlock(
        text=title,
        style="heading",
        size=FontSize.MEDIUM,
        weight=FontWeight.BOLDER,
        wrap=True,
        max_lines=3,
    )
    below = x.TextBlock(text=sub, size=FontSize.SMALL, wrap=True, spacing="None")
    return x.Column(width="stretch", items=[heading, below] if sub else [heading], spacing="Small")


def _badge_column(look: StatusStyle, badge: str) -> x.Column:
    words = clean(badge, 24)
    # Narrow windows and older hosts drop it: its words stand in the line below the title too.
    label = x.Badge(text=words, style=look.tone, appearance="Tint", size="Large", fallback="drop")
    return x.Column(
        width="auto",
        items=[label],
        vertical_content_alignment=VerticalAlignment.CENTER,
        target_width="atLeast:Standard",
    )


def facts(pairs: Sequence[tuple[Said, Said]]) -> list[x.Element]:
    """Titles with their values, at most five; those without a value are left out.

    Rows of columns, because a FactSet does not break a long name and runs out of a narrow card.
    """
    filled = [pair for pair in pairs if pair[1]][:MOST_FACTS]
    return [
        _fact(title, value, "Medium" if place == 0 else "ExtraSmall")
        for place, (title, value) in enumerate(filled)
    ]


def _fact(title: Said, value: Said, space: x.Space) -> x.ColumnSet:
    # "Who can help" takes two lines of a narrow column.
    name = x.TextBlock(text=title, weight=FontWeight.BOLDER, wrap=True)
    words = x.TextBlock(text=value, wrap=True)
    return x.ColumnSet(
        columns=[
            x.Column(width=_FACT_TITLE, items=[name]),
            x.Column(width="stretch", items=[words], spacing="Small"),
        ],
        spacing=space,
    )


def tile(label: Said, value: Said, sub: Said = "", color: Colors | None = None) -> x.Column:
    """One number with its name above and its measure below."""
    items: list[x.Element] = [
        x.TextBlock(text=label, size=FontSize.SMALL, is_subtle=True, wrap=True),
        x.TextBlock(
            text=value,
            size=FontSize.MEDIUM,
            weight=FontWeight.BOLDER,
            spacing="None",
            color=color,
            wrap=True,
        ),
    ]
    if sub:
        small = x.TextBlock(
            text=sub, size=FontSize.SMALL, is_subtle=True, spacing="None", wrap=True
        )
        items.append(small)
    return x.Column(width="stretch", items=items)


def tiles(shown: Sequence[x.Column]) -> x.ColumnSet:
    """At most four numbers side by side."""
    return x.ColumnSet(columns=[*shown[:MOST_TILES]], spacing="Medium")


def code(quoted: str, limit: int) -> x.CodeBlock:
    """Foreign text as it was, in a frame; hosts without code blocks show it in fixed width."""
    words = clean(quoted, limit)
    run = x.TextRun(text=words, font_type=FontType.MONOSPACE, size=FontSize.SMALL)
    return x.CodeBlock(
        code_snippet=words,
        spacing="Small",
        fallback=x.Container(items=[x.RichTextBlock(inlines=[run])], style=ContainerStyle.EMPHASIS),
    )


def bullets(lines: Sequence[Said], *, numbered: bool = False) -> list[x.Element]:
    """A list as plain lines, because clients indent markdown lists differently."""
    marks = (f"{place}." if numbered else "•" for place in range(1, len(lines) + 1))
    return [
        text(Md(f"{mark}\u00a0{said}"), space="Small")
        for mark, said in zip(marks, lines, strict=True)
    ]
