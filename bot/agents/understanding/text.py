"""A text as tokens with their places, and the same text with its names masked."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_TOKEN = re.compile(r"[^\W_]+(?:['’`][^\W_]+)*|[,;&+/|]|[.:!?]+(?=\s|$)")
_APOSTROPHES = re.compile("['`\N{RIGHT SINGLE QUOTATION MARK}]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word in lower case, or a sign that parts words, and its span in the text."""

    word: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word and not a pause."""
        return self.word[0].isalnum()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """A stretch of the text that was read as something: "pipe", "time", "run" and so on."""

    start: int
    end: int
    kind: str

    def overlaps(self, other: "TextSpan") -> bool:
        """Whether both share a character."""
        return self.start < other.end and other.start < self.end


@lru_cache(maxsize=64)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text with their spans; apostrophes vanish, underscores part words.

    One question is looked at in several ways, each of which takes its words.
    """
    return tuple(
        Token(_APOSTROPHES.sub("", match.group()).lower(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
    )


def masked(text: str, spans: Iterable[TextSpan], words: Mapping[str, str]) -> str:
    """The text with each span replaced by the mask word of its kind; later spans give way."""
    said, at = list[str](), 0
    for span in sorted(without_overlap(spans), key=lambda one: one.start):
        said += [text[at : span.start], f" {words[span.kind]} "]
        at = span.end
    said.append(text[at:])
    return _SPACES.sub(" ", "".join(said)).strip()


def without_overlap(spans: Iterable[TextSpan]) -> list[TextSpan]:
    """The spans in their order, each left out that overlaps one before it."""
    apart: list[TextSpan] = []
    for span in spans:
        if not any(span.overlaps(other) for other in apart):
            apart.append(span)
    return apart


def spans_of(tokens: Sequence[Token], places: Iterable[int], kind: str) -> list[TextSpan]:
    """The spans of tokens, neighbors joined into one."""
    spans: list[TextSpan] = []
    before = -2
    for place in sorted(places):
        token = tokens[place]
        if place == before + 1 and spans:
            spans[-1] = TextSpan(start=spans[-1].start, end=token.end, kind=kind)
        else:
            spans.append(TextSpan(start=token.start, end=token.end, kind=kind))
        before = place
    return spans


def plain_words(text: str) -> list[str]:
    """The words of a text in lower case, pauses among them."""
    return [token.word for token in tokens_of(text)]


def is_pause(token: str) -> bool:
    """Whether it is no word but what parts them."""
    return not token[0].isalnum()


def between(tokens: Sequence[str], joints: frozenset[str]) -> list[range]:
    """The stretches of a text between pauses and words like "and"."""
    places = [place for place, word in enumerate(tokens) if word in joints or is_pause(word)]
    edges = [-1, *places, len(tokens)]
    return [range(a + 1, b) for a, b in pairwise(edges) if b > a + 1]


SAYS_ALL = re.compile(
    r"(?i)\b(?:every ?thing|any ?thing|every ?(?:one|body)?|things|all|overall"
    r"|alles?|todos?|tout|tutto)\b"
)
_POINTS_BACK = re.compile(
    r"(?i)\b(?:it|its|it['\u2019]s|th(?:at|is) one|them|they|their"
    r"|ihn|ihm|dessen|davon|(?:show|check|get|do) (?:me )?that)\b"
)


def points_back(masked_text: str) -> bool:
    """Whether a pronoun stands for something that was talked about."""
    return _POINTS_BACK.search(masked_text) is not None


def blanked(text: str, spans: Iterable[TextSpan]) -> str:
    """The text with names blanked out, every other character where it was."""
    letters = list(text)
    for span in spans:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)


_JOINT = re.compile(
    r"(?i)\s*(?:[,;.?!]+\s+(?:and |und |then |also |y |e |et |en )?"
    r"|\s(?:and|n|und|plus|then|y|e|et|ed|en|aur)\s|\s[+&]\s|\s-\s)"
)


# Nobody dictates a comma: "the casino pull is red is it our box".
_ANEW = re.compile(
    r"(?i)\s(?=(?:whats?|what['’]s|why|whos?|who['’]s|when|how|which|(?:is|was|did|does|has) it)\b)"
)
FEWEST_BEFORE = 3


def parts_without_pause(text: str) -> Iterator[tuple[str, str]]:
    """The ways to part a text in two before a question that begins without a pause."""
    for match in _ANEW.finditer(text):
        first, second = text[: match.start()].strip(), text[match.end() :].strip()
        if len(first.split()) >= FEWEST_BEFORE and len(second.split()) > 1:
            yield first, second


def halves_of(text: str) -> Iterator[tuple[str, str]]:
    """The ways to part a text in two where two things may be asked."""
    for match in _JOINT.finditer(text):
        first, second = text[: match.start()].strip(), text[match.end() :].strip()
        if first and second:
            yield first, second
