"""failure_card: what failed, why, since when, who waits, what to press: on the first screen."""

from adf.records import (
    Cause,
    ErrorHistory,
    PipelineRun,
    RelatedPipeline,
    RerunOdds,
    RunReport,
)
from cards import extension as x
from cards import text as words
from cards.card import Card
from cards.components import buttons as press
from cards.components import errors
from cards.components.activity_rows import activity_row
from cards.components.blocks import (
    LONGEST_NAME,
    bullets,
    facts,
    finding,
    header,
    note,
    reader_note,
    section,
)
from cards.components.cause_facts import cause_facts, rows_moved
from cards.components.cause_question import cause_question
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import rows
from cards.components.status_styles import look_of
from cards.context import CardContext
from cards.kinds.run_card import invoked_by, lasted, small_print, title_of
from cards.links import allowed, run_page
from cards.text import (
    Md,
    Said,
    bold,
    clean,
    clock,
    count,
    duration,
    line,
    macro,
    md,
    names,
    say,
    when,
)

KIND = "failure_card"
LONGEST_MEANING = 300
MOST_STEPS = 3
MOST_WAITING = 4
_RERUN = {
    "yes": "A rerun is likely to help.",
    "no": "A rerun will fail until this is fixed.",
    "depends": "Whether a rerun helps depends on the cause.",
    "only_if_transient": "A rerun helps only if this was temporary.",
    "after_upstream": "Fix the source first; a rerun will fail until then.",
    "after_ir_online": "Rerun once the integration runtime is online.",
    "after_change": "Change this first; a rerun will fail until then.",
    "after_overlap_ends": "Rerun once the other run has ended.",
}


def failure_card(report: RunReport, reader: CardContext) -> Card:
    """A broken run, explained down to the first thing that really broke."""
    return fitted(lambda room: _draft(report, reader, room))


