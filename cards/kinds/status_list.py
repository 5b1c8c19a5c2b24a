"""status_list: many runs, one row for each pipeline, the broken ones first."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from adaptive_cards.types import Colors

from adf.records import ACTIVE, BROKEN, PipelineRun, RunCheck, RunList, RunStatus
from adf.records.groups import RunGroup, badness, badness_of, grouped_runs
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, header, note, reader_note
from cards.components.doubts import first_doubt, style_of
from cards.components.graphs import ChartColor, GraphPart, share
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import ListRow, folded, rows
from cards.components.run_rows import run_rows
from cards.components.status_styles import (
    DEGRADED,
    FAILED,
    RUNNING,
    SUCCEEDED,
    TELLING,
    StatusStyle,
    look_of,
)
from cards.context import CardContext
from cards.links import runs_page
from cards.text import (
    Md,
    brief,
    count,
    duration,
    line,
    macro,
    md,
    names,
    range_said,
    say,
    time_macro,
)

KIND = "status_list"
MOST_GAPS = 3
FEWEST_FOLDED = 3
MOST_CRITICAL = 12
OTHERS = "others"
# Behind what broke or was cancelled, before what runs.
_DOUBTED = badness_of(RunStatus.IN_PROGRESS)
_CHART: dict[Colors, ChartColor] = {
    Colors.ATTENTION: "attention",
    Colors.GOOD: "good",
    Colors.ACCENT: "categoricalBlue",
    Colors.DEFAULT: "neutral",
}


def status_list(listed: RunList, reader: CardContext) -> Card:
    """The runs that fit a question, grouped by pipeline; a child run stands under its parent."""
    groups = grouped_runs(listed.runs)
    return fitted(lambda room: _draft(listed, groups, reader, room))


def _draft(
    listed: RunList, groups: Sequence[RunGroup], reader: CardContext, room: SizeLimit
) -> CardDraft:
    said = _headline(listed, groups)
    sub = say("{} · as of {}", _rule(listed, reader), macro(listed.as_of))
    body: list[x.Element] = [header(_overall(listed), md(said, 200), sub)]
    body += reader_note(reader.note)
    body += _numbers(listed.runs)
    ordered = sorted(groups, key=lambda one: _place(one, listed))
    body += _rows(ordered, listed, reader, room)
    body += [note(say("Partial answer: {}.", gap)) for gap in _gaps(listed)]
    page = runs_page(reader.studio, listed.factory)
    return CardDraft(
        kind=KIND,
        summary=_summary(listed, groups, said),
        body=body,
        actions=[*_buttons(groups), *press.open_page("Open in Studio", page)],
    )


def _rows(
    ordered: Sequence[RunGroup], listed: RunList, reader: CardContext, room: SizeLimit
) -> list[x.Element]:
    """What needs eyes in sight; pipelines that are well on one line, where something is not.

    Of one pipeline each run has its row.
    """
    if listed.pipeline and not listed.latest_only:
        return rows(run_rows(listed, reader), room.rows, "run")
    fine = [one for one in ordered if _is_fine(one, listed)]
    is_whole = len(fine) < FEWEST_FOLDED or len(fine) == len(ordered)
    if is_whole or _are_few_critical(ordered, listed):
        return rows([_row(one, listed, reader) for one in ordered], room.rows, "pipeline")
    notable = [one for one in ordered if one not in fine]
    made = rows([_row(one, listed, reader) for one in notable], room.rows, "pipeline")
    hidden = [_row(one, listed, reader) for one in fine[: room.rows]]
    return [*made, *folded(f"{len(fine)} others succeeded", hidden, OTHERS)]


def _are_few_critical(groups: Sequence[RunGroup], listed: RunList) -> bool:
    """Whether only what is critical was asked for: then each has its line, the well ones too."""
    notes = [listed.notes.get(one.pipeline) for one in groups]
    return len(groups) <= MOST_CRITICAL and all(one and one.critical for one in notes)


def _is_fine(group: RunGroup, listed: RunList) -> bool:
    good = all(one.status is RunStatus.SUCCEEDED for one in group.runs)
    return good and _doubt_of(group, listed) is None


def _numbers(runs: Sequence[PipelineRun]) -> list[x.Element]:
    """How many runs are in which state, when there is more than one state to tell apart."""
    counted = Counter(look_of(one.status) for one in sorted(runs, key=badness))
    if len(counted) < 2:
        return []
    parts = [
        GraphPart(name=look.word, color=_CHART[look.color], values=(much,))
        for look, much in counted.items()
    ]
    return share("Runs by state", parts)


def _overall(listed: RunList) -> StatusStyle:
    statuses = {one.status for one in listed.runs}
    if statuses & BROKEN:
        return FAILED
    if listed.doubtful or listed.unread:
        return DEGRADED
    if statuses & ACTIVE:
        return RUNNING
    return SUCCEEDED if listed.runs else TELLING


def _gaps(listed: RunList) -> Sequence[str]:
    """What is missing: runs that were not read come first, those of several parts counted."""
    more = len(listed.unread) - 1
    also = (f"{count(more, 'more part')} of the time could not be read",) if more > 0 else ()
    return (*listed.unread[:1], *also, *listed.gaps)[:MOST_GAPS]


def _place(group: RunGroup, listed: RunList) -> int:
    """Broken ones first, then those that succeeded and should be looked at."""
    worst = min(map(badness, group.runs))
    return min(worst, _DOUBTED) if _doubt_of(group, listed) else worst


def _doubt_of(group: RunGroup, listed: RunList) -> RunCheck | None:
    """What speaks against the newest run of a pipeline, if that is green."""
    newest = min(group.runs, key=badness)
    check = listed.check_of(newest.run_id)
    return check if check and check.doubts else None


def _headline(listed: RunList, groups: Sequence[RunGroup]) -> str:
    """How it stands, in a few words: "adf-prod: 5 pipelines failed"."""
    where = line(listed.pipeline or listed.factory, LONGEST_NAME)
    failed = _having(groups, BROKEN)
    active = _having(groups, ACTIVE)
    if failed and listed.pipeline:
        return f"{where}: {count(_failed_runs(listed), 'run')} failed"
    if failed:
        had = "failed" if listed.latest_only else "with failed runs"
        return f"{where}: {count(failed, 'pipeline')} {had}"
    if listed.doubtful:
        return f"{where}: {count(len(listed.doubtful), 'green pipeline')} to check"
    if active:
        runs = sum(one.status in ACTIVE for one in listed.runs)
        going = count(runs, "run") if listed.pipeline else count(active, "pipeline")
        return f"{where}: {going} running or queued"
    if listed.unread:
        return f"{where}: no failure in what could be read"
    if listed.runs:
        return f"{where}: no failures in {count(len(listed.runs), 'run')}"
    asked = " or ".join(look_of(status).word.lower() for status in listed.statuses)
    return f"{where}: no {asked} runs" if asked else f"{where}: no runs"


def _rule(listed: RunList, reader: CardContext) -> Md:
    """What is counted over which time: pipelines by their newest run, or every run."""
    label = range_said(listed.time_range, listed.as_of, reader.zone)
    states = {one.status for one in listed.runs}
    what = count(len(listed.runs), "failed run" if states and states <= BROKEN else "run")
    if listed.pipeline:
        is_counted = bool(states) and not states & (BROKEN | ACTIVE)
        return label if is_counted else say("{}, {}", what, label)
    if listed.latest_only:
        return say("Newest run of each pipeline, {}", label)
    return say("{}, child runs included, {}", what, label)


def _failed_runs(listed: RunList) -> int:
    return sum(one.status in BROKEN for one in listed.runs)


def _having(groups: Sequence[RunGroup], statuses: frozenset[RunStatus]) -> int:
    return sum(any(one.status in statuses for one in group.runs) for group in groups)


def _row(group: RunGroup, listed: RunList, reader: CardContext) -> ListRow:
    newest = min(group.runs, key=badness)
    doubt = _doubt_of(group, listed)
    look = style_of(newest, doubt)
    moment = newest.end or newest.start
    broke = newest.status in BROKEN
    parts = [_newest_states(group) if listed.latest_only else _counts(group.runs)]
    running = newest.lasted(reader.now) if newest.status in ACTIVE else None
    if running:
        parts.append(say("for {}", duration(running)))
    parts += [_caused(group.caused)] if group.caused else []
    parts += [md(first_doubt(doubt, 160))] if doubt else []
    return ListRow(
        look=look,
        title=md(group.pipeline, LONGEST_NAME),
        below=Md(" · ".join(parts)),
        right=_at(moment, listed, reader) if moment else "",
        strong=broke or doubt is not None,
        question=f"why did run {newest.run_id} fail" if broke else f"status of {group.pipeline}",
        spoken=f"{'Why did it fail' if broke else 'Status'}: {line(group.pipeline, 50)}",
    )


def _at(moment: datetime, listed: RunList, reader: CardContext) -> Md:
    """When it was; of less than a day the title says which day it was."""
    asked = listed.time_range
    is_short = asked.end - asked.start < timedelta(days=1)
    return time_macro(moment) if is_short else brief(moment, reader.now, reader.zone)


def _newest_states(group: RunGroup) -> Md:
    """How the newest run stands, and how the one before it ended while that is active."""
    newest, *others = sorted(group.runs, key=badness)
    word = look_of(newest.status).word.lower()
    ended = next((one for one in others if one.status not in ACTIVE), None)
    if newest.status not in ACTIVE or ended is None:
        return md(word)
    return say("{}, the run before {}", word, look_of(ended.status).word.lower())


def _counts(runs: Sequence[PipelineRun]) -> Md:
    """How many runs are in which state: "1 running, 3 queued"."""
    counted = Counter(one.status for one in sorted(runs, key=badness))
    return md(", ".join(f"{much} {look_of(one).word.lower()}" for one, much in counted.items()))


def _caused(children: Sequence[PipelineRun]) -> Md:
    broken = [one.pipeline for one in children if one.status in BROKEN]
    if broken:
        return say("in child pipeline {}", names(sorted(set(broken)), 3))
    return say("child runs: {}", names(sorted({one.pipeline for one in children}), 3))


def _summary(listed: RunList, groups: Sequence[RunGroup], said: str) -> str:
    word = _overall(listed).word
    statuses = BROKEN if word == FAILED.word else ACTIVE
    named = [one.pipeline for one in groups if _having([one], statuses)]
    if word == DEGRADED.word:
        named = [one.pipeline for one in listed.doubtful]
    shown = ", ".join(line(one, 40) for one in named[:3])
    return f"{word}: {said}{f' ({shown})' if shown else ''}."


def _buttons(groups: Sequence[RunGroup]) -> list[x.Element]:
    broken = [one for group in groups for one in group.runs if one.status in BROKEN]
    made: list[x.Element] = []
    if broken:
        newest = broken[0]
        made.append(
            press.ask(f"Why {newest.pipeline}", f"why did run {newest.run_id} fail", first=True)
        )
    if not _having(groups, ACTIVE):
        made.append(press.ask("What is running", "what is running"))
    if not broken:
        question = "which pipelines failed in the last 48 hours"
        made.append(press.ask("What failed", question))
    return made
