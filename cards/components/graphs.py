"""Pictures made of text: bars, sparks and shares that survive hosts without charts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from adaptive_cards.types import Colors, FontSize, FontType

from cards import extension as x
from cards.components.blocks import note
from cards.components.status_styles import StatusStyle
from cards.text import JOINER, Md, clean, duration, md, say

CELLS = 12
_TRACK, _BAR, _BLOCK = "▁", "▆", "█"
_STEPS = "▁▂▃▄▅▆▇█"
AXIS_STEPS = 4
_WHOLE_STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
_CHART_COLORS = {
    "good": Colors.GOOD,
    "attention": Colors.ATTENTION,
    "warning": Colors.WARNING,
    "categoricalBlue": Colors.ACCENT,
    "neutral": Colors.DEFAULT,
}
ChartColor = Literal["good", "attention", "warning", "categoricalBlue", "neutral"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPart:
    """One share of a whole, or one series of a chart."""

    name: str
    color: ChartColor
    values: tuple[float, ...]


def gantt(
    offset: timedelta, span: timedelta, total: timedelta, look: StatusStyle
) -> list[x.TextRun]:
    """When in the whole something ran: a low track with a high bar of one character family."""
    whole = max(total.total_seconds(), 1)
    before = min(CELLS - 1, int(offset.total_seconds() / whole * CELLS))
    bar = min(CELLS - before, max(1, round(span.total_seconds() / whole * CELLS)))
    bar = bar if span else 0
    color = Colors.ATTENTION if look.color is Colors.ATTENTION else Colors.ACCENT
    runs = [
        _run(_TRACK * before, None),
        _run(_BAR * bar, color),
        _run(_TRACK * (CELLS - before - bar), None),
    ]
    return [run for run in runs if run.text]


def spark(values: Sequence[float | None], *, from_zero: bool = False) -> str:
    """Values as a row of small bars, from the smallest or from zero; a dot where there is none."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = 0.0 if from_zero else min(known), max(known)
    scale = (high - low) or 1.0
    return "".join(
        "·" if value is None else _STEPS[min(7, int((value - low) / scale * 7.999))]
        for value in values
    )


def small_spark(values: Sequence[float | None]) -> list[x.TextRun]:
    """Small bars for the line of a list."""
    drawn = spark(values)
    return [_run(drawn, Colors.ACCENT)] if drawn else []


def spark_line(
    label: str, values: Sequence[float | None], color: Colors, *, from_zero: bool = False
) -> list[x.Element]:
    """A labelled row of small bars; the label says what the bars show."""
    drawn = spark(values, from_zero=from_zero)
    if not drawn:
        return []
    run = x.TextRun(text=drawn, color=color, font_type=FontType.MONOSPACE, size=FontSize.MEDIUM)
    return [note(md(label)), x.RichTextBlock(inlines=[run], spacing="None")]


def share(title: str, parts: Sequence[GraphPart]) -> list[x.Element]:
    """A whole in parts as one bar; nothing without a part, because an empty chart shows blank."""
    shown = [part for part in parts if sum(part.values)]
    if not shown:
        return []
    data = [
        {"legend": clean(part.name), "value": sum(part.values), "color": part.color}
        for part in shown
    ]
    return [
        x.ChartStackedRow(
            title=clean(title), data=[{"title": clean(title), "data": data}], fallback=_cells(shown)
        )
    ]


def bars(title: str, labels: Sequence[str], series: Sequence[GraphPart]) -> list[x.Element]:
    """A chart of stacked bars over time; hosts without charts get one row of bars for each part."""
    shown = [part for part in series if any(part.values)]
    if not shown:
        return []
    distinct = _distinct([clean(label) for label in labels])
    data = [
        {
            "legend": clean(part.name),
            "color": part.color,
            "values": [
                {"x": label, "y": value} for label, value in zip(distinct, part.values, strict=True)
            ],
        }
        for part in shown
    ]
    rows = [
        one
        for part in shown
        for one in spark_line(
            f"{part.name}, at most {max(part.values):g}",
            part.values,
            _CHART_COLORS[part.color],
            from_zero=True,
        )
    ]
    axis = note(say("{} to {}", labels[0], labels[-1]))
    return [
        x.ChartGroupedBars(
            title=clean(title),
            data=data,
            stacked=True,
            y_min=0,
            y_max=_top(
                [sum(stack) for stack in zip(*(part.values for part in shown), strict=True)]
            ),
            spacing="Small",
            fallback=x.Container(items=[*rows, axis]),
        )
    ]


def _distinct(labels: Sequence[str]) -> list[str]:
    """The labels with an invisible sign for each time that one came before.

    Teams draws one bar for each different label, so that "03:40" of two days would be one.
    """
    return [label + JOINER * labels[:place].count(label) for place, label in enumerate(labels)]


def _top(stacks: Sequence[float]) -> int:
    """Where the axis ends, so that its steps are whole numbers: Teams draws four of them."""
    least = max(1.0, max(stacks) / AXIS_STEPS)
    unit = 10 ** int(math.log10(least))
    step = next(
        whole for one in _WHOLE_STEPS if (whole := one * unit) >= least and whole == int(whole)
    )
    return int(step) * AXIS_STEPS


def seconds(value: float | None) -> str:
    """A number of seconds in words."""
    return duration(None if value is None else timedelta(seconds=value))


def _cells(parts: Sequence[GraphPart]) -> x.Container:
    """The same whole as a row of blocks with their names; no part ever vanishes."""
    total, wide = sum(sum(part.values) for part in parts), 26
    sizes = [max(1, int(sum(part.values) / total * wide)) for part in parts]
    sizes[sizes.index(max(sizes))] += wide - sum(sizes)
    runs = [
        _run(_BLOCK * max(1, size), _CHART_COLORS[part.color])
        for part, size in zip(parts, sizes, strict=True)
    ]
    counts = note(
        Md(" · ".join(say("{} {}", part.name, f"{sum(part.values):g}") for part in parts))
    )
    return x.Container(items=[x.RichTextBlock(inlines=[*runs]), counts])


def _run(text: str, color: Colors | None) -> x.TextRun:
    return x.TextRun(
        text=text,
        color=color,
        is_subtle=True if color is None else None,
        font_type=FontType.MONOSPACE,
        size=FontSize.SMALL,
    )
