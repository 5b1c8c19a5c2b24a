"""What a question asks for, from its words, the talk so far and the factory's own pipeline names.

Deterministic: the same words, memory and inventory always give the same understanding. Being sure
and wrong is worse than asking back, so words that are not understood take the sureness away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.agents.understanding.confidence import (
    asks_twice,
    has_a_strange_name,
    is_lost,
    is_sure,
    is_wished,
    speaks_of_a_thing,
)
from bot.agents.understanding.entities.factories import FactoryMention
from bot.agents.understanding.entities.orders import order_in
from bot.agents.understanding.entities.pipelines import MatchKind, NameMatch, find_names
from bot.agents.understanding.entities.resolve import (
    WORDING,
    is_beside_another,
    is_part_of_more,
    who_is_meant,
)
from bot.agents.understanding.entities.time_ranges import TimeMention, read_time
from bot.agents.understanding.intents import Intent, RecognizedIntent, intent_of
from bot.agents.understanding.lexicon import Phrase, Sign, phrases_in
from bot.agents.understanding.tagger import NAME, TaggedText, read_words
from bot.agents.understanding.tokens import tokens_of

__all__ = ["Intent", "Interpretation", "understand"]

_RUN_ID = re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_SHORT_ID = re.compile(r"(?i)\brun(?:\s+id)?\s+#?((?=[\w-]*\d)[\w-]{4,})")
_ABOUT_A_RUN = frozenset({Intent.WHY, Intent.STEPS, Intent.DETAILS, Intent.COMPARE, Intent.HISTORY})
_BRIEF = frozenset({Intent.OVERVIEW, Intent.FAILURES, Intent.RUNNING, Intent.TREND})
_MANY = (Sign.MANY, Sign.CRITICAL, Phrase.WHOLE, Phrase.MOST, Phrase.COUNT)
_POINTS_BACK = (Sign.BACK, Phrase.OTHER, Phrase.FAILED_ONE, Phrase.DURATION, Phrase.STILL)
_ONE_MORE = frozenset({Intent.NOTHING, Intent.STATUS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """A question as understood; `sure` only without doubt, `bad_run_id` for an id that is none.

    `asked` is the time range it names, `where` the factory; `order` is the verb of an order,
    `again` asks the last question of something else ("and the other one?"), `brief` names nothing
    and no many ("still red?"): it is about the pipeline of the talk so far, if there is one.
    """

    intent: Intent
    asked: TimeMention
    where: FactoryMention = field(default_factory=FactoryMention)
    found: NameMatch = field(default_factory=NameMatch)
    run_ids: tuple[str, ...] = ()
    bad_run_id: str | None = None
    order: str | None = None
    refers_back: bool = False
    again: bool = False
    brief: bool = False
    signs: frozenset[Sign | None] = frozenset()
    phrases: frozenset[Phrase] = frozenset()
    sure: bool = True
    lost: bool = False

    @property
    def run_id(self) -> str | None:
        """The run that is asked about, by its full id."""
        return self.run_ids[0] if self.run_ids else None

    @property
    def broken_only(self) -> bool:
        """Whether only what failed is asked for."""
        return Sign.BROKEN in self.signs

    @property
    def critical(self) -> bool:
        """Whether only critical pipelines are asked about."""
        return Sign.CRITICAL in self.signs


def understand(
    text: str,
    names: Sequence[str],
    now: datetime,
    zone: ZoneInfo,
    factories: Sequence[str] = (),
) -> Interpretation:
    """Read a question; `names` are the pipelines that exist, `factories` the aliases that do."""
    run_ids = tuple(dict.fromkeys(_RUN_ID.findall(text)))
    asked = read_time(_RUN_ID.sub(" ", text), now, zone)
    tokens = tokens_of(asked.text)
    bad_id = None if run_ids else _bad_id(asked.text, names)
    where, found = who_is_meant(tokens, names, factories)
    named = found.places | where.places
    read = read_words(tokens, named)
    said = [one.word for one in read]
    order = order_in(said, [one.sign for one in read])
    exact = where.places | (found.places if found.how is MatchKind.EXACT else frozenset[int]())
    phrases = phrases_in(_spelled(tokens, read, exact))
    heard = RecognizedIntent(
        signs=[one.sign for place, one in enumerate(read) if place not in named],
        words=tuple(one.word for place, one in enumerate(read) if place not in named),
        phrases=phrases,
        named=bool(found.names or run_ids or bad_id),
        run=bool(run_ids or bad_id),
        time=asked.given,
        asks=text.rstrip().endswith("?"),
        act=order is not None or Phrase.ORDER in phrases,
        factory=bool(where.alias),
        twice=asks_twice(read),
        thing=speaks_of_a_thing(read),
        strange=has_a_strange_name(asked.text, named) or is_wished(read),
    )
    found = replace(found, doubt=found.doubt or is_part_of_more(asked.text, found, read))
    beside = is_beside_another(found, read)
    return _understood(heard, asked, where, found, run_ids, bad_id, order, beside)


def _spelled(tokens: Sequence[str], read: Sequence[TaggedText], exact: frozenset[int]) -> str:
    """The text in its right spelling; only names that were said in full are left out."""
    named = (place for place, one in enumerate(read) if one.word == NAME and place not in exact)
    kept = set(named)
    words = (tokens[place] if place in kept else one.word for place, one in enumerate(read))
    return " ".join(word for word, _ in groupby(words))


def _understood(
    heard: RecognizedIntent,
    asked: TimeMention,
    where: FactoryMention,
    found: NameMatch,
    run_ids: tuple[str, ...],
    bad_id: str | None,
    order: str | None,
    beside: bool,
) -> Interpretation:
    intent = intent_of(heard)
    bare = set(heard.signs) <= {Sign.FILLER, Sign.GENERIC, Sign.NOUN, Sign.BACK}
    again = Phrase.AND_THAT_ONE in heard.phrases and intent in _ONE_MORE and bare
    other_time = intent is Intent.NOTHING and bare and asked.given and not heard.named
    elsewhere = again and (heard.named or heard.factory or heard.has(Phrase.OTHER))
    if elsewhere or other_time:
        intent, again = Intent.STATUS, True
    back = (
        heard.has(Sign.BACK, Phrase.OTHER, Phrase.FAILED_ONE, Phrase.DURATION, Phrase.STILL)
        or elsewhere
    )
    return Interpretation(
        intent=intent,
        found=found,
        asked=asked,
        where=where,
        run_ids=run_ids,
        bad_run_id=bad_id,
        order=order,
        refers_back=not heard.named and (back or other_time or intent in _ABOUT_A_RUN),
        again=again or other_time,
        brief=intent in _BRIEF and not (heard.named or heard.factory or heard.has(*_MANY)),
        signs=frozenset(heard.signs),
        phrases=heard.phrases,
        sure=is_sure(intent, heard, found, where) and not (beside or found.mixed),
        lost=is_lost(intent, heard, found),
    )


def _bad_id(text: str, names: Sequence[str]) -> str | None:
    """What stands where a run id should and is none; a name of ours is no such thing."""
    match = _SHORT_ID.search(text)
    if match is None or find_names(tokens_of(match.group(1)), names, WORDING).names:
        return None
    return match.group(1)
