"""A question as a frame: names, times and ids are read first, then the intent of the rest.

Deterministic: the same words, inventory and clock always give the same frame. What is said in
words that nothing explains takes the sureness away, because being wrong is worse than asking back.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agents.understanding.classifier import Prediction, the_classifier
from bot.agents.understanding.coverage import Coverage, covered
from bot.agents.understanding.entities.exclusions import excluded_in
from bot.agents.understanding.entities.factories import FactoryMention
from bot.agents.understanding.entities.filters import Filters, filters_in, without_critical
from bot.agents.understanding.entities.ids import (
    errors_in,
    incident_in,
    is_pasted_error,
    runs_in,
    short_run_in,
)
from bot.agents.understanding.entities.limits import count_in, limit_in, ordinal_in
from bot.agents.understanding.entities.pipelines import MatchKind, NameMatch
from bot.agents.understanding.entities.resolve import who_is_meant
from bot.agents.understanding.entities.time_ranges import TimeMention, read_time
from bot.agents.understanding.exact import exact_intent
from bot.agents.understanding.frame import Frame, Reading, Slots
from bot.agents.understanding.intents import ACTS, CHANGES, NO_ANSWER, OF_ONE, Intent, answered_by, group_of
from bot.agents.understanding.text import Span, Token, masked, spans_of, tokens_of
from bot.agents.understanding.vocabulary import is_common

__all__ = ["Inventory", "interpret"]

MASK_OF = {
    "pipe": "xpipe",
    "factory": "xfactory",
    "time": "xtime",
    "run": "xrun",
    "incident": "xinc",
    "gone": "",
}
MOST_READINGS = 5
# Of rows that ask two things five in six are above, of all others one in twenty (author split).
SINGLE = 0.02
DOUBLE = 0.2
# So likely, the fuller of two answers that show the same card is given.
FULLER = 0.15
HALF = 0.5
WHOLE = 0.8
TALK = frozenset({Intent.SMALLTALK, Intent.AFFIRM, Intent.DECLINE, Intent.AGAIN})
_JOINT = re.compile(
    r"(?i)\s*(?:[,;.?!]+\s+(?:and |und |then |also |y |e |et |en )?"
    r"|\s(?:and|und|plus|then|y|e|et|ed|en|aur)\s|\s[+&]\s|\s-\s)"
)
# Every answer about a run tells these as well: "X is dead, why" asks why.
_IMPLIED = frozenset({Intent.STATUS_ONE, Intent.LAST_TIME})
# A part of a text that asks by itself, beside parts that do not.
CLEAR = 0.8
_PAUSE = re.compile(r"\s*[,;.?!]+\s+|\s+-\s+")
# Acts and what cannot be undone need more than a good guess.
ACT_THRESHOLD = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What can be named: the pipelines that exist and the aliases of the factories."""

    pipelines: Sequence[str]
    factories: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """The names that were read and where: one way to read them."""

    where: FactoryMention
    found: NameMatch
    excluded: tuple[str, ...]
    spans: tuple[Span, ...]


def interpret(text: str, inventory: Inventory, now: datetime, zone: ZoneInfo) -> Frame:
    """Read a question, and the second one in it; the conversation is added by `subject_of`."""

    def read(part: str) -> Frame:
        return _interpret(part, inventory, now, zone)

    frame = read(text)
    if frame.slots.pasted or frame.intent in TALK:
        return frame
    if frame.double < SINGLE:
        return frame if frame.sure and frame.confidence >= CLEAR else _without_talk(frame, read)
    for first, second in halves_of(text):
        parts = [read(half) for half in (first, second)]
        if not all(_asks(part) for part in parts) or _is_one(*parts):
            continue
        if all(part.sure for part in parts):
            return replace(parts[0], second=parts[1])
        if frame.intent in {parts[0].intent, parts[1].intent} and frame.double >= DOUBLE:
            left = second if frame.intent is parts[0].intent else first
            return replace(frame, unanswered=left, sure=False)
    return _without_talk(frame, read)


def _without_talk(frame: Frame, read: Callable[[str], Frame]) -> Frame:
    """The question without what is only said around it: "what failed, my boss is waiting"."""
    for match in _PAUSE.finditer(frame.text):
        parts = [read(part) for part in (frame.text[: match.start()], frame.text[match.end() :])]
        for asked, other in (parts, parts[::-1]):
            if _is_all_asked(asked, other, frame):
                return replace(asked, text=frame.text, double=frame.double)
    return frame


