"""What speaks against an act, how it went before, and who waits, as sentences for cards."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from adf.records import ActionKind, ActionPreview, PipelineRun
from cards import extension as x
from cards.components.blocks import code
from cards.components.status_styles import look_of
from cards.context import CardContext
from cards.records import ActionFacts
from cards.text import Md, bold, clean, count, due, line, md, names, say, short_id, when

MOST_NOTES = 2
LONGEST_ERROR = 200
_RERUN_AGAIN = {
    "no": "a rerun will fail again until this is fixed",
    "after_upstream": "fix the source first; a rerun will fail until then",
    "after_ir_online": "until the integration runtime is online, a rerun will fail again",
    "after_change": "until this is changed, a rerun will fail again",
    "after_overlap_ends": "a rerun helps once the other run has ended",
    "only_if_transient": "a rerun helps only if this was temporary",
    "depends": "whether a rerun helps depends on the cause",
}
# As Data Factory nests errors: the last message is the one of the system that refused.
_INNERMOST = re.compile(r"(?s)Message=(.*?)(?:,Source=|,''Type=|,'Type=|$)")


def warnings(preview: ActionPreview, facts: ActionFacts, reader: CardContext) -> list[Md]:
    """What speaks against it, the weightiest first."""
    kind = preview.target.kind
    made: list[Md] = []
    if kind in {ActionKind.RERUN, ActionKind.RUN}:
        made += [*_runtimes(facts, reader), *_cause(facts), *_newer(preview, reader)]
        made += [_not_idempotent(preview)] if preview.not_idempotent else []
    if kind is ActionKind.CANCEL and facts.notes.downstream:
        made.append(say("Waiting for it: {}.", names(facts.notes.downstream, 4)))
    made += [say("I could not read everything: {}.", one) for one in preview.gaps[:1]]
    return made


def history(facts: ActionFacts, reader: CardContext) -> Md:
    """How often the same error came before, and what went well after it."""
    known = facts.report.history if facts.report else None
    if known is None:
        return Md("")
    if not known.occurrences:
        return say("the same error was not seen in {} days", known.days)
    recovered = [one.recovered for one in known.occurrences if one.recovered]
    total = len(known.occurrences)
    times = "once" if total == 1 else count(total, "time")
    said = say("the same error {} in {} days", times, known.days)
    if not recovered or recovered[0].end is None:
        return said
    by = recovered[0].invoked_by
    who = say(", by {}", by.name) if by and by.name else Md("")
    return say("{}; recovered {}{}", said, when(recovered[0].end, reader.now, reader.zone), who)


def waiting(facts: ActionFacts, now: datetime) -> Md:
    """Who waits downstream, and by when it is due."""
    if not facts.notes.downstream:
        return Md("")
    at = say(", due {}", due(facts.notes.due, now)) if facts.notes.due else Md("")
    return say("{}{}", names(facts.notes.downstream, 4), at)


def missed(facts: ActionFacts, reader: CardContext) -> Md:
    """The last start that did not come while the trigger was off."""
    if facts.trigger is None or not facts.trigger.missed:
        return Md("")
    last = facts.trigger.missed[-1]
    return when(last, reader.now, reader.zone)


def innermost(error: str) -> str:
    """The innermost message of an error that wraps others, else all of it."""
    inner = _INNERMOST.findall(error)
    return clean(inner[-1] if inner else error).strip()


def quoted_error(facts: ActionFacts, limit: int) -> list[x.Element]:
    """The words of the error that a rerun may meet again, as foreign text."""
    report = facts.report
    error = innermost(report.cause.error.message) if report and report.cause else ""
    return [code(error, min(LONGEST_ERROR, limit))] if error else []


def _cause(facts: ActionFacts) -> Iterator[Md]:
    """The error that the run broke with, and whether a rerun is any use against it."""
    report = facts.report
    if report is None or report.cause is None:
        return
    where = report.cause.path[-1].activity if report.cause.path else ""
    meaning = report.meaning
    name = bold(where, 80) if where else Md("It")
    if meaning is None:
        yield say("{} failed with the error below.", name)
        return
    said = say("{} failed: {}", name, line(meaning.cause, 160).rstrip("."))
    then = _RERUN_AGAIN.get(meaning.rerun or "", "")
    yield say("{}; {}.", said, then) if then else say("{}.", said)


def _runtimes(facts: ActionFacts, reader: CardContext) -> Iterator[Md]:
    for one in facts.runtimes[:MOST_NOTES]:
        since = one.offline_since
        at = say(" since {}", when(since, reader.now, reader.zone)) if since else Md("")
        yield say("Integration runtime {} is {}{}.", bold(one.name, 80), one.state.lower(), at)


def _newer(preview: ActionPreview, reader: CardContext) -> Iterator[Md]:
    if preview.reruns:
        run = preview.reruns[0]
        state = look_of(run.status).word.lower()
        yield say("Run {} repeats this run already: {}.", short_id(run.run_id), state)
    elif preview.newer_success is not None:
        run = preview.newer_success
        at = _moment(run.end or run.start, reader)
        yield say("A newer run succeeded{}: this may not be needed.", at)
    active = [one for one in preview.active if one not in preview.reruns]
    if active:
        yield say("Already in progress: {}.", _runs(active))


def _moment(at: datetime | None, reader: CardContext) -> Md:
    return say(" {}", when(at, reader.now, reader.zone)) if at else Md("")


def _not_idempotent(preview: ActionPreview) -> Md:
    notes = preview.not_idempotent
    listed = [f"{one.activity} ({one.reason})" for one in notes[:MOST_NOTES]]
    more = f" and {len(notes) - MOST_NOTES} more" if len(notes) > MOST_NOTES else ""
    return say(
        "Not known to be safe to run twice: {}{}.",
        Md("; ".join(md(one, 160) for one in listed)),
        more,
    )


def _runs(runs: Sequence[PipelineRun]) -> Md:
    return names([f"{one.pipeline} {short_id(one.run_id)}" for one in runs], 3, 100)
