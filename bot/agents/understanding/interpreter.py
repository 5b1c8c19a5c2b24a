"""A question as a frame: names, times and ids are read first, then the intent of the rest.

Deterministic: the same words, inventory and clock always give the same frame. What is said in
words that nothing explains takes the sureness away, because being wrong is worse than asking back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.agents.understanding.certainty import decided
from bot.agents.understanding.choice import asks_who, chosen, readings_of
from bot.agents.understanding.classifier import Prediction
from bot.agents.understanding.coverage import HARDLY_NAMED, Coverage, covered
from bot.agents.understanding.entities.doubted_names import (
    is_an_everyday_word,
    is_of_a_list,
    is_of_any,
    is_only_people,
)
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
from bot.agents.understanding.entities.people import (
    known_people_in,
    people_masked,
    without_recipient,
)
from bot.agents.understanding.entities.pipelines import MatchKind, NameMatch
from bot.agents.understanding.entities.resolve import who_is_meant
from bot.agents.understanding.entities.time_ranges import TimeMention, read_time
from bot.agents.understanding.entities.word_forms import without_spoken_marks
from bot.agents.understanding.exact import exact_intent
from bot.agents.understanding.features import TIME_MASKS
from bot.agents.understanding.frame import Frame, Reading, Slots
from bot.agents.understanding.intents import (
    OF_INCIDENTS,
    OF_ONE,
    Intent,
)
from bot.agents.understanding.parts import by_parts
from bot.agents.understanding.text import (
    TextSpan,
    Token,
    blanked,
    masked,
    spans_of,
    tokens_of,
)

__all__ = ["KnownNames", "interpret"]

MASK_OF = {
    "pipe": "xpipe",
    "factory": "xfactory",
    **TIME_MASKS,
    "run": "xrun",
    "incident": "xinc",
    "gone": "",
}
MOST_READINGS = 5
# So much likelier than alerts, what is held back is asked about.
NEARER = 3
NAMES_SOMETHING, HALF = 0.9, 0.5


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
    is_of_any: bool = False


def interpret(text: str, inventory: KnownNames, now: datetime, zone: ZoneInfo) -> Frame:
    """Read a question, and the second one in it; the conversation is added by `subject_of`."""

    @cache  # each way to part the text reads its halves anew
    def read(part: str) -> Frame:
        return _interpret(part, inventory, now, zone)

    return by_parts(read(without_spoken_marks(text, inventory.pipelines)), read)


def _interpret(text: str, inventory: KnownNames, now: datetime, zone: ZoneInfo) -> Frame:
    run_ids, spans = runs_in(text)
    incidents, more = incidents_in(text)
    spans += more
    short, bad, more = (None, None, list[TextSpan]()) if run_ids else short_run_in(text)
    spans += more
    time = read_time(blanked(text, spans), now, zone)
    times = [TextSpan(start=start, end=end, kind="time") for start, end in time.spans]
    ways = [*_ways_to_read(text, spans, times, inventory)]
    frames = [
        _framed(text, names, [*spans, *names.spans], inventory.people, time, now, zone)
        for names in ways
    ]
    best = _of_any(ways, frames) or max(frames, key=lambda frame: frame.confidence)
    best = _with_name(best, frames)
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
    return decided(replace(best, slots=slots))


def _of_any(ways: Sequence[_Names], frames: Sequence[Frame]) -> Frame | None:
    """The reading without a name where any pipeline is meant: "post here when any job dies"."""
    if not ways[-1].is_of_any:
        return None
    named, free = frames
    return free if free.named < HARDLY_NAMED and free.confidence >= HALF else named


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
    words = without_recipient([one.word for one in tokens], inventory.people)
    words_left, excluded, gone = excluded_in(words, inventory.pipelines)
    where, found = who_is_meant(words_left, inventory.pipelines, inventory.factories)
    if found.how is not MatchKind.EXACT and times:
        leads = {place for place in found.places if place + 1 in found.places}
        words_left = [
            "," if _within(one, times) and place not in leads else word
            for place, (one, word) in enumerate(zip(tokens, words_left, strict=True))
        ]
        where, found = who_is_meant(words_left, inventory.pipelines, inventory.factories)
    if is_only_people(found, words_left, inventory.people) or is_of_a_list(words_left, found):
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
    if is_of_any(found, words_left):
        yield replace(read, found=NameMatch(), spans=_without_pipelines(spans), is_of_any=True)
        return
    if (found.doubt or is_an_everyday_word(found, words_left)) and found.names and len(tokens) > 1:
        yield replace(read, found=replace(found, doubt=False))
        yield replace(read, found=NameMatch(), spans=_without_pipelines(spans))


def _without_pipelines(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
    return tuple(span for span in spans if span.kind != "pipe")


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
        slots=_slots(text, filters, names, time, _without_people(coverage, intent, text, people)),
        follows=prediction.follows > max(prediction.named, prediction.whole),
        named=prediction.named,
        double=heard.of(Intent.MULTI),
        whole=prediction.whole,
        of_mutes=heard.of(Intent.MUTE, Intent.UNMUTE)
        > NEARER * heard.of(Intent.SUBSCRIBE, Intent.UNSUBSCRIBE),
    )


def _without_people(
    coverage: Coverage, intent: Intent, text: str, people: Sequence[str]
) -> Coverage:
    """What stays unexplained; whom an incident is given to is no pipeline that nothing has."""
    if intent not in OF_INCIDENTS or not coverage.ignored:
        return coverage
    names = {word for name in known_people_in(text, people) for word in name.split()}
    unknown, ignored = (
        tuple(word for word in words if word.lower() not in names)
        for words in (coverage.unknown, coverage.ignored)
    )
    return replace(coverage, unknown=unknown, ignored=ignored)


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


def _within(token: Token, spans: Sequence[TextSpan]) -> bool:
    return any(span.start <= token.start < span.end for span in spans)
