"""run_card: one pipeline run, or that there was none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from adf.records import (
    ACTIVE,
    BROKEN,
    HELD_UP,
    ActivityRun,
    BrokenUpstream,
    InvokedBy,
    PipelineNotes,
    PipelineRun,
    RunCheck,
    RunList,
    RunReport,
    RunStatus,
    TimeRange,
    UpstreamEffect,
    broken_upstream_said,
)
from adf.records.moments import in_plain_words
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.activity_rows import activity_row
from cards.components.blocks import LONGEST_NAME, code, facts, finding, header, note, section, text
from cards.components.doubts import (
    broken_upstream,
    doubts,
    first_doubt,
    rows_copied,
    style_of,
    titled,
)
from cards.components.errors import peeled
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.no_run import did_not_run
from cards.components.rows import MOST_SEEN, rows
from cards.components.status_styles import DEGRADED, StatusStyle, look_of
from cards.context import CardContext
from cards.links import run_page
from cards.text import (
    Md,
    Said,
    bold,
    clock,
    due,
    duration,
    line,
    macro,
    md,
    say,
    sentence,
    short_id,
    span,
    when,
    within_said,
)

KIND = "run_card"
_VERBS = {
    RunStatus.QUEUED: "is queued",
    RunStatus.IN_PROGRESS: "is running",
    RunStatus.SUCCEEDED: "succeeded",
    RunStatus.FAILED: "failed",
    RunStatus.CANCELING: "is being cancelled",
    RunStatus.CANCELLED: "was cancelled",
    RunStatus.SKIPPED: "was skipped",
    RunStatus.TIMED_OUT: "timed out",
    RunStatus.UNKNOWN: "has an unknown state",
}


def card_of_newest(runs: RunList, reader: CardContext) -> Card:
    """The newest run of the one pipeline that was asked for."""
    if not runs.runs:
        return fitted(lambda _: did_not_run(runs, reader, KIND))
    newest, *earlier = runs.runs
    about = _About(
        run=newest,
        notes=runs.notes.get(newest.pipeline, PipelineNotes()),
        as_of=runs.as_of,
        check=runs.check_of(newest.run_id),
        earlier=tuple(earlier),
        gaps=runs.gaps,
        within=runs.time_range,
        last_good=runs.last_good,
        upstream=runs.upstream,
    )
    return fitted(lambda room: _draft(about, reader, room))


def card_of_report(report: RunReport, reader: CardContext) -> Card:
    """A run with its activity runs."""
    about = _About(
        run=report.run,
        notes=report.notes,
        as_of=report.as_of,
        check=report.check,
        activity_runs=report.activity_runs,
        gaps=report.gaps,
    )
    return fitted(lambda room: _draft(about, reader, room))


def title_of(run: PipelineRun) -> Md:
    """What a header says of a run: "CustomerDataETL failed"."""
    return Md(f"{md(run.pipeline, LONGEST_NAME)} {_VERBS[run.status]}")


def lasted(run: PipelineRun, notes: PipelineNotes, reader: CardContext) -> str:
    """How long it ran, with the usual beside it: "31 min (usually 24 min)"."""
    usual = f" (usually {duration(notes.usual)})" if notes.usual else ""
    return f"{duration(run.lasted(reader.now))}{usual}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """One run and what is known around it; `within` is set for a pipeline's newest run."""

    run: PipelineRun
    notes: PipelineNotes
    as_of: datetime
    check: RunCheck | None = None
    earlier: Sequence[PipelineRun] = ()
    activity_runs: Sequence[ActivityRun] = ()
    gaps: Sequence[str] = ()
    within: TimeRange | None = None
    last_good: PipelineRun | None = None
    upstream: Sequence[BrokenUpstream] = ()


def _draft(about: _About, reader: CardContext, room: SizeLimit) -> CardDraft:
    run, check = about.run, about.check
    style, title = _headed(about)
    body: list[x.Element] = [
        header(style, title, _place(run)),
        *broken_upstream(run.pipeline, about.upstream, reader),
        finding(Md(f"{_sentence(about, reader)} {rows_copied(check)}".strip())),
        *([text(sentence(reader.note))] if reader.note else []),
        *doubts(check),
        *facts(_facts(about, reader)),
    ]
    if run.message and run.status not in {RunStatus.SUCCEEDED, *ACTIVE}:
        body.append(code(peeled(run.message), min(room.error, 420)))
    body += _activity_rows(about.activity_runs, room)
    body += [note(say("Partial answer: {}.", gap)) for gap in about.gaps[:3]]
    body.append(small_print(run, about.as_of, reader))
    return CardDraft(
        kind=KIND,
        summary=_summary(about, reader),
        body=body,
        actions=_buttons(about, reader),
    )


def _place(run: PipelineRun) -> Md:
    moment = run.end or run.start or run.last_updated
    return say("{} · {}", run.factory, macro(moment)) if moment else md(run.factory)


def _headed(about: _About) -> tuple[StatusStyle, Md]:
    """How the run looks; one that should have come since, or that ran on old data, is not green."""
    if not about.upstream or about.upstream[0].effect is UpstreamEffect.NEXT_LACKS:
        return style_of(about.run, about.check), titled(title_of(about.run), about.check)
    if about.upstream[0].effect is UpstreamEffect.OLD_DATA:
        return DEGRADED, say("{}, with old data", title_of(about.run))
    return DEGRADED, say("{} did not start", md(about.run.pipeline, LONGEST_NAME))


