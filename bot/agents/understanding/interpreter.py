"""A question as a frame: names, times and ids are read first, then the intent of the rest.

Deterministic: the same words, inventory and clock always give the same frame. What is said in
words that nothing explains takes the sureness away, because being wrong is worse than asking back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.agents.understanding.choice import ONLY_SURELY, asks_who, chosen, readings_of
from bot.agents.understanding.classifier import Prediction, the_classifier
from bot.agents.understanding.coverage import Coverage, covered, without_strange_words
from bot.agents.understanding.entities.exclusions import excluded_in
from bot.agents.understanding.entities.factories import FactoryMention
from bot.agents.understanding.entities.filters import Filters
from bot.agents.understanding.entities.ids import (
    errors_in,
    incidents_in,
    is_pasted_error,
    runs_in,
    short_run_in,
)
from bot.agents.understanding.entities.limits import count_in, limit_in, ordinal_in
from bot.agents.understanding.entities.people import is_person, people_masked
from bot.agents.understanding.entities.pipelines import MatchKind, NameMatch
from bot.agents.understanding.entities.resolve import who_is_meant
from bot.agents.understanding.entities.time_ranges import TimeMention, read_time
from bot.agents.understanding.exact import exact_intent
from bot.agents.understanding.features import TIME_MASKS
from bot.agents.understanding.frame import Frame, Reading, Slots
from bot.agents.understanding.intents import (
    CHAT,
    NO_ANSWER,
    OF_ONE,
    OF_OTHER_THINGS,
    Intent,
)
from bot.agents.understanding.parts import by_parts
from bot.agents.understanding.text import (
    TextSpan,
    Token,
    blanked,
    masked,
    points_back,
    spans_of,
    tokens_of,
)
from bot.agents.understanding.vocabulary import is_common

__all__ = ["SURELY", "KnownNames", "interpret"]

MASK_OF = {
    "pipe": "xpipe",
    "factory": "xfactory",
    **TIME_MASKS,
    "run": "xrun",
    "incident": "xinc",
    "gone": "",
}
MOST_READINGS = 5
NAMES_SOMETHING = 0.9
# Orders, and to be taken for an attacker, need more than a good guess.
SURELY = 0.95
# It posts in a room from then on, and is taken back by one press.
_NEEDS = {Intent.DIGEST: 0.75}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNames:
    """What can be named: the pipelines that exist, the aliases of the factories, known people."""

    pipelines: Sequence[str]
    factories: Sequence[str] = ()
    people: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """The names that were read and where: one way to read them."""

    where: FactoryMention
    found: NameMatch
    excluded: tuple[str, ...]
    spans: tuple[TextSpan, ...]


def interpret(text: str, inventory: KnownNames, now: datetime, zone: ZoneInfo) -> Frame:
    """Read a question, and the second one in it; the conversation is added by `subject_of`."""

    @cache  # each way to part the text reads its halves anew
    def read(part: str) -> Frame:
        return _interpret(part, inventory, now, zone)

    return by_parts(read(text), read)


def _interpret(text: str, inventory: KnownNames, now: datetime, zone: ZoneInfo) -> Frame:
    run_ids, spans = runs_in(text)
    incidents, more = incidents_in(text)
    spans += more
    short, bad, more = (None, None, list[TextSpan]()) if run_ids else short_run_in(text)
    spans += more
    time = read_time(blanked(text, spans), now, zone)
    times = [TextSpan(start=start, end=end, kind="time") for start, end in time.spans]
    frames = [
        _framed(text, names, [*spans, *names.spans], inventory.people, time, now, zone)
        for names in _ways_to_read(text, spans, times, inventory)
    ]
    best = _with_name(max(frames, key=lambda frame: frame.confidence), frames)
    bad = None if bad and best.slots.pipelines else bad
    slots = replace(
        best.slots,
        run_ids=run_ids,
        short_run=short,
        bad_run=bad,
        incidents=incidents,
        errors=tuple(errors_in(text)),
        pasted=is_pasted_error(text),
    )
    return _decided(replace(best, slots=slots))


def _with_name(best: Frame, frames: Sequence[Frame]) -> Frame:
    """The likeliest reading, with the one name of another reading where the words name something.

    "Who must know that orders is late" is about one pipeline, and an everyday word is its name.
    """
    if best.intent not in OF_ONE or best.slots.names_something or best.named < NAMES_SOMETHING:
        return best
    named = next((one for one in frames if len(one.slots.pipelines) == 1), None)
    if named is None or best.follows:
        return best
    slots = replace(best.slots, pipelines=named.slots.pipelines, guessed=True)
    return replace(best, slots=slots, masked=named.masked)


def _ways_to_read(
    text: str, taken: Sequence[TextSpan], times: Sequence[TextSpan], inventory: KnownNames
) -> Iterator[_Names]:
    """The names of a text; where one is an everyday word ("Status"), also without that name.

    A word of a time is part of a name only where the name was written in full, or where it stands
    before another word of the name: "the night close".
    """
    tokens = [one for one in tokens_of(text) if not _within(one, taken)]
    words = [one.word for one in tokens]
    words_left, excluded, gone = excluded_in(words, inventory.pipelines)
    where, found = who_is_meant(words_left, inventory.pipelines, inventory.factories)
    if found.how is not MatchKind.EXACT and times:
        leads = {place for place in found.places if place + 1 in found.places}
        words_left = [
            "," if _within(one, times) and place not in leads else word
            for place, (one, word) in enumerate(zip(tokens, words_left, strict=True))
        ]
        where, found = who_is_meant(words_left, inventory.pipelines, inventory.factories)
    if _is_only_people(found, words_left, inventory):
        found = NameMatch()  # "maya can do it" is no pipeline that has her name
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
    if (found.doubt or _is_an_everyday_word(found, words_left)) and found.names and len(tokens) > 1:
        yield replace(read, found=replace(found, doubt=False))
        spans = tuple(span for span in spans if span.kind != "pipe")
        yield replace(read, found=NameMatch(), spans=spans)


def _is_only_people(found: NameMatch, words: Sequence[str], inventory: KnownNames) -> bool:
    said = [words[place] for place in found.places]
    is_guess = found.how is not MatchKind.EXACT and bool(said)
    return is_guess and all(is_person(word, inventory.people) for word in said)


def _is_an_everyday_word(found: NameMatch, words: Sequence[str]) -> bool:
    said = [words[place] for place in found.places]
    return found.how is not MatchKind.EXACT and len(said) == 1 and is_common(said[0])


def _framed(
    text: str,
    names: _Names,
    spans: Iterable[TextSpan],
    people: Sequence[str],
    time: TimeMention,
    now: datetime,
    zone: ZoneInfo,
) -> Frame:
    """One way to read a text; `time` is what stands in it where no name covers a part of that."""
    taken = list(spans)
    time = read_time(blanked(text, taken), now, zone) if names.spans else time
    taken += [TextSpan(start=a, end=b, kind=time.kind(now)) for a, b in time.spans]
    said = masked(text, taken, MASK_OF)
    filters, heard, prediction = readings_of(
        said, names_pipeline=bool(names.found.names), names_any=bool(taken)
    )
    exact = exact_intent(said) or exact_intent(people_masked(said, people))
    coverage = covered(text, taken, names.found)
    intent, confidence = (
        (exact, 1.0) if exact else chosen(prediction, filters, asks_who=asks_who(said))
    )
    return Frame(
        text=text,
        masked=said,
        intent=intent,
        confidence=confidence,
        readings=_readings(prediction),
        slots=_slots(text, filters, names, time, coverage),
        follows=prediction.follows > max(prediction.named, prediction.whole),
        named=prediction.named,
        double=heard.of(Intent.MULTI),
        whole=prediction.whole,
    )


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
        exact=found.how is MatchKind.EXACT,
        partly=coverage.is_beside_a_name or found.mixed or found.doubt,
        hardly=found.mixed or found.doubt,
        excluded=names.excluded,
        unknown=coverage.unknown,
        factory=names.where,
        time=time,
        critical=filters.critical,
        failed=filters.failed,
        succeeded=filters.succeeded or filters.good,
        last=filters.last,
        is_on=filters.on,
        is_off=filters.off,
        limit=limit_in(text),
        count=count_in(text),
        ordinal=ordinal_in(text),
        ignored=coverage.ignored,
    )


def _decided(frame: Frame) -> Frame:
    """Whether the first reading may be answered at once."""
    slots = without_strange_words(frame)
    pasted = slots.pasted and not slots.pipelines and not slots.run_ids
    intent = Intent.DOCS_ERROR if pasted else frame.intent
    if (slots.pipelines and intent in CHAT) or (slots.unknown and intent is Intent.DECLINE):
        return replace(frame, intent=Intent.AGAIN, slots=slots, again=True, sure=False)
    need = SURELY if intent in ONLY_SURELY else _NEEDS.get(intent, the_classifier().threshold)
    clear = frame.confidence >= need and intent not in NO_ANSWER
    doubt = bool(slots.factory.unknown)
    if intent not in OF_OTHER_THINGS:
        doubt = doubt or bool(slots.unknown or slots.partly)
    if intent in ONLY_SURELY and slots.pipelines and not slots.exact:
        doubt = doubt or points_back(frame.masked)  # "mute that one, I ask the dock"
    return replace(
        frame,
        intent=intent,
        slots=slots,
        confidence=1.0 if intent is not frame.intent else frame.confidence,
        sure=pasted or (clear and not doubt),
        again=intent is Intent.AGAIN,
    )


def _within(token: Token, spans: Sequence[TextSpan]) -> bool:
    return any(span.start <= token.start < span.end for span in spans)
