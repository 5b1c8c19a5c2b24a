"""impact_card: who waits for a pipeline, or what it depends on, and whether there is time."""

from collections.abc import Sequence
from datetime import datetime

from adf.records import (
    Certainty,
    DeadlineOdds,
    LineageEdge,
    LineageEffect,
    LineageKind,
    LineageReport,
    RelatedPipeline,
)
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header, note, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, rows
from cards.components.status_styles import DEGRADED, ITEM, TELLING, StatusStyle
from cards.context import CardContext
from cards.text import Md, Said, count, due, duration, line, md, say, when

KIND = "impact_card"
_SURE = {
    Certainty.CERTAIN: "",
    Certainty.DECLARED: "declared",
    Certainty.LIKELY: "likely",
    Certainty.POSSIBLE: "possible",
}


def impact_card(report: LineageReport, reader: CardContext) -> Card:
    """Each pipeline that is concerned: how, how sure that is, its owner, start and deadline."""
    return fitted(lambda room: _draft(report, reader, room))


def _draft(report: LineageReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    look, title = _look(report), _title(report)
    body: list[x.Element] = [
        header(look, md(title, 200), say("{}", report.factory)),
        finding(_finding(report, reader)),
        *reader_note(reader.note),
        *facts(_facts(report, reader)),
    ]
    body += rows([_row(one, report, reader) for one in report.related], room.rows, "pipeline")
    body += [note(one) for one in _limits(report)]
    return CardDraft(
        kind=KIND,
        summary=f"{look.word}: {title}.",
        body=body,
        actions=_buttons(report),
    )


def _look(report: LineageReport) -> StatusStyle:
    return DEGRADED if report.related and not report.upstream else TELLING


def _title(report: LineageReport) -> str:
    name, total = line(report.pipeline, LONGEST_NAME), len(report.related) + report.left_out
    if report.upstream:
        what = count(total, "pipeline") if total else "no other pipeline that I can see"
        return f"{name} depends on {what}"
    if total == 1:
        return f"{line(report.related[0].name, LONGEST_NAME)} depends on {name}"
    return f"{count(total, 'pipeline')} depend on {name}" if total else f"Nothing waits for {name}"


def _finding(report: LineageReport, reader: CardContext) -> Md:
    if not report.related:
        return Md(
            "The definitions show no other pipeline, and its owners declared none in "
            "ADFOPS\\_FACTORIES."
        )
    if report.upstream:
        which = "it" if len(report.related) == 1 else "one of these"
        return say("If {} fails or is late, {} may be late too.", which, line(report.pipeline, 80))
    said = [
        _counted(len(some), *words) for effect, words in _EFFECTS if (some := _with(report, effect))
    ]
    first = min((one.starts_next for one in report.related if one.starts_next), default=None)
    at = say(" The first of them starts at {}.", _when(first, reader)) if first else Md("")
    return say("If it fails or is late: {}.{}", Md(", ".join(said)), at)


def _when(moment: datetime, reader: CardContext) -> Md:
    return when(moment, reader.now, reader.zone)


_EFFECTS = (
    (LineageEffect.FAILS, ("fails with it", "fail with it")),
    (LineageEffect.SKIPPED, ("is not started", "are not started")),
    (LineageEffect.WAITS, ("waits for it", "wait for it")),
    (LineageEffect.STALE, ("runs on old data", "run on old data")),
)
FEW = 5


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _with(report: LineageReport, effect: LineageEffect) -> Sequence[RelatedPipeline]:
    return [one for one in report.related if one.edge.effect is effect]


def _facts(report: LineageReport, reader: CardContext) -> list[tuple[Said, Said]]:
    pairs: list[tuple[Said, Said]] = [("Owner", md(report.owner or "", 80))]
    if report.due:
        pairs.append(("Due", due(report.due, reader.now)))
    return [
        *pairs,
        *(
            (_odds_title(one), odds_text(one, reader, spread=not place))
            for place, one in enumerate(report.odds)
        ),
    ]


def _odds_title(odds: DeadlineOdds) -> Said:
    return "In time?" if odds.running else "If rerun"


def odds_text(
    odds: DeadlineOdds, reader: CardContext, *, name: bool = True, spread: bool = True
) -> Md:
    """Whether it would be done by then, as a share of past runs with how many there are.

    Without `name` it is plain whose deadline it is, without `spread` how long the runs take.
    """
    by = say("{} by {}", Md("done"), _when(odds.deadline, reader))
    whose = say(" ({})", odds.what) if name else Md("")
    if odds.runs:
        runs = Md("run" if odds.runs == 1 else "runs")
        sample = say("in {} of {} past {}", odds.made, odds.runs, runs)
        took = _spread(odds) if spread else ""
        return say("{}{} {}{}", by, whose, sample, say("; {}", took) if took else Md(""))
    if odds.running and odds.usual:
        return say("running longer than any past run; I can't say whether it is {}{}", by, whose)
    if odds.usual is None:
        return say("I can't say whether it is {}{}: no good run in 14 days", by, whose)
    ends = _when(odds.start + odds.usual, reader)
    return say(
        "declared to take {}, so about {}; {}{} has no past run to go by",
        duration(odds.usual),
        ends,
        by,
        whose,
    )


def _spread(odds: DeadlineOdds) -> str:
    if odds.usual is None or odds.longest is None:
        return ""
    if odds.runs < FEW:
        return f"it took {duration(odds.usual)}; a small sample"
    return f"usually {duration(odds.usual)}, nine in ten within {duration(odds.longest)}"


def _row(one: RelatedPipeline, report: LineageReport, reader: CardContext) -> ListRow:
    parts = [_how(one, report), *_people(one)]
    if one.due_at:
        parts.append(say("due {}", _when(one.due_at, reader)))
    if one.starter and one.starts_next:
        parts.append(say("starts with {}", one.starter))
    at = say("next {}", _when(one.starts_next, reader)) if one.starts_next else ""
    return ListRow(
        look=_row_look(one, report),
        title=md(one.name, LONGEST_NAME),
        below=Md(" · ".join(parts)),
        right=at,
        strong=one.critical,
        question=f"status of {one.name}" if one.published else "",
        spoken=f"Status of {line(one.name, 60)}",
    )


def _row_look(one: RelatedPipeline, report: LineageReport) -> StatusStyle:
    hit = {LineageEffect.FAILS, LineageEffect.SKIPPED, LineageEffect.WAITS}
    return DEGRADED if one.edge.effect in hit and not report.upstream else ITEM


def _people(one: RelatedPipeline) -> list[Md]:
    parts = [say("owner {}", one.owner)] if one.owner else []
    parts += [Md("critical")] if one.critical else []
    return parts + ([] if one.published else [Md("not a pipeline of this factory")])


def _how(one: RelatedPipeline, report: LineageReport) -> Md:
    """How it depends on the other: in words, over whom, and how sure that is."""
    edge = one.edge
    words = _upstream(edge) if report.upstream else _downstream(edge)
    near = edge.target if report.upstream else edge.source
    over = say(" through {}", near) if one.distance > 1 else Md("")
    sure = _SURE[edge.certainty]
    return say("{}{}{}", words, over, say(" ({})", sure) if sure else Md(""))


def _downstream(edge: LineageEdge) -> Md:
    match edge.kind:
        case LineageKind.CALL:
            return say("calls it in {} and fails with it", edge.via)
        case LineageKind.SEQUENCE:
            return say("comes after it in {}", edge.via)
        case LineageKind.START:
            return say("is started by it in {}", edge.via)
        case LineageKind.WINDOW:
            return say("its windows wait, by trigger {}", edge.via)
        case LineageKind.DATASET | LineageKind.TABLE:
            return say("reads {}", edge.via)
        case LineageKind.EVENT:
            return say("starts on its files, by trigger {}", edge.via)
        case LineageKind.DECLARED:
            return Md("waits for it")


def _upstream(edge: LineageEdge) -> Md:
    match edge.kind:
        case LineageKind.CALL:
            return say("is called in {}", edge.via)
        case LineageKind.SEQUENCE:
            return say("comes before it in {}", edge.via)
        case LineageKind.START:
            return say("starts it in {}", edge.via)
        case LineageKind.WINDOW:
            return say("its windows come first, by trigger {}", edge.via)
        case LineageKind.DATASET | LineageKind.TABLE:
            return say("writes {}", edge.via)
        case LineageKind.EVENT:
            return say("writes the files that start it, by trigger {}", edge.via)
        case LineageKind.DECLARED:
            return Md("comes before it")


def _limits(report: LineageReport) -> list[Md]:
    """What the list cannot show."""
    said = [say("Partial answer: {}.", gap) for gap in report.gaps[:3]]
    if report.left_out:
        said.append(say("{} more are further away.", report.left_out))
    if report.unknown:
        said.append(
            say(
                "Not covered: data whose file or table is chosen at run time ({} such {} "
                "in this factory).",
                f"{report.unknown:,}",
                Md("place" if report.unknown == 1 else "places"),
            )
        )
    return said


def _buttons(report: LineageReport) -> list[x.Element]:
    name = line(report.pipeline, 200)
    other = (
        press.ask("Who waits for it", f"who waits for {name}")
        if report.upstream
        else press.ask("Depends on", f"what does {name} depend on")
    )
    return [press.ask("Status now", f"status of {name}", first=True), other]