def _is_all_asked(asked: Frame, other: Frame, whole: Frame) -> bool:
    """Whether one part asks clearly and by itself, and the other asks nothing."""
    if not asked.sure or asked.confidence < CLEAR or asked.intent in ACTS | CHANGES | TALK:
        return False
    if other.confidence >= HALF and other.intent not in NO_ANSWER | TALK | {asked.intent}:
        return False
    slots = other.slots
    speaks = slots.names_something and not slots.unknown
    leans = asked.intent in OF_ONE and not asked.slots.names_something
    more = speaks or slots.time.given or slots.factory.alias or slots.excluded or slots.limit
    return not (leans or more) and whole.intent not in ACTS | CHANGES


def _asks(part: Frame) -> bool:
    """Whether half of a text asks for something by itself."""
    words = sum(token.is_word for token in tokens_of(part.text))
    return words > 1 and part.confidence >= HALF and part.intent not in NO_ANSWER | TALK


def _is_one(one: Frame, other: Frame) -> bool:
    """Whether two halves ask the same of the same, or one only says what the other asks about."""
    same = group_of(one.intent) == group_of(other.intent)
    if same and one.slots.pipelines == other.slots.pipelines:
        return True
    said, asked = (one, other) if one.slots.pipelines else (other, one)
    leans = asked.intent in OF_ONE and not asked.slots.names_something
    return leans and said.intent in _IMPLIED and bool(said.slots.pipelines)


def _interpret(text: str, inventory: Inventory, now: datetime, zone: ZoneInfo) -> Frame:
    run_ids, spans = runs_in(text)
    incident, more = incident_in(text)
    spans += more
    short, bad, more = (None, None, list[Span]()) if run_ids else short_run_in(text)
    spans += more
    frames = [
        _framed(text, names, [*spans, *names.spans], now, zone)
        for names in _ways_to_read(text, spans, _times_in(text, spans, now, zone), inventory)
    ]
    best = max(frames, key=lambda frame: frame.confidence)
    bad = None if bad and best.slots.pipelines else bad
    slots = replace(
        best.slots,
        run_ids=run_ids,
        short_run=short,
        bad_run=bad,
        incident=incident,
        errors=tuple(errors_in(text)),
        pasted=is_pasted_error(text),
    )
    return _decided(replace(best, slots=slots))


def _times_in(text: str, taken: Sequence[Span], now: datetime, zone: ZoneInfo) -> list[Span]:
    read = read_time(_blanked(text, taken), now, zone)
    return [Span(start=start, end=end, kind="time") for start, end in read.spans]


def _ways_to_read(
    text: str, taken: Sequence[Span], times: Sequence[Span], inventory: Inventory
) -> Iterator[_Names]:
    """The names of a text; where one is an everyday word ("Status"), also without that name.

    A word of a time is part of a name only where the name was written in full.
    """
    tokens = [one for one in tokens_of(text) if not _within(one, taken)]
    words = [one.word for one in tokens]
    kept, excluded, gone = excluded_in(words, inventory.pipelines)
    where, found = who_is_meant(kept, inventory.pipelines, inventory.factories)
    if found.how is not MatchKind.EXACT and times:
        kept = [
            "," if _within(one, times) else word for one, word in zip(tokens, kept, strict=True)
        ]
        where, found = who_is_meant(kept, inventory.pipelines, inventory.factories)
    spans = (
        *spans_of(tokens, found.places, "pipe"),
        *spans_of(tokens, where.places - found.places, "factory"),
        *spans_of(tokens, gone, "gone"),
    )
    read = _Names(where=where, found=found, excluded=excluded, spans=spans)
    if exact_intent(text):
        yield replace(read, found=NameMatch(), spans=())
        return
    yield read
    everyday = found.how is not MatchKind.EXACT and all(
        is_common(kept[place]) for place in found.places
    )
    if (found.doubt or everyday) and found.names and len(tokens) > 1:
        yield replace(read, found=replace(found, doubt=False))
        spans = tuple(span for span in spans if span.kind != "pipe")
        yield replace(read, found=NameMatch(), spans=spans)