def _draft(report: RunReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    run, cause = report.run, report.cause
    error = clean(cause.error.message if cause else run.message)
    body: list[x.Element] = [
        header(look_of(run.status), title_of(run), _place(report, reader)),
        *reader_note(reader.note),
        finding(_finding(report)),
        *facts([(Md(_label_of_step(report, room)), _first_step(report))]),
        *facts(_facts(report, reader)),
    ]
    body += press.button_row(_buttons(report, reader, room, error))
    # Below the buttons: on a phone, what to press stands on the first screen.
    body += _more_steps(report) if room.extras else []
    body += facts([("Reruns", odds_words(report.odds))])
    body += errors.quoted(error, room, explained=_is_explained(report)) if error else []
    body += [note(say("Partial answer: {}.", gap)) for gap in report.gaps[:3]]
    if room.extras:
        body += _activity_runs(report, room)
        body += _question(report, reader)
    body.append(_small_print(report, reader))
    return CardDraft(
        kind=KIND,
        summary=_summary(report, reader),
        body=body,
    )


def _question(report: RunReport, reader: CardContext) -> list[x.Element]:
    """Whether the cause was right, where one was named."""
    if report.meaning is None or not report.meaning.cause:
        return []
    return cause_question(report.run.run_id, report.run.factory, reader)


def _place(report: RunReport, reader: CardContext) -> Md:
    run = report.run
    moment = run.end or run.last_updated
    ended = say("{} · after ", macro(moment)) if moment else Md("after ")
    return say("{} · {}{}", run.factory, ended, lasted(run, report.notes, reader))


def _finding(report: RunReport) -> Md:
    """The failing activity and what its error means; the error's own words stand in the code."""
    where = _where(report.cause)
    meaning = report.meaning.cause if report.meaning else ""
    if meaning:
        likely = report.meaning is not None and report.meaning.confidence == "likely"
        cause = say("Likely: {}" if likely else "{}", md(meaning, LONGEST_MEANING))
        return say("{}: {}", where, cause) if where else cause
    if where:
        return say("{} failed with the error below.", where)
    return Md(
        "I couldn't read which activity failed."
        if report.gaps
        else "It failed with the error below."
    )


def _where(cause: Cause | None) -> Md:
    if cause is None or not cause.path:
        return Md("")
    return bold(cause.path[-1].activity, LONGEST_NAME)


def _facts(report: RunReport, reader: CardContext) -> list[tuple[Said, Said]]:
    cause = report.cause
    at = say(", due {}", words.due(report.notes.due, reader.now)) if report.notes.due else Md("")
    waiting = _waiting(report, reader)
    return [
        *(cause_facts(cause) if cause else ()),
        ("Waiting", say("{}{}", waiting, at) if waiting else ""),
        ("Since then", _since(report, reader)),
        ("Before", _before(report.history)),
        ("Rows", rows_moved(cause) if cause else ""),
    ]


def _waiting(report: RunReport, reader: CardContext) -> Md:
    """Who waits downstream, those that start first before the others."""
    if not report.waiting:
        return names(report.notes.downstream, MOST_WAITING)
    listed = sorted(report.waiting, key=lambda one: (one.starts_next is None, one.starts_next))
    first = ", ".join(_starts(one, reader) for one in listed[:MOST_WAITING])
    rest = len(listed) - MOST_WAITING
    return Md(f"{first} and {rest} more" if rest > 0 else first)


def _starts(one: RelatedPipeline, reader: CardContext) -> Md:
    if one.starts_next is None:
        return md(one.name, 60)
    return say("{} (starts {})", one.name, when(one.starts_next, reader.now, reader.zone))


def odds_words(odds: RerunOdds | None) -> Md:
    """How reruns after this error ended; how sure that is, or that they were too few."""
    if odds is None or not odds.reruns:
        return Md("")
    parts = [say("{} of {} succeeded", odds.green, count(odds.reruns, "rerun"))]
    if odds.median is not None:
        parts.append(say("median {} after the failure", duration(odds.median)))
    if odds.is_sample:
        low, high = round(odds.low * 100), round(odds.high * 100)
        parts.append(say("90% interval {} to {}%", low, high))
    else:
        parts.append(Md("too few to tell"))
    return Md(", ".join(parts))


def _since(report: RunReport, reader: CardContext) -> Md:
    """What happened after it: a newer run and how that one is."""
    newer = report.newer
    if newer is None or newer.start is None:
        return Md("")
    state = look_of(newer.status).word.lower()
    at = when(newer.end or newer.start, reader.now, reader.zone)
    return say("a newer run {} at {}", state, at)


def _before(history: ErrorHistory | None) -> Md:
    """Whether the same error was seen before, when, and when it was good again."""
    if history is None:
        return Md("")
    if not history.occurrences:
        return say("not this error in the last {} days", history.days)
    last, times = history.occurrences[0], len(history.occurrences)
    often = "the same error once" if times == 1 else f"the same error {times} times"
    ended = last.run.end or last.run.start
    at = say(" ({}{})", "last " if times > 1 else "", macro(ended)) if ended else Md("")
    seen = say("{} in the last {} days{}", often, history.days, at)
    good = last.recovered
    return say("{}; recovered {}", seen, _recovered(good)) if good and good.end else seen


def _recovered(good: PipelineRun) -> Md:
    """What made it good again: the next start of its trigger, or somebody's run."""
    by, at = good.invoked_by, macro(good.end) if good.end else Md("")
    if by and "trigger" in by.kind.lower():
        return Md("on the next scheduled run")
    return say("{} by {}", at, invoked_by(by)) if by else at


def _small_print(report: RunReport, reader: CardContext) -> x.TextBlock:
    """Code, starter, id and age, for people who have to look it up."""
    error = report.cause.error if report.cause else None
    parts = [say("Error {}", error.code)] if error and error.code else []
    parts += [md(error.failure_type, 40)] if error and error.failure_type else []
    by = invoked_by(report.run.invoked_by)
    parts += [say("by {}", by)] if by else []
    return small_print(report.run, report.as_of, reader, parts)


def _steps(report: RunReport) -> list[Md]:
    """What to do, in order; whether a rerun helps is said once."""
    if report.meaning is None or not report.meaning.next_steps:
        return []
    steps = [md(one, 200) for one in report.meaning.next_steps[:MOST_STEPS]]
    said = any("rerun" in one.lower() for one in steps)
    advice = "" if said else _RERUN.get(report.meaning.rerun or "", "")
    return [*steps, *([md(advice)] if advice else [])]


def _first_step(report: RunReport) -> Md:
    return next(iter(_steps(report)), Md(""))


def _label_of_step(report: RunReport, room: SizeLimit) -> str:
    """What comes first is called so where more steps stand below."""
    return "First" if room.extras and len(_steps(report)) > 1 else "Next"


def _more_steps(report: RunReport) -> list[x.Element]:
    rest = _steps(report)[1:]
    return [section("After that"), *bullets(rest)] if rest else []


def _is_explained(report: RunReport) -> bool:
    return bool(report.meaning and report.meaning.cause and report.cause and report.cause.path)


def _activity_runs(report: RunReport, room: SizeLimit) -> list[x.Element]:
    """All activity runs of the run, folded away."""
    listed = [activity_row(one) for one in report.activity_runs]
    if not listed:
        return []
    return [
        x.Container(
            items=[section("Activity runs"), *rows(listed, room.rows, "activity run")],
            id="activity_runs",
            is_visible=False,
        )
    ]


def _summary(report: RunReport, reader: CardContext) -> str:
    run, cause = report.run, report.cause
    at = f" at {line(cause.path[-1].activity, LONGEST_NAME)}" if cause and cause.path else ""
    moment = run.end or run.last_updated
    when = f", {clock(moment, reader.zone)}" if moment else ""
    meaning = f". {report.meaning.cause}" if report.meaning and report.meaning.cause else "."
    word = look_of(run.status).word
    return f"{word}: {line(run.pipeline, LONGEST_NAME)}{at}{when}{meaning}"


def _buttons(
    report: RunReport, reader: CardContext, room: SizeLimit, error: str
) -> list[x.Element]:
    run = report.run
    made: list[x.Element] = []
    if room.extras and report.activity_runs:
        made.append(press.toggle("Activity runs", "activity_runs"))
    if room.extras and error and (_is_explained(report) or errors.is_longer(error)):
        made.append(errors.full_error())
    made += press.open_page("Open in Studio", run_page(reader.studio, run.factory, run.run_id))
    made.append(press.ask("Rerun…", f"rerun run {run.run_id} from failure"))
    if reader.tickets:
        made.append(press.ask("Ticket…", f"open a ticket for {line(run.pipeline, 200)}"))
    page = allowed(report.meaning.page) if report.meaning else None
    return [*made, *press.open_page("Learn", page, "What Microsoft Learn says about this error")]
