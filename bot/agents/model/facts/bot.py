"""What the bot itself knows, for a language model: help, refusals, problems, choices, pages."""

from dataclasses import replace
from typing import assert_never

from bot.agents.model.facts.fields import Facts, FactWriter, cut, filled, word
from bot.agents.model.facts.plain import plain_record
from cards.records import (
    AuditReport,
    Board,
    BotRecord,
    CallApproval,
    Choice,
    ConditionReport,
    Denied,
    DocsAnswer,
    Handover,
    Help,
    IncidentDigest,
    IncidentList,
    IncidentReport,
    IncidentWriteUp,
    MuteList,
    Notice,
    Picker,
    Problem,
    ProposalReport,
    SubscriptionList,
    TicketProposal,
    Trace,
    Usage,
    Used,
    WhatIf,
)


def bot_record(record: BotRecord | Notice, writer: FactWriter) -> Facts:  # noqa: C901 - a line each
    """The words of a record; of one that is not for a model, only what it is."""
    match record:
        case Help():
            return _help(record, writer)
        case Usage():
            return _usage(record)
        case Notice():
            return filled(record="said", said=cut(record.said, writer.characters))
        case Denied():
            return _denied(record)
        case Problem():
            return _problem(record, writer)
        case Picker():
            return _picker(record, writer)
        case DocsAnswer():
            return _docs(record, writer)
        case ProposalReport():
            return _proposal(record)
        case WhatIf():
            return _what_if(record)
        case AuditReport():
            return _audit(record, writer)
        case IncidentWriteUp():
            return _write_up(record, writer)
        case IncidentList() | MuteList() | Handover():
            return plain_record(record, writer)
        case (
            IncidentReport()
            | ConditionReport()
            | IncidentDigest()
            | Board()
            | SubscriptionList()
            | Trace()
            | CallApproval()
            | TicketProposal()
        ):
            return filled(record=type(record).__name__)
        case _:
            assert_never(record)


def _picker(record: Picker, writer: FactWriter) -> Facts:
    choices = writer.some(record.choices, _choice)
    return filled(record="choice", question=word(record.question), choices=choices)


def _proposal(record: ProposalReport) -> Facts:
    """That a card with a button was shown; what it may do is not for a model to say."""
    return filled(
        record="proposal",
        state=str(record.state),
        act=word(str(record.target.kind)),
        subject=word(record.target.subject),
        run_id=record.target.run_id,
        note="a person with the right has to press the button of the card; nothing was done yet",
    )


def _what_if(record: WhatIf) -> Facts:
    preview = record.preview
    return filled(
        record="preview",
        act=word(str(preview.target.kind)),
        subject=word(preview.target.subject),
        runs_again=[word(one.name) for one in preview.repeated[:10]],
        output_reused=[word(one.name) for one in preview.reused[:10]],
        loops_start_over=[word(one.name) for one in preview.loops_restarted[:5]],
        parent=word(preview.parent.pipeline) if preview.parent else None,
        obstacle=word(record.obstacle),
    )


def _write_up(record: IncidentWriteUp, writer: FactWriter) -> Facts:
    """Its fields as they are; the cause only where words of an error may be read."""
    return plain_record(record if writer.error_text else replace(record, cause=""), writer)


def _audit(record: AuditReport, writer: FactWriter) -> Facts:
    lines = writer.some(
        record.lines,
        lambda one: filled(at=writer.at(one.at), who=word(one.who), what=word(one.what)),
    )
    return filled(record="audit", about=word(record.about), entries=lines)


def _help(record: Help, writer: FactWriter) -> Facts:
    return filled(
        record="help",
        examples=writer.some(record.examples, _choice),
        notes=writer.some(record.notes, lambda note: cut(note, writer.characters)),
    )


def _usage(record: Usage) -> Facts:
    return filled(
        record="usage",
        tokens=record.tokens,
        answers=record.answers,
        cost=word(record.cost),
        today=_used(record.today),
        in_this_conversation=_used(record.here),
    )


def _used(used: Used) -> Facts | None:
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


def _denied(record: Denied) -> Facts:
    return filled(
        record="refused",
        happened=word(record.happened),
        needs=word(record.needs),
        who_can_help=[word(one) for one in record.who[:5]],
    )


def _problem(record: Problem, writer: FactWriter) -> Facts:
    return filled(
        record="trouble",
        area=record.area,
        happened=writer.error(record.happened),
        fix=word(record.fix),
        who=word(record.who),
        last_known=word(record.last_known or ""),
        choices=writer.some(record.choices, _choice),
    )


def _docs(record: DocsAnswer, writer: FactWriter) -> Facts:
    return filled(
        record="pages",
        finding=cut(record.finding, writer.characters),
        points=writer.some(record.points, lambda one: cut(one, writer.characters)),
        sources=writer.some(record.sources, lambda one: filled(title=word(one.title), url=one.url)),
    )


def _choice(one: Choice) -> str:
    return word(one.question)