def _framed(
    text: str, names: _Names, spans: Iterable[Span], now: datetime, zone: ZoneInfo
) -> Frame:
    taken = list(spans)
    time = read_time(_blanked(text, taken), now, zone)
    taken += [Span(start=a, end=b, kind="time") for a, b in time.spans]
    said = masked(text, taken, MASK_OF)
    filters = filters_in(said)
    asked = without_critical(said) if filters.critical else said
    whole = the_classifier().predict(asked, names_pipeline=bool(names.found.names))
    prediction = whole.without(Intent.MULTI, Intent.CRITICAL_OVERVIEW)
    exact = exact_intent(said)
    coverage = covered(text, taken, names.found)
    likeliest = _fullest(prediction)
    intent = exact or _of_failed(likeliest, filters)
    confidence = 1.0 if exact else prediction.of(*answered_by(likeliest))
    return Frame(
        text=text,
        masked=said,
        intent=intent,
        confidence=confidence,
        readings=_readings(prediction),
        slots=_slots(text, filters, names, time, coverage),
        follows=prediction.follows > max(prediction.named, prediction.whole),
        named=prediction.named,
        double=whole.of(Intent.MULTI),
        whole=prediction.whole > WHOLE,
    )


def _fullest(prediction: Prediction) -> Intent:
    """The likeliest intent, or a likely one whose answer tells all that the likeliest asks."""
    first = prediction.intent
    others = (one for one, p in prediction.readings[1:MOST_READINGS] if p >= FULLER)
    return next((one for one in others if _holds(one, first)), first)


def _holds(one: Intent, other: Intent) -> bool:
    return other in answered_by(one) and one not in answered_by(other)


def _of_failed(intent: Intent, filters: Filters) -> Intent:
    """Which critical pipelines are down: those that failed, not how all of them stand."""
    failed = filters.critical and filters.failed and intent is Intent.OVERVIEW
    return Intent.FAILURES_LIST if failed else intent


def _readings(prediction: Prediction) -> tuple[Reading, ...]:
    return tuple(
        Reading(intent=intent, probability=p) for intent, p in prediction.readings[:MOST_READINGS]
    )


def _slots(
    text: str, filters: Filters, names: _Names, time: TimeMention, coverage: Coverage
) -> Slots:
    found = names.found
    return Slots(
        pipelines=() if coverage.is_part_of_a_name else found.names,
        each=found.each,
        guessed=found.how in {MatchKind.SPELLING, MatchKind.SHORT},
        partly=coverage.is_beside_a_name or found.mixed or found.doubt,
        excluded=names.excluded,
        unknown=coverage.unknown,
        factory=names.where,
        time=time,
        critical=filters.critical,
        failed=filters.failed,
        succeeded=filters.succeeded,
        last=filters.last,
        limit=limit_in(text),
        count=count_in(text),
        ordinal=ordinal_in(text),
        ignored=coverage.ignored,
    )


def _decided(frame: Frame) -> Frame:
    """Whether the first reading may be answered at once."""
    slots = frame.slots
    pasted = slots.pasted and not slots.pipelines and not slots.run_ids
    intent = Intent.DOCS_ERROR if pasted else frame.intent
    if slots.pipelines and intent in TALK:
        return replace(frame, intent=Intent.AGAIN, again=True, sure=False)
    need = ACT_THRESHOLD if intent in ACTS | CHANGES else the_classifier().threshold
    clear = frame.confidence >= need and intent not in NO_ANSWER
    doubt = bool(slots.unknown or slots.partly or slots.factory.unknown)
    return replace(
        frame,
        intent=intent,
        confidence=1.0 if intent is not frame.intent else frame.confidence,
        sure=pasted or (clear and not doubt),
        again=intent is Intent.AGAIN,
    )


def halves_of(text: str) -> Iterator[tuple[str, str]]:
    """The ways to part a text in two where two things may be asked."""
    for match in _JOINT.finditer(text):
        first, second = text[: match.start()].strip(), text[match.end() :].strip()
        if first and second:
            yield first, second


def _within(token: Token, spans: Sequence[Span]) -> bool:
    return any(span.start <= token.start < span.end for span in spans)


def _blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with names blanked out, every other character where it was."""
    letters = list(text)
    for span in spans:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)
