"""Splits a model's text into sentences, each with the marks [1] of the records it cites."""

import re
from dataclasses import dataclass

# A mark behind the full stop belongs to the sentence before it.
_END = re.compile(r"[.!?]+[\"')\]]*(?:\s*\[\d{1,3}\])*(?=\s|$)|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|vs|no|nr|incl|etc|ca|bzw|z\.\s?B|d\.\s?h|cf|resp)|(?:^|\s)\d{1,2})\.$",
    re.IGNORECASE,
)
MARK = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\]")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence as written, with the space behind it; `cites` are the numbers of its marks."""

    written: str
    cites: tuple[int, ...] = ()

    @property
    def unmarked(self) -> str:
        """The sentence for a person: without the marks."""
        return MARK.sub("", self.written)

    @property
    def bare(self) -> str:
        """What it says: without marks, bullet and number of a list."""
        return _BULLET.sub("", self.unmarked).strip()


def split_sentences(text: str) -> list[Sentence]:
    """Every sentence of a text, in order; together they are the whole text."""
    pieces, start = list[str](), 0
    for found in _END.finditer(text):
        end = _past_space(text, found.end())
        if end <= start or _ABBREVIATION.search(text[start : found.end()]):
            continue
        pieces.append(text[start:end])
        start = end
    if start < len(text):
        pieces.append(text[start:])
    return [_sentence(one) for one in pieces]


def whole_sentences(text: str) -> int:
    """How much of a text that still grows are whole sentences: a mark may follow the last one."""
    ends = 0
    for one in split_sentences(text)[:-1]:
        ends += len(one.written)
    rest = text[ends:].lstrip()
    return 0 if rest.startswith("[") and not ends else ends


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _sentence(written: str) -> Sentence:
    numbers = [
        int(one) for marks in MARK.findall(written) for one in re.findall(r"\d+", str(marks))
    ]
    return Sentence(written=written, cites=tuple(dict.fromkeys(numbers)))
