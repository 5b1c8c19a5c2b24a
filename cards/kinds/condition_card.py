"""condition_card: what stands as it should not though no run failed, until it is over."""

from collections.abc import Callable, Mapping

from adf.records import ConditionKind
from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import LONGEST_NAME, facts, finding, header, note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.mentions import mentions
from cards.components.status_styles import DEGRADED, SUCCEEDED, look_of
from cards.context import CardContext
from cards.links import run_page
from cards.records import ConditionReport
from cards.text import Md, clock, count, duration, line, md, names, phrases, say, when

KIND = "condition_card"
_QUESTIONS: Mapping[ConditionKind, tuple[str, str]] = {
    ConditionKind.MISSED: ("Triggers", "triggers of {}"),
    ConditionKind.OVERLONG: ("Usual length", "how long does {} take"),
    ConditionKind.DEADLINE: ("Status", "status of {}"),
    ConditionKind.ZERO_ROWS: ("Runs", "runs of {}"),
    ConditionKind.RUNTIME: ("Runtime", "status of integration runtime {}"),
    ConditionKind.QUEUE: ("Why", "why is {} queued"),
}


def condition_card(condition: ConditionReport, reader: CardContext) -> Card:
    """What is wrong, since when, what was expected, and how it ended."""
    return fitted(lambda room: _draft(condition, reader, room))


def _draft(condition: ConditionReport, reader: CardContext, room: SizeLimit) -> CardDraft:
    del room
    look = SUCCEEDED if condition.over_at else DEGRADED
    title = headline(condition)
    words, entities = mentions(condition.call)
    sentence = _SENTENCES[condition.kind](condition, reader)
    state = "Resolved" if condition.over_at else "Alert"
    body: list[x.Element] = [
        header(look, md(title, 160), say("{} · {}", state, condition.factory), badge=state),
        finding(say("{} {}", sentence, words) if words else sentence),
        *facts(
            [
                ("Since", when(condition.since, reader.now, reader.zone)),
                ("Also starts", _others(condition)),
                ("Waiting", phrases(condition.waiting, 4, 120) if condition.waiting else ""),
                ("Owner", md(condition.owner, 60)),
            ]
        ),
    ]
    if condition.over_at:
        body.append(finding(_ending(condition, reader)))
    elif condition.retrying:
        body.append(note(say("{} failed and is being retried.", condition.retrying)))
    return CardDraft(
        kind=KIND,
        summary=f"{state}: {line(title, 120)}, since {clock(condition.since, reader.zone)}.",
        body=body,
        actions=_buttons(condition, reader),
        teams={"entities": entities} if entities else {},
    )


def headline(condition: ConditionReport) -> str:
    """What is wrong, in one line."""
    name = line(condition.subject, LONGEST_NAME)
    match condition.kind:
        case ConditionKind.MISSED:
            return f"{name} did not run"
        case ConditionKind.OVERLONG:
            limit = f"for more than {_length(condition.limit)}" if condition.limit else "too long"
            return (
                f"{name} ran {limit}" if condition.over_at else f"{name} has been running {limit}"
            )
        case ConditionKind.DEADLINE:
            late = "was not done in time" if condition.over_at else "is not done"
            return f"{name} {late}"
        case ConditionKind.ZERO_ROWS:
            return f"{name} copied no rows"
        case ConditionKind.RUNTIME:
            return f"{name} {'was' if condition.over_at else 'is'} offline"
        case ConditionKind.QUEUE:
            are = "is" if condition.count == 1 else "are"
            wait = "waited" if condition.over_at else f"{are} waiting"
            return f"{count(condition.count, 'run')} of {name} {wait} in the queue"


def _missed(condition: ConditionReport, reader: CardContext) -> Md:
    at = when(condition.since, reader.now, reader.zone)
    more = condition.count - 1
    rest = say(" It has missed {} since.", count(more, "more start")) if more > 0 else Md("")
    stopped = Md(" It is stopped.") if condition.is_stopped else Md("")
    return say(
        "Trigger {} was due at {} and did not fire.{}{}", condition.trigger, at, rest, stopped
    )


