"""What each exception, each JSON object and each page in an error text says, innermost first."""

import html
import re
from collections.abc import Iterator

EDGES = " \t\r\n,'\"“”{}"
_SEGMENT = re.compile(r",?\s?'{1,2}Type=|,\s{1,4}Type=")
_TYPED = re.compile(
    r"(?:^|,)\s{0,4}Message\s?=(?P<said>.*?)(?=,\s{0,8}Source\s?=|,?'{0,4}$)", re.DOTALL
)
_EXTENDED = re.compile(r"StorageExtendedMessage=(?P<said>.{1,1000}?)(?=,'|RequestId:|$)", re.DOTALL)
_FIELD = re.compile(
    r"\w{1,24}\\{0,8}[\"“”']?\s{0,4}:\s{0,4}\\{0,8}(?P<quote>[\"“”'])(?P<said>.{1,2000}?)"
    r"(?=\\{0,8}(?P=quote)\s{0,4}(?:[.,}\]]|$)|$)",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = "message|output|errors?|error_description|detail|reason|exception"
_FIELD_NAME = re.compile(rf"(?i)(?<=[\"“”@\\'])(?:{_NAMES})(?=\\{{0,8}}[\"“”']\s{{0,4}}:)")
_BARE_NAME = re.compile(r"(?i)\b(?:message|output|reason)(?=\s{0,4}:\s{0,4}[\"“”'])")
_STATUS = re.compile(r"(?i)[\"']status\\{0,8}[\"'] ?: ?\\{0,8}[\"'](?P<said>cancell?ed)")
_CHAINED = re.compile(
    r"\s{0,4}(?:Caused by:|--->?|Inner exception:?|InnerException:?)\s{0,4}", re.IGNORECASE
)
_STACK = re.compile(r"\s{0,8}(?:\n\s{0,8}at |\r?\ntotal entry:|\s--- End of inner)")
_CLASS = re.compile(r"^(?:[a-z][\w$]{0,60}\.){1,8}[A-Z][\w$]{0,80}(?:Exception|Error)\s?:\s?")
_PAGE = re.compile(r"(?i)<!doctype html|<html\b|<body\b")
_TAG = re.compile(r"(?is)<(?:style|script)\b.{0,4000}?</(?:style|script)>|<[^<>]{0,400}>")
_MOST_FIELDS = 4
_QUOTED_WORD = re.compile(r"[\w.$-]{1,60}['\"](?=\s)")


def layers_of(text: str) -> tuple[str, ...]:
    """The messages in a text, from the innermost outwards, without those said before."""
    found = (_tidied(one) for one in _messages(text))
    return tuple(dict.fromkeys(one for one in found if one))


def without_tags(text: str) -> str:
    """A text with an HTML page in it as the page shows it."""
    if not _PAGE.search(text):
        return text
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def _messages(text: str) -> Iterator[str]:
    typed = [segment for segment in reversed(_SEGMENT.split(text)) if _TYPED.search(segment)]
    for segment in typed:
        extended = _EXTENDED.search(segment)
        if extended:
            yield extended["said"]
        match = _TYPED.search(segment)
        if match:
            yield from _inside(match["said"])
    if not typed:
        yield from _inside(text)
    status = _STATUS.search(text)
    if status:
        yield status["said"]


def _inside(said: str) -> Iterator[str]:
    """The message itself after what is chained or written as JSON within it."""
    for one in reversed(_CHAINED.split(without_tags(said))):
        yield from _fields(one)
        yield _CLASS.sub("", _STACK.split(one.strip())[0])


def _fields(text: str) -> Iterator[str]:
    form = _FIELD_NAME if _FIELD_NAME.search(text) else _BARE_NAME
    places = [match.start() for match in form.finditer(text)]
    for place in reversed(places[-_MOST_FIELDS:]):
        field = _FIELD.match(text, place)
        if field:
            yield _STACK.split(_with_quote(field))[0]


def _with_quote(field: re.Match[str]) -> str:
    """What a field says; with its quote where that is the one of its first word alone."""
    said = field["said"]
    own = _QUOTED_WORD.match(said) and said.count(field["quote"]) % 2 == 1
    return f"{field['quote']}{said}" if own else said


def _tidied(text: str) -> str:
    """A message without loose edges; quotes that have a partner inside stay."""
    plain = text.strip(" \t\r\n,{}")
    for quote in ("'", '"'):
        if plain.count(quote) % 2:
            plain = plain.strip(quote)
    return plain.strip(" \t\r\n,{}")
