"""Two answers to one message as one: what waits for a press first, nothing twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from zoneinfo import ZoneInfo

from adf.records import BaseRecord
from bot.agents.interface import Answer
from bot.agents.understanding.frame import Frame
from bot.agents.understanding.intents import ACTS
from cards.records import IncidentReport, TicketProposal


def both_answers(first: Answer, second: Answer, zone: ZoneInfo) -> Answer:
    """Two answers as one: every card, and what is only said beside them.

    Of two cards about one incident the later one shows both.
    """
    again = {one.identity for one in second.records if isinstance(one, IncidentReport)}
    earlier = (
        one
        for one in first.records
        if not (isinstance(one, IncidentReport) and one.identity in again)
    )
    records = (*earlier, *second.records)
    said = [one for one in (first.text, first.note, second.text, second.note) if one]
    text, note = ("\n\n".join(said), None) if not records else (None, " ".join(said) or None)
    records = before_others(records, zone)
    return Answer(
        records=records,
        text=text,
        note=note,
        memory=second.memory,
        sure=first.sure and second.sure,
        wants=first.wants or second.wants,
        is_open=first.is_open and second.is_open,
    )


def memory_for(part: Frame, first: Frame, memory: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the second half of a text leans on: a question beside an order is not that order."""
    if first.intent not in ACTS or part.intent in ACTS or not part.sure:
        return memory
    return {key: value for key, value in memory.items() if key != "intent"}


def before_others(records: Sequence[object], zone: ZoneInfo) -> tuple[object, ...]:
    """What waits for a press comes first, and says in a line what else was answered."""
    proposed = [one for one in records if isinstance(one, TicketProposal)]
    others = [one for one in records if not isinstance(one, TicketProposal)]
    lines = [cast("BaseRecord", one).one_line(zone) for one in others]
    beside = "; ".join(one for one in lines if one)
    return (*(replace(one, beside=beside) for one in proposed), *others)
