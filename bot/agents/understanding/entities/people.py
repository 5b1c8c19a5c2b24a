"""People in a text: who something is given to, by a known name or by the words after "to"."""

import re
from collections.abc import Sequence

MASK = "xperson"
ME = "me"
_TO = frozenset({"to", "an", "à", "a", "al", "para", "kay"})
# A second name and "please" may stand behind the person.
MOST_BEHIND = 3
_SELF = re.compile(r"(?i)\b(?:to|an|for|take|für|per|para|pour)\s+(?:me|myself|mich|mir|mi|moi)\b")
_GIVEN = re.compile(
    r"(?i)\b(?:to|an|à|al?|para)\s+@?(?!the\b|it\b|that\b|this\b)"
    r"([^\W\d_][\w'.-]*(?:\s+[^\W\d_][\w'.-]*)?)\s*(?:please|pls|now|thanks|thx|bitte)?\s*[.!]*$"
)


def people_masked(masked: str, people: Sequence[str]) -> str:
    """A masked text with known names masked too, for the sentences that need no guessing."""
    found = _pattern(people)
    text = found.sub(MASK, masked) if found else masked
    return re.sub(r"(?i)\bto (?:me|myself)\b", f"to {MASK}", text)


def person_in(text: str, people: Sequence[str]) -> str | None:
    """Who it is given to: a known name, the speaker, or the words after "to"; None for nobody."""
    if _SELF.search(text):
        return ME
    found = _pattern(people)
    names = {one.group().lower() for one in found.finditer(text)} if found else set[str]()
    if len(names) == 1:
        return names.pop()
    given = _GIVEN.search(text)
    return given.group(1) if given else None


def known_people_in(text: str, people: Sequence[str]) -> frozenset[str]:
    """The known names in a text, as they were written, in small letters."""
    found = _pattern(people) if people else None
    return (
        frozenset(one.group().lower().lstrip("@") for one in found.finditer(text))
        if found
        else frozenset()
    )


def is_person(word: str, people: Sequence[str]) -> bool:
    """Whether a word is a known name, or the first word of one."""
    found = _pattern(people)
    return found is not None and found.fullmatch(word) is not None


def without_recipient(words: Sequence[str], people: Sequence[str]) -> list[str]:
    """The words with a person made a pause to whom something is given at the end: "to Lee".

    A pipeline may be called like somebody.
    """
    left = list(words)
    for place in range(max(1, len(left) - MOST_BEHIND), len(left)):
        if left[place - 1] in _TO and is_person(left[place], people):
            left[place] = ","
    return left


def _pattern(people: Sequence[str]) -> re.Pattern[str] | None:
    """Whole names, and the first word of names of several words."""
    wholes = {one.strip() for one in people if one.strip()}
    words = wholes | {one.split()[0] for one in wholes}
    longest = sorted(words, key=len, reverse=True)
    if not longest:
        return None
    return re.compile(rf"(?i)(?<!\w)@?(?:{'|'.join(map(re.escape, longest))})(?!\w)")
