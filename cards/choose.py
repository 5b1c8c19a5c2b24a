"""Every record has a card: the type checker proves that none is forgotten."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from adf.records import BROKEN, Factory, PipelineList, RunList, RunReport
from cards.card import Card
from cards.kinds.failure import failure_card
from cards.kinds.run import card_of_newest, card_of_report
from cards.kinds.status import pipeline_list, status_list
from cards.kinds.talk import error_card, help_card, picker_card
from cards.reader import Reader
from cards.records import Help, Picker, Trouble

Record = RunReport | RunList | PipelineList | Help | Picker | Trouble


def card_for(
    record: Record,
    *,
    now: datetime,
    zone: ZoneInfo,
    note: str | None = None,
    studio: Mapping[str, Factory] | None = None,
) -> Card:
    """The card of a record, for readers in `zone`; `studio` has the factories it may link to."""
    reader = Reader(now=now, zone=zone, note=note, studio=studio or {})
    match record:
        case RunReport():
            broke = record.cause is not None or record.run.status in BROKEN
            return failure_card(record, reader) if broke else card_of_report(record, reader)
        case RunList():
            newest = record.pipeline is not None and record.latest_only
            return card_of_newest(record, reader) if newest else status_list(record, reader)
        case PipelineList():
            return pipeline_list(record, reader)
        case Help():
            return help_card(record, reader)
        case Picker():
            return picker_card(record, reader)
        case Trouble():
            return error_card(record, reader)
        case _:
            assert_never(record)
