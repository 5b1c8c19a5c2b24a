"""What of a question nothing explains: names that nothing has, and words that would be ignored."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.agents.understanding.classifier import the_classifier
from bot.agents.understanding.entities.name_index import (
    PREFIXES,
    SIMILAR,
    alike,
    compact,
    words_of,
)
from bot.agents.understanding.entities.pipelines import MatchKind, NameMatch
from bot.agents.understanding.frame import Frame, Slots
from bot.agents.understanding.intents import OF_ALL
from bot.agents.understanding.text import SAYS_ALL, TextSpan, Token, points_back, tokens_of
from bot.agents.understanding.vocabulary import is_common, is_known, is_rare

_WRITTEN = re.compile(r"[^\s,;:!?()\"“”'’]+")
_JOINED = re.compile(r"[^\W_]_[^\W_]|[a-z0-9][A-Z]|[A-Za-z]\d|\d[A-Za-z]|[A-Za-z]-[A-Za-z0-9]")
SHORTEST_NAME = 4
# How the field calls what is self-hosted; no runtime is named by it.
_SELF_HOSTED = re.compile(r"(?i)on-?prem(?:ise)?s?")
# So surely about everything, a strange word is no name that would have to be known.
WHOLE = 0.95
# A question about all that is as clear as that has no name in it.
CLEARLY = 0.8
# So unlikely to name anything, a question with a pronoun is about what was talked about.
HARDLY_NAMED = 0.1
GUESSED = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What stays unexplained.

    `unknown` are names that nothing has, as they were written; `ignored` other words. A name may
    have been read from a part of what was written as one (`is_part_of_a_name`), or beside a word
    that may belong to another name (`is_beside_a_name`).
    """

    unknown: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    is_part_of_a_name: bool = False
    is_beside_a_name: bool = False


def covered(text: str, spans: Sequence[TextSpan], found: NameMatch) -> Coverage:
    """Look at everything that no span explains."""
    names = [span for span in spans if span.kind == "pipe"]
    written = [
        TextSpan(start=one.start(), end=one.end(), kind="") for one in _WRITTEN.finditer(text)
    ]
    part = any(
        _is_part(text, one, names, spans) or _is_another_name(text, one, names, found)
        for one in written
    )
    left = [token for token in tokens_of(text) if token.is_word and not _inside(token, spans)]
    unknown = dict.fromkeys(
        [
            *(
                text[one.start : one.end].strip(".")
                for one in written
                if part and _touches(one, names)
            ),
            *(_name for one in written if (_name := _strange_name(text, one, spans))),
            *(_unknown_words(text, left) if not names else ()),
        ]
    )
    return Coverage(
        unknown=tuple(unknown),
        ignored=tuple(token.word for token in left if not is_known(token.word)),
        is_part_of_a_name=part,
        is_beside_a_name=_is_beside(left, names, found),
    )


def _is_part(
    text: str, one: TextSpan, names: Sequence[TextSpan], spans: Sequence[TextSpan]
) -> bool:
    """Whether a name was read from a part of a word that was written as one."""
    if not _touches(one, names) or not _JOINED.search(text[one.start : one.end]):
        return False
    letters = sum(
        text[place].isalnum() and not any(span.start <= place < span.end for span in spans)
        for place in range(one.start, one.end)
    )
    return letters > 1


def _is_another_name(text: str, one: TextSpan, names: Sequence[TextSpan], found: NameMatch) -> bool:
    """Whether a name was guessed from the beginning of another one that was written in full.

    "SalesForecastMonthly" has words of its own that StoreSales does not have.
    """
    said = text[one.start : one.end]
    if found.how is not MatchKind.SHORT or not _touches(one, names) or not _JOINED.search(said):
        return False
    parts = [part for part in words_of(said) if part not in PREFIXES]
    return not any(all(_is_akin(part, name) for part in parts) for name in found.names)


def _is_akin(part: str, name: str) -> bool:
    """Whether a word stands in a name: whole, shortened, written out, or misspelled."""
    words = words_of(name)
    return part in compact(name) or any(
        word.startswith(part) or part.startswith(word) or alike(part, word) >= SIMILAR
        for word in words
    )


def _touches(one: TextSpan, names: Sequence[TextSpan]) -> bool:
    return any(one.overlaps(name) for name in names)


def _strange_name(text: str, one: TextSpan, spans: Sequence[TextSpan]) -> str | None:
    """What is written like the name of a thing and is none that is known."""
    said = text[one.start : one.end].strip(".?!")
    if len(said) < SHORTEST_NAME or any(one.overlaps(span) for span in spans):
        return None
    if not _JOINED.search(said) or said[0].isdigit() or _SELF_HOSTED.fullmatch(said):
        return None
    parts = [token.word for token in tokens_of(said)]
    whole = "".join(parts)
    if "_" not in said and (is_known(whole) or all(is_common(word) for word in parts)):
        return None
    return said


def _unknown_words(text: str, left: Sequence[Token]) -> Iterable[str]:
    """Words side by side of which nobody uses one in a question."""
    for token in left:
        if _SELF_HOSTED.fullmatch(token.word):
            continue
        if len(token.word) >= SHORTEST_NAME and token.word.isalpha() and not is_known(token.word):
            yield text[token.start : token.end]


def _is_beside(left: Sequence[Token], names: Sequence[TextSpan], found: NameMatch) -> bool:
    """Whether a word that may belong to another name stands next to one not written in full."""
    if found.how is MatchKind.EXACT:
        return False
    guessed = found.how in {MatchKind.SHORT, MatchKind.SPELLING}
    rare = [token for token in left if is_rare(token.word, GUESSED if guessed else 1)]
    return any(_is_next(token, span) for token in rare for span in names)


def _is_next(token: Token, span: TextSpan) -> bool:
    return 0 <= span.start - token.end <= 1 or 0 <= token.start - span.end <= 1


def _inside(token: Token, spans: Sequence[TextSpan]) -> bool:
    return any(span.start <= token.start < span.end for span in spans)


def without_strange_words(frame: Frame) -> Slots:
    """The slots; a strange plain word is no name in a question about all, or about "it".

    Nor is it one where all are meant, or where it is unclear what is asked, and nothing else
    speaks for a name.
    """
    slots = frame.slots
    is_plain = all(word.isalpha() and word.islower() for word in slots.unknown)
    of_all = frame.intent in OF_ALL and frame.whole >= WHOLE and frame.confidence >= CLEARLY
    is_unnamed = frame.named < HARDLY_NAMED
    of_it = frame.follows and is_unnamed and points_back(frame.masked)
    unsure = frame.confidence < the_classifier().threshold or bool(SAYS_ALL.search(frame.masked))
    unclear = is_unnamed and unsure
    if not (of_all or of_it or unclear) or not is_plain:
        return slots
    return replace(slots, unknown=(), passed_over=slots.unknown)
