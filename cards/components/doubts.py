"""What a card says of a run that succeeded and should be looked at all the same."""

from collections.abc import Sequence

from adf.records import (
    BrokenUpstream,
    DoubtKind,
    PipelineRun,
    RunCheck,
    broken_upstream_said,
)
from cards import extension as x
from cards.components.blocks import finding, text
from cards.components.status_styles import DEGRADED, StatusStyle, look_of
from cards.context import CardContext
from cards.text import Md, bold, count, line, md, say, sentence

MOST_DOUBTS = 5
_OF_VOLUME = frozenset({DoubtKind.NO_ROWS, DoubtKind.FEW_ROWS, DoubtKind.MANY_ROWS})


def style_of(run: PipelineRun, check: RunCheck | None) -> StatusStyle:
    """How a run looks: never plain green where something speaks against it."""
    return DEGRADED if check and check.doubts else look_of(run.status)


def titled(title: Md, check: RunCheck | None) -> Md:
    """A title that says so where something speaks against a green run."""
    return say("{}, but check it", title) if check and check.doubts else title


def doubts(check: RunCheck | None) -> list[x.Element]:
    """What speaks against a run that succeeded, each with what it rests on."""
    listed = check.doubts[:MOST_DOUBTS] if check else ()
    return [text(say("{} {}.", bold(_MARK), md(one.said, 240)), space="Small") for one in listed]


def broken_upstream(
    pipeline: str, found: Sequence[BrokenUpstream], reader: CardContext
) -> list[x.Element]:
    """That what starts, holds back or feeds a pipeline broke, before all else of its last run."""
    said = broken_upstream_said(pipeline, found, reader.zone, reader.now)
    return [finding(say("{} {}", bold(DEGRADED.glyph), sentence(said, 400)))] if said else []


_MARK = f"{DEGRADED.glyph} Check:"


def first_doubt(check: RunCheck | None, limit: int = 120) -> str:
    """The first of them in plain words, for narrow places; nothing without any."""
    return line(check.doubts[0].said, limit) if check and check.doubts else ""


def rows_copied(check: RunCheck | None) -> Md:
    """How many rows a run copied, where that is known and no doubt says it already."""
    if check is None or check.rows is None or _is_said(check):
        return Md("")
    copied = say("It copied {}", bold(count(check.rows, "row")))
    if check.usual_rows is None:
        return say("{}.", copied)
    return say("{}, usually {}.", copied, f"{check.usual_rows:,}")


def _is_said(check: RunCheck) -> bool:
    return any(one.kind in _OF_VOLUME for one in check.doubts)
