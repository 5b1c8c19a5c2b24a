"""What may be asked next, by what a card shows: two or three questions, pressed as whole lines.

Each of them is asked in three factories by a test, which knows the card that has to answer it.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import orjson
from adaptive_cards.types import Colors, FontSize

from adf.records import (
    ACTIVE,
    BROKEN,
    ActivityTable,
    AzureHealth,
    ChangeLog,
    Comparison,
    ConditionKind,
    DeadlineReport,
    ErrorExplanation,
    LineageReport,
    OwnerReport,
    PipelineDescription,
    PipelineList,
    PipelineRun,
    QueueReport,
    RunList,
    RunReport,
    RunStats,
    RuntimeReport,
    TriggerReport,
    UseReport,
)
from cards import extension as x
from cards.card import Card
from cards.components.blocks import note
from cards.components.buttons import press
from cards.components.layout import MOST_BYTES, size_of
from cards.records import (
    ConditionReport,
    Handover,
    IncidentDigest,
    IncidentList,
    IncidentReport,
    IncidentState,
    MuteList,
)
from cards.text import Md, cut, line, md

MOST = 3
LONGEST_NAME = 200
LONGEST_LINE = 90
HEADING = Md("Ask next")

FAILED_BEFORE = "has {} failed like this before"
WHO_WAITS = "who waits for {}"
WHAT_CHANGED = "what changed in {} since yesterday"
TREND = "trend of {}"
OWNER = "who owns {}"
NEXT_RUN = "when does {} run next"
WHAT_IT_DOES = "what does {} do"
STATUS = "status of {}"
ACTIVITIES = "activity breakdown of {}"
AZURE = "is it us or Azure"
CHANGES = "what changed since yesterday"
DEADLINES = "will everything be done in time"
NOT_RUN = "did anything not run"
RUNTIMES = "are the integration runtimes up"
OPEN = "what is open"
HANDOVER = "handover please"
MUTED = "what is muted"
RUNNING = "what is running"
FAILED = "which pipelines failed"
OVERVIEW = "how are things looking"
EMPTY = "anything green but empty"

_SEVERAL = frozenset({"all pipelines", "critical pipelines"})


def follow_ups(record: object) -> tuple[str, ...]:
    """The questions that fit a record, the likeliest first; none where it waits for a decision."""
    return _after_runs(record) or _after_facts(record) or _after_incidents(record)


def _after_runs(record: object) -> tuple[str, ...]:  # noqa: C901 - one case for each
    """Beside what ran, runs or waits."""
    match record:
        case RunReport(run=run):
            first = () if record.history else (FAILED_BEFORE,)
            return _of_run(run, *first) if run.status in BROKEN else _of_run(run)
        case RunList(pipeline=str(name), latest_only=True):
            return _of_run(record.runs[0]) if record.runs else _of(name, NEXT_RUN, TREND)
        case RunList(pipeline=str(name)):
            return _of(name, TREND, WHAT_CHANGED, STATUS)
        case RunList():
            is_red = any(one.status in BROKEN for one in record.runs)
            rest = CHANGES if record.doubtful else EMPTY
            return (AZURE, CHANGES, DEADLINES) if is_red else (NOT_RUN, DEADLINES, rest)
        case ActivityTable(report=report):
            return _of(report.run.pipeline, TREND, WHO_WAITS, WHAT_CHANGED)
        case RunStats(subject=name) if name not in _SEVERAL:
            return _of(name, STATUS, WHAT_CHANGED, NEXT_RUN)
        case RunStats():
            return (FAILED, CHANGES, AZURE)
        case Comparison(left=run):
            return _of(run.pipeline, TREND, WHAT_CHANGED)
        case QueueReport(queues=(one,)):
            return (*_of(one.pipeline, TREND), DEADLINES)
        case QueueReport():
            return (DEADLINES, RUNTIMES)
        case DeadlineReport():
            return (RUNNING, FAILED, NOT_RUN)
        case _:
            return ()


def _after_facts(record: object) -> tuple[str, ...]:  # noqa: C901 - one case for each
    """Beside what is in a factory, what it rests on, and what changed."""
    match record:
        case PipelineList():
            return (OVERVIEW, FAILED)
        case ErrorExplanation():
            return (FAILED, AZURE)
        case TriggerReport():
            return (RUNNING, FAILED, DEADLINES)
        case RuntimeReport():
            return (AZURE, DEADLINES)
        case LineageReport(pipeline=name):
            return _of(name, WHAT_IT_DOES, OWNER, NEXT_RUN)
        case UseReport():
            return (RUNTIMES, CHANGES)
        case PipelineDescription(name=name):
            return _of(name, OWNER, NEXT_RUN, TREND)
        case OwnerReport(pipeline=str(name)):
            return _of(name, WHAT_IT_DOES, TREND)
        case OwnerReport():
            return (OVERVIEW, OPEN)
        case AzureHealth():
            return (RUNTIMES, CHANGES)
        case ChangeLog(pipeline=str(name)):
            return _of(name, STATUS, TREND)
        case ChangeLog():
            return (FAILED, AZURE)
        case _:
            return ()


def _after_incidents(record: object) -> tuple[str, ...]:
    """Beside what nobody asked for; an open alert has to stay in sight, and asks itself."""
    match record:
        case IncidentReport(state=IncidentState.RESOLVED):
            return (OPEN, HANDOVER)
        case ConditionReport(kind=ConditionKind.RUNTIME):
            return (RUNTIMES, DEADLINES)
        case ConditionReport(pipelines=(name, *_)):
            return _of(name, TREND, WHO_WAITS)
        case ConditionReport() | IncidentDigest() | IncidentList():
            return (HANDOVER, AZURE)
        case MuteList():
            return (OPEN, FAILED)
        case Handover():
            return (DEADLINES, MUTED)
        case _:
            return ()


def suggesting(card: Card, record: object) -> Card:
    """The card with what may be asked next below it, as far as it does not ask that already."""
    fitting = follow_ups(record)
    if not fitting:
        return card
    already = _as_text(card.content)
    fresh = [one for one in fitting if f'"question":{_as_text(one)}' not in already][:MOST]
    if not fresh:
        return card
    parts = [_heading(), *map(_line, fresh)]
    larger = replace(card, content={**card.content, "body": [*card.content["body"], *parts]})
    return larger if size_of(larger) <= MOST_BYTES else card


def _as_text(content: object) -> str:
    """JSON in lower case, in which a press is found faster than by a walk through the card."""
    return orjson.dumps(content).decode().lower()


def _of(name: str, *questions: str) -> tuple[str, ...]:
    return tuple(one.format(line(name, LONGEST_NAME)) for one in questions)


def _of_run(run: PipelineRun, *first: str) -> tuple[str, ...]:
    """What comes next after one run: of a red one why, of a green one when again."""
    if run.status in BROKEN:
        return _of(run.pipeline, *first, WHAT_CHANGED, WHO_WAITS, TREND)
    if run.status in ACTIVE:
        return _of(run.pipeline, TREND, WHO_WAITS)
    return _of(run.pipeline, NEXT_RUN, TREND, WHO_WAITS)


@lru_cache(maxsize=1)
def _heading() -> Mapping[str, Any]:
    return x.as_json(note(HEADING))


@lru_cache(maxsize=512)
def _line(question: str) -> Mapping[str, Any]:
    """One question as it stands below a card; the same ones come again on card after card."""
    said = _said(question)
    words = x.TextBlock(
        text=md(cut(said, LONGEST_LINE)),
        wrap=True,
        size=FontSize.SMALL,
        color=Colors.ACCENT,
    )
    pressed = press(said, question)
    return x.as_json(x.Container(items=[words], spacing="ExtraSmall", select_action=pressed))


def _said(question: str) -> str:
    """The question as a sentence."""
    asks = not question.startswith(("trend", "status", "activity", "handover"))
    return f"{question[0].upper()}{question[1:]}{'?' if asks else ''}"
