"""The words that ask for an act, read off the corpus: `python -m tests.training.act_words` writes
them beside the code that asks for them.

A word counts that several authors used when they wanted the act, and that stands there much more
often than where something else is wanted.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from bot.agents.understanding.act_words import FILE
from bot.agents.understanding.features import MASK_WORDS
from bot.agents.understanding.intents import PROPOSED, Intent
from bot.agents.understanding.text import tokens_of
from tests.training.corpus import CorpusRow, masked, read_corpus

FEWEST_AUTHORS = 2
LIFT = 5.0
# They speak of acts without wanting one.
_ABOUT_ACTS = frozenset(
    {
        *(Intent.WHAT_IF, Intent.AUDIT, Intent.DOCS_HOWTO, Intent.MULTI, Intent.INJECTION),
        *(Intent.AGAIN, Intent.UNCLEAR, Intent.STARTED_BY, Intent.TRIGGER_DID_RUN),
    }
)


def act_words(rows: Sequence[CorpusRow]) -> Mapping[str, list[str]]:
    """For each act the words that ask for it."""
    others = [one for one in rows if one.intent not in _ABOUT_ACTS | PROPOSED]
    elsewhere = Counter(word for one in others for word in _words(one))
    return {
        str(act): sorted(_of_act(act, rows, elsewhere, len(others))) for act in sorted(PROPOSED)
    }


def _of_act(
    act: Intent, rows: Sequence[CorpusRow], elsewhere: Counter[str], count: int
) -> list[str]:
    mine = [one for one in rows if one.intent == act]
    often, authors = Counter[str](), defaultdict[str, set[str]](set)
    for one in mine:
        for word in _words(one):
            often[word] += 1
            authors[word].add(one.author)
    return [
        word
        for word, times in often.items()
        if len(authors[word]) >= FEWEST_AUTHORS
        and (times / len(mine)) / ((elsewhere[word] + 0.5) / count) >= LIFT
    ]


def _words(row: CorpusRow) -> frozenset[str]:
    found = (one.word for one in tokens_of(masked(row.text)) if one.is_word)
    return frozenset(one for one in found if len(one) > 1 and one != "re" and one not in MASK_WORDS)


if __name__ == "__main__":
    FILE.write_text(
        json.dumps(act_words(read_corpus()), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
