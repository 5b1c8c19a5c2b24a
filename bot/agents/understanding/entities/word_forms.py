"""Other forms of a word of a name: "adjudication" of adjudicate, "member" of mbr, "clm" of claims.

Names of pipelines are mostly written in English: two words are of one kind that begin alike and
differ in endings alone, those that make words of verbs and nouns; -er is none, since customers
have nothing to do with customs. An abbreviation is written with letters of a word from its first
to its last: mbr, pmt, stmt. Acronyms written in full ("know your customer") are not read: in other
languages three words side by side too often have such letters.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from bot.agents.understanding.entities.name_index import (
    SIMILAR,
    NameIndex,
    alike,
    compact,
    is_abbreviation,
)
from bot.agents.understanding.vocabulary import is_usual

SHORTEST = 5
SHORTEST_BEGIN = 4
# The last letter of an abbreviation is one of so many at the end of the word: mbr, txn, clm(s).
END = 2
_ENDING = re.compile(
    r"|e|s|es|y|ies|ed|ing|ings|als?|[ae]nce|e?ments?|i?ty|(?:ab|ib)?ilit(?:y|ies)"
    r"|(?:[if]|ific|ic)?at(?:es?|ed|ing|ions?)|i?ions?|ives?|i[sz](?:e|ed|es|ing|ations?)"
)

# Names are dictated with their marks: "claims underscore load".
_SPOKEN_MARK = re.compile(
    r"(?i)(?P<before>[^\W_]+)\s+(?:dot|point|underscore|under score|dash|hyphen|minus|slash|punkt"
    r"|unterstrich|bindestrich|guion bajo|guion|punto|tiret|trattino)\s+(?=(?P<after>[^\W_]+))"
)


def forms_of(said: str, index: NameIndex) -> Iterable[str]:
    """The words of names that a word is another form, the long form or the short form of."""
    if len(said) >= SHORTEST and said.isascii():
        alike = index.starting_with(said[:SHORTEST_BEGIN])
        yield from (word for word in alike if _differ_in_endings(said, word))
        short = (word for word in index.abbreviations if not is_usual(word))
        yield from (word for word in short if is_short_for(word, said))
    if is_abbreviation(said):
        yield from (word for word in index.starting_with(said[0]) if is_short_for(said, word))


def _differ_in_endings(one: str, other: str) -> bool:
    pairs = zip(one, other, strict=False)
    begin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    ends = (one[begin:], other[begin:])
    return begin >= SHORTEST_BEGIN and all(_ENDING.fullmatch(end) for end in ends)


def is_akin(said: str, known: str) -> bool:
    """Whether a word beside a name may be this word of it: begun, written out, or another form."""
    shorter, longer = sorted((said, known), key=len)
    return (
        (len(shorter) >= len("mbr") and longer.startswith(shorter))
        or alike(said, known) >= SIMILAR
        or (min(len(said), len(known)) >= SHORTEST and _differ_in_endings(said, known))
        or (is_abbreviation(shorter) and is_short_for(shorter, longer))
    )


def is_short_for(short: str, word: str) -> bool:
    """Whether an abbreviation is written with letters of a word in their order, from end to end."""
    word = word.removesuffix("s")
    if len(word) < SHORTEST - 1 or len(word) <= len(short) or word[0] != short[0]:
        return False
    letters = iter(word)
    return all(letter in letters for letter in short) and short[-1] in word[-END:]


def without_spoken_marks(text: str, names: Sequence[str]) -> str:
    """The text without the marks that were spoken inside the name of something that exists."""
    if _SPOKEN_MARK.search(text) is None:
        return text
    known = [compact(name) for name in names]

    def joined(found: re.Match[str]) -> str:
        beside = compact(found["before"] + found["after"])
        is_name = any(beside in name for name in known)
        return f"{found['before']} " if is_name else found.group()

    return _SPOKEN_MARK.sub(joined, text)
