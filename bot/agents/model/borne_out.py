"""Whether a question bears out the tool that a model chose for it: what is named has to be said.

A weak model takes the first name of a list where none was said. What it names must stand in the
question, in part or with a slip of the pen, or be what was talked about; a lookup that names
nothing needs a question in which code sees some reading.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from rapidfuzz import fuzz

from bot.agents.interface import Question
from bot.agents.model.arguments import name_words

_NAMES = ("pipeline", "trigger", "name", "incident", "match")
_IDS = ("run_id", "run_id_a", "run_id_b")
# They tell nothing of a factory, so nothing false can be shown for them.
_ALWAYS = frozenset({"bot_help", "learn_docs_search"})
_WORD = re.compile(r"\w+")
LEAST_LETTERS, ALIKE, LEAST_OF_ID = 3, 80, 8
# A word that so many names share tells none of them.
SHARED = 4


def is_borne_out(
    question: Question, known: Collection[str], tool: str, given: Mapping[str, object]
) -> bool:
    """Whether each thing that the call names was said; `known` are the pipelines there are."""
    if not any(given.get(one) for one in (*_NAMES, *_IDS)):
        # One pipeline is asked about: what is found of all of them would answer something else.
        is_open = bool(question.candidates) and not _named_in_full(question.text, known)
        return tool in _ALWAYS or is_open
    said = _said(question)
    ids = [str(given[one]).lower()[:LEAST_OF_ID] for one in _IDS if given.get(one)]
    return all(one in said for one in ids) and is_led_to(question, known, given)


def is_led_to(
    question: Question,
    known: Collection[str],
    given: Mapping[str, object],
    found: Iterable[str] = (),
) -> bool:
    """Whether all that a lookup names was said, or stands in what was `found` before it.

    A run's id cannot be guessed: who knows one that exists was led to it.
    """
    before = "\n".join(found).lower()
    named = [str(given[one]) for one in _NAMES if given.get(one)]
    said, common = _said(question), _common(known)
    return all(_is_said(one, said, common) or one.lower() in before for one in named)


def _named_in_full(text: str, known: Collection[str]) -> bool:
    words = text.lower()
    return any(re.search(rf"(?<!\w){re.escape(one.lower())}(?!\w)", words) for one in known)


def _said(question: Question) -> str:
    """The question, and what was talked about before it."""
    before = (question.memory.get(key) for key in ("pipeline", "before", "run_id", "cause_run_id"))
    listed = question.memory.get("listed") or ()
    return " ".join(map(str, (question.text, *filter(None, before), *listed))).lower()


def _common(known: Iterable[str]) -> frozenset[str]:
    counts = Counter(word for name in known for word in name_words(name))
    return frozenset(word for word, count in counts.items() if count >= SHARED)


def _is_said(name: str, said: str, common: frozenset[str]) -> bool:
    if name.lower() in said:
        return True
    whole = _letters(name)
    if any(fuzz.ratio(whole, _letters(one)) >= ALIKE for one in _WORD.findall(said)):
        return True
    spoken = [one for one in _WORD.findall(said) if len(one) >= LEAST_LETTERS]
    telling = [one for one in name_words(name) - common if len(one) >= LEAST_LETTERS]
    return any(_is_alike(word, one) for word in telling for one in spoken)


def _letters(text: str) -> str:
    return "".join(one for one in text.lower() if one.isalnum())


def _is_alike(word: str, spoken: str) -> bool:
    return word.startswith(spoken) or spoken.startswith(word) or fuzz.ratio(word, spoken) >= ALIKE