def _sentence(about: _About, reader: CardContext) -> Md:
    run, notes = about.run, about.notes
    word, time = look_of(run.status).word, bold(lasted(run, notes, reader))
    if run.status is RunStatus.QUEUED:
        return say("{}, not started yet.", bold(word))
    if run.lasted(reader.now) is None:
        return say("{}. I don't know when it started.", bold(word))
    if run.status in ACTIVE:
        return say("Running for {}.", time)
    if any(one.effect in HELD_UP for one in about.upstream):
        return say("Its last run {} after {}.", word.lower(), time)
    return say("{} after {}.", word, time)


def _facts(about: _About, reader: CardContext) -> list[tuple[Said, Said]]:
    run, notes = about.run, about.notes
    completed = next((one for one in about.earlier if one.end and run.status in ACTIVE), None)
    return [
        ("Since", _when(run.start, reader) if run.start and not run.end else ""),
        ("Ran", _ran(run, reader)),
        ("Last run", _ended(completed, reader)),
        ("Last good", _good(about, completed, reader)),
        ("By", invoked_by(run.invoked_by)),
        ("Due", due(notes.due, reader.now) if run.status is not RunStatus.SUCCEEDED else ""),
    ]


def _good(about: _About, completed: PipelineRun | None, reader: CardContext) -> Md:
    """When it last succeeded, where its newest run did not; that may be none in that time."""
    good = about.last_good
    if good is not None and good is not completed and good.end:
        return _when(good.end, reader)
    if about.within is None or good is not None or about.run.status not in BROKEN:
        return Md("")
    return say("none {}", within_said(about.within, about.as_of, reader.zone))


def _when(moment: datetime, reader: CardContext) -> Md:
    return when(moment, reader.now, reader.zone)


def _ran(run: PipelineRun, reader: CardContext) -> Md:
    if run.start is None or run.end is None:
        return Md("")
    return span(run.start, run.end, reader.now, reader.zone)


def _ended(run: PipelineRun | None, reader: CardContext) -> Md:
    if run is None or run.end is None:
        return Md("")
    ended, word = _when(run.end, reader), look_of(run.status).word.lower()
    return say("{} {}", word, ended)


def invoked_by(who: InvokedBy | None) -> Md:
    """Who started a run, in one phrase."""
    if who is None:
        return Md("")
    if who.pipeline_run_id:
        return say("parent pipeline {}", md(who.pipeline or who.name, 80))
    if who.person:
        return say("{}, by hand (Azure's activity log)", md(who.person, 80))
    name, kind = md(who.name, 80), md(who.kind, 40)
    return say("{} ({})", name, kind) if who.kind and who.kind != who.name else name


def _activity_rows(listed: Sequence[ActivityRun], room: SizeLimit) -> list[x.Element]:
    if not listed:
        return []
    shown = sorted(listed, key=lambda one: one.status not in BROKEN)
    made = [activity_row(one) for one in (shown if len(shown) > MOST_SEEN else listed)]
    return [section("Activity runs"), *rows(made, room.rows, "activity run")]


def small_print(
    run: PipelineRun, as_of: datetime, reader: CardContext, before: Sequence[Md] = ()
) -> x.TextBlock:
    """The short id, and when this was read from Azure."""
    last = say("run {} · as of {}", short_id(run.run_id), _when(as_of, reader))
    return note(Md(" · ".join([*before, last])))


def _summary(about: _About, reader: CardContext) -> str:
    run, notes, check = about.run, about.notes, about.check
    if about.upstream and about.upstream[0].effect is not UpstreamEffect.NEXT_LACKS:
        said = broken_upstream_said(run.pipeline, about.upstream, reader.zone, reader.now)
        return line(in_plain_words(said), 220)
    word, moment = look_of(run.status).word, run.end or run.start
    first = first_doubt(check)
    doubt = f" Check: {first}." if first else ""
    ran = (
        f", for {lasted(run, notes, reader)}"
        if run.status in ACTIVE and run.lasted(reader.now)
        else ""
    )
    ended = f" after {lasted(run, notes, reader)}" if run.status not in ACTIVE and run.end else ""
    at = (
        f", {'since' if run.status in ACTIVE else 'at'} {clock(moment, reader.zone)}"
        if moment
        else ""
    )
    return f"{word}: {line(run.pipeline, LONGEST_NAME)}{ran}{ended}{at}.{doubt}"


def _buttons(about: _About, reader: CardContext) -> list[x.Element]:
    run, check = about.run, about.check
    # A card of the newest run goes on to the next one, a card of one run stays with it.
    refreshed = run.pipeline if about.within else f"run {run.run_id}"
    first: list[x.Element] = []
    if check and check.doubts:
        question = f"activity breakdown of run {run.run_id}"
        first = [press.ask("Look inside", question, first=True)]
    elif run.status in BROKEN:
        first = [press.ask("Why did it fail", f"why did run {run.run_id} fail", first=True)]
    elif run.status in ACTIVE:
        first = [press.ask("What is running", "what is running")]
    cancel = run.status in ACTIVE and run.status is not RunStatus.CANCELING
    return [
        *first,
        press.edit("Refresh", f"status of {refreshed}"),
        *([press.ask("Cancel run…", f"cancel run {run.run_id}", more=True)] if cancel else []),
        *press.open_page("Open in Studio", run_page(reader.studio, run.factory, run.run_id)),
    ]
