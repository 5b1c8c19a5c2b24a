"""What a question names beside pipelines: a linked service, a dataset, a table, a secret."""

import re
from collections.abc import Iterator

from bot.agents.understanding.vocabulary import is_everyday

_QUOTED = re.compile(r"[\"“„`']([^\"“”„`']{2,200})[\"“”`']")
_WRITTEN = re.compile(r"[^\s,;:!?()\"“”„'’`]+")
# Written as people name things in Data Factory: ls_crm, dbo.Orders, shir-prod-01, DS2, AzureSqlDw.
_LIKE_A_NAME = re.compile(
    r"[^\W_]_[^\W_]|[^\W\d_]\.[^\W\d_]|[a-z0-9][A-Z]|[A-Za-z]\d|[^\W_]-[^\W_]|\]\.\["
)
_NOUNS = re.compile(
    r"(?i)\b(?:linked[ -]?services?|connections?|datasets?|data sets?|(?:integration )?runtimes?"
    r"|data ?flows?|tables?|views?|(?:key ?vault )?secrets?|stored proc(?:edure)?s?|procs?"
    r"|notebooks?|credentials?|tabellen?|datenquellen?)\b"
)
_USES = re.compile(
    r"(?i)\b(?:us(?:e|es|ed|ing)|reads?|writes?|runs? (?:on|over|through|via)|rel(?:y|ies)|depends?"
    r"|connects?|touch(?:es)?|loads? (?:from|into|to)|from|into|through|via|benutz\w*|nutz\w*"
    r"|verwend\w*)\b"
)

_ARTICLES = frozenset({"the", "our", "my", "die", "der", "das"})


def resource_in(text: str) -> str | None:
    """The name of something that pipelines use, as it was written; None where none is."""
    return next(_candidates(text), None)


def asks_for_users(text: str) -> bool:
    """Whether a question about pipelines asks for those that use something written like a name."""
    named = next((one for one in _written(text) if _LIKE_A_NAME.search(one)), None)
    return named is not None and _USES.search(text) is not None


def _candidates(text: str) -> Iterator[str]:
    """Best first: in quotes, written like a name, else the word beside what it is called."""
    yield from (found.group(1).strip() for found in _QUOTED.finditer(text))
    yield from (one for one in _written(text) if _LIKE_A_NAME.search(one))
    for noun in _NOUNS.finditer(text):
        after = [*_written(text[noun.end() :])][:1]
        *_, article, word = ("", "", *_written(text[: noun.start()]))
        beside = [*after, *([word] if article.lower() in _ARTICLES else [])]
        yield from (one for one in beside if not is_everyday(one.lower()))


def _written(text: str) -> Iterator[str]:
    for found in _WRITTEN.finditer(text):
        word = found.group().strip(".?!")
        if word:
            yield word
