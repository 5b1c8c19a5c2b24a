"""What a question asks for, from its words, the talk so far and the factory's own pipeline names.

Deterministic: the same words, memory and inventory always give the same understanding. Being sure
and wrong is worse than asking back, so words that are not understood take the sureness away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.agent.offline.factories import Where, find_factory
from bot.agent.offline.intents import Heard, Intent, intent_of
from bot.agent.offline.names import Found, How, Wording, find_names, tokens_of
from bot.agent.offline.orders import order_in
from bot.agent.offline.phrases import Phrase, phrases_in
from bot.agent.offline.signs import signs_of
from bot.agent.offline.sureness import is_lost, is_sure
from bot.agent.offline.times import Asked, read_time
from bot.agent.offline.words import STRONG, WEAK, Sign

__all__ = ["Intent", "Understanding", "understand"]

_RUN_ID = re.compile(r"(?i)\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_SHORT_ID = re.compile(r"(?i)\brun(?:\s+id)?\s+#?((?=[\w-]*\d)[\w-]{4,})")
_WORDING = Wording(ignored=STRONG, weak=WEAK)
_ABOUT_A_RUN = frozenset({Intent.WHY, Intent.STEPS, Intent.DETAILS, Intent.COMPARE, Intent.HISTORY})
_ONE_MORE = frozenset({Intent.NOTHING, Intent.STATUS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A question as understood; `sure` only without doubt, `bad_run_id` for an id that is none.

    `asked` is the time range it names, `where` the factory; `order` is the verb of an order,
    `again` asks the last question of something else ("and the other one?").
    """

    intent: Intent
    asked: Asked
    where: Where = field(default_factory=Where)
    found: Found = field(default_factory=Found)
    run_ids: tuple[str, ...] = ()
    bad_run_id: str | None = None
    order: str | None = None
    refers_back: bool = False
    again: bool = False
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
) -> Understanding:
    """Read a question; `names` are the pipelines that exist, `factories` the aliases that do."""
    run_ids = tuple(dict.fromkeys(_RUN_ID.findall(text)))
    asked = read_time(_RUN_ID.sub(" ", text), now, zone)
    tokens = tokens_of(asked.text)
    bad_id = None if run_ids else _bad_id(asked.text, names)
    where = find_factory(tokens, factories)
    found = _found(tokens, names, where)
    signs = signs_of(tokens, found.places | where.places)
    heard = Heard(
        signs=[
            sign for place, sign in enumerate(signs) if place not in found.places | where.places
        ],
        phrases=phrases_in(asked.text),
        named=bool(found.names or run_ids or bad_id),
        run=bool(run_ids or bad_id),
        time=asked.given,
        asks=text.rstrip().endswith("?"),
        act=order_in(tokens, signs) is not None,
        factory=bool(where.alias),
    )
    return _understood(heard, asked, where, found, run_ids, bad_id, order_in(tokens, signs))


def _understood(
    heard: Heard,
    asked: Asked,
    where: Where,
    found: Found,
    run_ids: tuple[str, ...],
    bad_id: str | None,
    order: str | None,
) -> Understanding:
    intent = intent_of(heard)
    bare = set(heard.signs) <= {Sign.FILLER, Sign.GENERIC, Sign.NOUN, Sign.BACK}
    again = Phrase.AND_THAT_ONE in heard.phrases and intent in _ONE_MORE and bare
    other_time = intent is Intent.NOTHING and bare and asked.given and not heard.named
    if (again and heard.named) or other_time or (again and heard.has(Phrase.OTHER)):
        intent, again = Intent.STATUS, True
    back = heard.has(Sign.BACK, Phrase.OTHER, Phrase.FAILED_ONE)
    return Understanding(
        intent=intent,
        found=found,
        asked=asked,
        where=where,
        run_ids=run_ids,
        bad_run_id=bad_id,
        order=order,
        refers_back=not heard.named and (back or other_time or intent in _ABOUT_A_RUN),
        again=again or other_time,
        signs=frozenset(heard.signs),
        phrases=heard.phrases,
        sure=is_sure(intent, heard, found, where),
        lost=is_lost(intent, heard, found),
    )


def _found(tokens: Sequence[str], names: Sequence[str], where: Where) -> Found:
    """The names a text fits; words that name a factory are no part of one, unless it is exact."""
    found = find_names(tokens, names, _WORDING)
    if found.how is How.EXACT or not where.places & found.places:
        return found
    others = [word if place not in where.places else "," for place, word in enumerate(tokens)]
    return find_names(others, names, _WORDING)


def _bad_id(text: str, names: Sequence[str]) -> str | None:
    """What stands where a run id should and is none; a name of ours is no such thing."""
    match = _SHORT_ID.search(text)
    if match is None or find_names(tokens_of(match.group(1)), names, _WORDING).names:
        return None
    return match.group(1)
