"""What the bot itself knows, for a language model: help, refusals, troubles, choices, pages."""

from bot.agents.model.facts.fields import FactWriter, Told, cut, filled, word
from cards.records import Choice, Denied, DocsAnswer, Help, Notice, Picker, Problem, Usage, Used


def own(record: object, tell: FactWriter) -> Told:
    """The words of a record; of one that is not for a model, only what it is."""
    match record:
        case Help():
            return _help(record, tell)
        case Usage():
            return _usage(record)
        case Notice():
            return filled(record="said", said=cut(record.said, tell.characters))
        case Denied():
            return _denied(record)
        case Problem():
            return _trouble(record, tell)
        case Picker():
            choices = tell.some(record.choices, _choice)
            return filled(record="choice", question=word(record.question), choices=choices)
        case DocsAnswer():
            return _docs(record, tell)
        case _:
            return filled(record=type(record).__name__)


def _help(record: Help, tell: FactWriter) -> Told:
    return filled(
        record="help",
        examples=tell.some(record.examples, _choice),
        notes=tell.some(record.notes, lambda note: cut(note, tell.characters)),
    )


def _usage(record: Usage) -> Told:
    return filled(
        record="usage",
        tokens=record.tokens,
        answers=record.answers,
        cost=word(record.cost),
        today=_used(record.today),
        in_this_conversation=_used(record.here),
    )


def _used(used: Used) -> Told | None:
    if not used.turns:
        return None
    return filled(
        input=used.input,
        cached=used.cached,
        output=used.output,
        turns=used.turns,
        steps=used.steps,
        tool_calls=used.calls,
        seconds=round(used.seconds, 1),
    )


def _denied(record: Denied) -> Told:
    return filled(
        record="refused",
        happened=word(record.happened),
        needs=word(record.needs),
        who_can_help=[word(one) for one in record.who[:5]],
    )


def _trouble(record: Problem, tell: FactWriter) -> Told:
    return filled(
        record="trouble",
        area=record.area,
        happened=tell.error(record.happened),
        mend=word(record.mend),
        who=word(record.who),
        last_known=word(record.last_known or ""),
        choices=tell.some(record.choices, _choice),
    )


def _docs(record: DocsAnswer, tell: FactWriter) -> Told:
    return filled(
        record="pages",
        finding=cut(record.finding, tell.characters),
        points=tell.some(record.points, lambda one: cut(one, tell.characters)),
        sources=tell.some(record.sources, lambda one: filled(title=word(one.title), url=one.url)),
    )


def _choice(one: Choice) -> str:
    return word(one.question)
