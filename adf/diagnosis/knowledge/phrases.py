"""Words that tell a kind of error: `…` stands for some characters between two parts."""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adf.diagnosis.knowledge.codes import KnownError, codes
from adf.diagnosis.knowledge.facts import is_bare_fact, is_bare_thing
from adf.diagnosis.knowledge.kinds import read_json

FARTHEST = 120
MOST_PLACES = 8
_STRESS = 30
_START = 3
_TELLING = 12
_ENOUGH = 16
_COUNT = re.compile(r" \((?:\d{1,2}|\d{4,9})\)(?= )")
_QUOTES = re.compile(r"[\"`´“”‘’]")
_WORD_START = re.compile(r"\b\w")
_SPACES = re.compile(r"\s+")
_STANDING = re.compile(
    r"\[[a-z0-9 ._-]{2,40}\](?=\s?\[|[^\s])"
    r"|(?:the remote server returned an error: )?\(\d{3}\) (?:bad request|unauthorized"
    r"|payment required|forbidden|not found|method not allowed|not acceptable|request timeout"
    r"|conflict|gone|precondition failed|internal server error|bad gateway|service unavailable"
    r"|server unavailable|gateway time-?out|too many requests)"
)
_NAME = re.compile(r"(?<![\w.])(?:[A-Z][a-z]{1,20}){2,6}(?![\w.])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SENTENCE = re.compile(r"(?<=[.;!]),?\s")
_ADVICE = re.compile(
    r"\s*(?:please (?:check|make|contact|refer|see|verify|follow|consider|search|ensure|look)"
    r"|(?:check|make sure|ensure|verify|see|refer to|contact|you are suggested|you may|consider)\b"
    r"|for (?:more|further|details|help)|more details|if (?:the|this|you|role)|learn more"
    r"|search error)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPhrase:
    """A phrase in lower case; it counts where a word begins. `entry` is set for a code's words.

    A `stressed` one (`!` in the file) goes before longer ones.
    """

    parts: tuple[str, ...]
    kind: str
    weak: bool
    stressed: bool = False
    bare: bool = False
    entry: KnownError | None = None

    @property
    def weight(self) -> int:
        """How telling it is: the longer, the more."""
        return sum(map(len, self.parts)) + (_STRESS if self.stressed else 0)

    @property
    def telling(self) -> bool:
        """Whether it is more than one common word, which only hints at what the text is about."""
        longest = max(map(len, self.parts))
        several = len(self.parts) > 1
        named = not several and is_bare_thing("".join(self.parts))
        return (
            self.stressed
            or several
            or (not named and (" " in self.parts[0] or longest >= _TELLING))
        )

    def place(self, text: str) -> int | None:
        """Where it stands in a plain text; None when it does not."""
        start = text.find(self.parts[0])
        for _ in range(MOST_PLACES):
            if start < 0:
                return None
            if _begins_word(text, start) and self._rest_follows(text, start):
                return start
            start = text.find(self.parts[0], start + 1)
        return None

    def _rest_follows(self, text: str, start: int) -> bool:
        end = start + len(self.parts[0])
        for part in self.parts[1:]:
            found = text.find(part, end, end + FARTHEST + len(part))
            if found < 0:
                return False
            end = found + len(part)
        return True


def plain(text: str) -> str:
    """A text as phrases are looked for: lower case, single spaces, one kind of quotes.

    Names of drivers in brackets and the standing words of HTTP statuses say nothing of the error.
    """
    low = _QUOTES.sub("'", text.lower().replace("\\", "").replace("_", " "))
    return _SPACES.sub(" ", _COUNT.sub("", _STANDING.sub(" ", low)))


def names_in_words(text: str) -> str:
    """The error names in a text (QuotaExceeded) as the words that they are made of."""
    names = dict.fromkeys(_NAME.findall(text))
    return " ".join(_HUMP.sub(" ", name).lower() for name in names)


def without_advice(said: str) -> str:
    """A plain text without sentences that only tell whoever reads what to look at."""
    left = " ".join(one for one in _SENTENCE.split(said) if not _ADVICE.match(one))
    return left if len(left) >= _ENOUGH else said


def phrases_in(said: str) -> Iterator[ErrorPhrase]:
    """The phrases that stand in a plain text; only those that begin as its words do are tried."""
    by_start = _phrases()
    starts = {said[match.start() : match.start() + _START] for match in _WORD_START.finditer(said)}
    for start in (*starts, ""):
        yield from (one for one in by_start.get(start, ()) if one.place(said) is not None)


@functools.cache
def _phrases() -> Mapping[str, Sequence[ErrorPhrase]]:
    """Every phrase by its first letters, read once; by none where it does not begin a word."""
    found: dict[str, list[ErrorPhrase]] = {}
    for one in _read():
        start = one.parts[0][:_START]
        is_word = len(start) == _START and start[0].isalnum()
        found.setdefault(start if is_word else "", []).append(one)
    return found


def _read() -> Iterator[ErrorPhrase]:
    for strength, rows in read_json("phrases.json").items():
        for kind, words in rows:
            yield from (_phrase(one, kind, strength == "weak") for one in words)
    for entry in dict.fromkeys(codes().own.values()):
        yield from (_phrase(one, entry.kind, entry.weak, entry) for one in entry.words)


def _phrase(words: str, kind: str, weak: bool, entry: KnownError | None = None) -> ErrorPhrase:
    parts = words.removeprefix("!").replace("_", " ").split("…")
    return ErrorPhrase(
        parts=tuple(part.strip() for part in parts if part.strip()),
        bare=is_bare_fact(words.lower()),
        kind=kind,
        weak=weak,
        stressed=words.startswith("!"),
        entry=entry,
    )


def _begins_word(text: str, place: int) -> bool:
    return place == 0 or not (text[place - 1].isalnum() and text[place].isalnum())