def _overlong(condition: ConditionReport, reader: CardContext) -> Md:
    usual = say(" It usually takes {}.", duration(condition.usual)) if condition.usual else Md("")
    if condition.began is None:
        return say("Its run takes longer than that.{}", usual)
    began = when(condition.began, reader.now, reader.zone)
    going = Md("") if condition.over_at else Md(" and is still running")
    return say("Its run began at {}{}.{}", began, going, usual)


def _deadline(condition: ConditionReport, reader: CardContext) -> Md:
    at = when(condition.since, reader.now, reader.zone)
    return say("It was due by {}, and no run had succeeded by then.", at)


def _zero_rows(condition: ConditionReport, reader: CardContext) -> Md:
    at = when(condition.since, reader.now, reader.zone)
    rows = condition.usual_rows
    usual = say("about {}", f"{rows:,}") if rows else Md("many")
    return say("Its run succeeded at {}, but copied 0 rows. It usually copies {}.", at, usual)


def _runtime(condition: ConditionReport, reader: CardContext) -> Md:
    at = when(condition.since, reader.now, reader.zone)
    return say("None of its nodes has reported since {}. Runs that use it wait or fail.", at)


def _queue(condition: ConditionReport, reader: CardContext) -> Md:
    at = when(condition.since, reader.now, reader.zone)
    return say("The oldest has been queued since {}.", at)


_SENTENCES: Mapping[ConditionKind, Callable[[ConditionReport, CardContext], Md]] = {
    ConditionKind.MISSED: _missed,
    ConditionKind.OVERLONG: _overlong,
    ConditionKind.DEADLINE: _deadline,
    ConditionKind.ZERO_ROWS: _zero_rows,
    ConditionKind.RUNTIME: _runtime,
    ConditionKind.QUEUE: _queue,
}


def _ending(condition: ConditionReport, reader: CardContext) -> Md:
    """How it ended, as far as that is known."""
    at = when(condition.over_at or condition.since, reader.now, reader.zone)
    run = say(" by run {}", condition.over_by[:8]) if condition.over_by else Md("")
    if condition.kind is ConditionKind.OVERLONG and condition.ended_as:
        took = say(" after {}", duration(condition.lasted)) if condition.lasted else Md("")
        return say("The run {}{}.", look_of(condition.ended_as).word.lower(), took)
    if condition.kind is ConditionKind.DEADLINE and condition.over_by and condition.over_at:
        late = duration(condition.over_at - condition.since)
        return say("Done at {}{}, {} late.", at, run, late)
    if condition.kind is ConditionKind.ZERO_ROWS and condition.over_by:
        return say("Rows arrived again at {}{}.", at, run)
    if condition.kind is ConditionKind.MISSED and condition.over_by:
        return say("The trigger fired again at {}.", at)
    return say("Resolved at {}.", at)


def _others(condition: ConditionReport) -> Md:
    """What else a trigger starts."""
    others = [one for one in condition.pipelines if one != condition.subject]
    return names(others, 4) if others else Md("")


def _length(limit: str) -> str:
    """A limit such as "120 min" as people say it."""
    minutes = line(limit, 12).removesuffix(" min")
    if not minutes.isdigit():
        return line(limit, 40)
    hours, rest = divmod(int(minutes), 60)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def _buttons(condition: ConditionReport, reader: CardContext) -> list[x.Element]:
    title, question = _QUESTIONS[condition.kind]
    wording = question.replace("{}", line(condition.subject, 200))
    studio = press.open_page(
        "Open in Studio", run_page(reader.studio, condition.factory, condition.run_id)
    )
    return [press.ask(title, wording), *(studio if condition.run_id else [])]
