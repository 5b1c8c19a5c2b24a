"""trace_card: how an answer came about, for operators."""

from collections.abc import Iterator

from cards import extension as x
from cards.card import Card
from cards.components.blocks import finding, header, note, tile, tiles
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import DEGRADED, FAILED, SUCCEEDED, TELLING, StatusStyle
from cards.context import CardContext
from cards.records import Trace, TraceStep
from cards.text import Md, count, line, md, say, when

MOST_STEPS = 40
MOST_ARGUMENTS = 6
LONGEST_READING = 24
_WELL = frozenset({"ok", "completed"})


def trace_card(trace: Trace, reader: CardContext) -> Card:
    """The reading, steps and calls with their times, tokens, ids a provider can be asked about."""
    return fitted(lambda room: _draft(trace, reader, room))


def _draft(trace: Trace, reader: CardContext, room: SizeLimit) -> CardDraft:
    done = _done(trace)
    place = say(
        "{} · {} · {}",
        trace.factory,
        when(trace.at, reader.now, reader.zone),
        trace.model or "no model",
    )
    body: list[x.Element] = [
        header(DEGRADED if trace.failure else TELLING, "How this answer was made", place),
        finding(md(trace.asked, 200)),
        tiles(list(_tiles(trace, done))),
        *rows([_row(one) for one in trace.steps], min(MOST_STEPS, room.rows), "step"),
        *([note(md(_dropped(trace)))] if trace.said else []),
        *([note(say("Incomplete: {}.", trace.failure))] if trace.failure else []),
        note("Stored in memory for an hour, without questions or results."),
    ]
    return CardDraft(
        kind="trace_card",
        summary=f"Trace: {line(trace.asked, 100)}, {done} in {_seconds(trace.seconds)}.",
        body=body,
    )


def _done(trace: Trace) -> str:
    """How much was done, by kind."""
    kinds = [one.kind for one in trace.steps]
    steps = [count(kinds.count("model"), "step")] if trace.model else []
    calls = f"{count(kinds.count('tool') + kinds.count('mcp'), 'tool call')}"
    azure = kinds.count("azure")
    return ", ".join([*steps, calls, *([f"{azure} in Azure"] if azure else [])])


def _tiles(trace: Trace, done: str) -> Iterator[x.Column]:
    yield tile("Time", md(_seconds(trace.seconds)), md(done))
    if trace.intent:
        yield tile("Read as", md(trace.intent, LONGEST_READING), md(f"{trace.confidence:.0%} sure"))
    if trace.model:
        yield tile("Tokens in", md(f"{trace.tokens_in:,}"), md(f"{trace.cached:,} cached"))
        yield tile("Tokens out", md(f"{trace.tokens_out:,}"))


def _dropped(trace: Trace) -> str:
    said = count(trace.said, "sentence")
    return f"{trace.dropped} of {said} dropped: no record bears them out."


_NAMES = {"step": "Model", "choice": "Model chose a tool"}


def _row(one: TraceStep) -> ListRow:
    name = _NAMES.get(one.what, one.what)
    return ListRow(
        look=_look(one),
        title=md(name, 80),
        below=_below(one),
        right=say("{} at +{}", _seconds(one.seconds), _seconds(one.after)),
    )


def _look(one: TraceStep) -> StatusStyle:
    return SUCCEEDED if one.ended in _WELL else FAILED


def _below(one: TraceStep) -> Md:
    given = ", ".join(
        f"{line(name, 40)}={line(value, 80)}" for name, value in one.arguments[:MOST_ARGUMENTS]
    )
    parts = " · ".join(part for part in (one.ended, given, one.response) if part)
    return md(parts, 400)


def _seconds(much: float) -> str:
    return f"{much:.1f} s"
