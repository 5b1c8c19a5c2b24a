"""A text as its words, in lower case; what parts sentences stays, apostrophes vanish."""

import re
from collections.abc import Sequence
from itertools import pairwise

_WORD = re.compile(r"[^\W_]+|[,;&+/]|[.:!?]+(?=\s+\S)")
_APOSTROPHES = re.compile("['`\N{RIGHT SINGLE QUOTATION MARK}]")
_GREETING = re.compile(r"\b(?:good|guten) (?:morning|evening|afternoon|day|morgen|abend|tag)\b")
_DOWN = re.compile(r"\b(list|write|note|jot|put) (?:down|out)\b")
_LASTS = re.compile(r"\b(typical|usual|average|avg|normal|mean|last|latest) (?:run ?time|length)\b")
_NEWS = re.compile(r"\bany (?:updates?|news|progress)\b(?= (?:on|about|for|from|with|of)\b)")
_THERE_IS = re.compile(r"\b(gab|gibt|gabs|gibts) es\b")
_PARTED = re.compile(r"\bre[- ](?=(?:run|start|try|trigger|launch)\w*\b)")


def plain(text: str) -> str:
    """In lower case, without apostrophes, "re-run" in one word."""
    said = _DOWN.sub(r"\1", _APOSTROPHES.sub("", text.lower()))
    said = _NEWS.sub("update", _LASTS.sub(r"\1 duration", said))
    return _PARTED.sub("re", _THERE_IS.sub(r"\1", _GREETING.sub("hi", said)))


def with_umlauts(word: str) -> str:
    """A German word as it is spelled where there are umlauts: "frueh" is "früh"."""
    return word.replace("ae", "ä").replace("oe", "ö").replace("ue", "ü")


def tokens_of(text: str) -> list[str]:
    """The words of a text; underscores and other signs part them."""
    return _WORD.findall(plain(text))


def is_pause(token: str) -> bool:
    """Whether it is no word but what parts them."""
    return not token[0].isalnum()


def glued_in(text: str) -> list[range]:
    """The places of words that were written as one, with underscores or hyphens between them."""
    said = plain(text)
    matches = list(_WORD.finditer(said))
    ends = [
        place
        for place, (one, after) in enumerate(pairwise(matches), start=1)
        if said[one.end() : after.start()] not in {"_", "-"}
    ]
    edges = [0, *ends, len(matches)]
    return [range(a, b) for a, b in pairwise(edges) if b - a > 1]


def between(tokens: Sequence[str], joints: frozenset[str]) -> list[range]:
    """The stretches of a text between pauses and words like "and"."""
    places = [place for place, word in enumerate(tokens) if word in joints or is_pause(word)]
    edges = [-1, *places, len(tokens)]
    return [range(a + 1, b) for a, b in pairwise(edges) if b > a + 1]
