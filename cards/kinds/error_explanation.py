"""docs_answer of an error: what an error text means that somebody brought along."""

from collections.abc import Iterator

from adf.records import ErrorExplanation, Meaning
from cards.card import Card
from cards.context import CardContext
from cards.kinds.docs_answer import docs_answer
from cards.records import DocsAnswer, PageSource

ASKED = "What this error means"
UNKNOWN = "I don't know this error, only its own text."


def error_explanation(record: ErrorExplanation, reader: CardContext) -> Card:
    """What an error means that somebody pasted, in the form of an answer."""
    meaning = record.meaning
    if meaning is None:
        answer = DocsAnswer(
            question=ASKED, finding=UNKNOWN, points=(f"It says: {record.root}",), built_in=True
        )
        return docs_answer(answer, reader)
    answer = DocsAnswer(
        question=ASKED,
        finding=f"{'Likely: ' if meaning.confidence == 'likely' else ''}{meaning.cause}",
        points=tuple(_points(record, meaning)),
        sources=tuple(_pages(meaning)),
        built_in=True,
    )
    return docs_answer(answer, reader)


def _points(record: ErrorExplanation, meaning: Meaning) -> Iterator[str]:
    yield f"It says: {record.root}"
    yield from meaning.next_steps
    yield from (f"It may also be this: {one}" for one in meaning.candidates)
    if meaning.actor:
        yield f"Who can fix it: {meaning.actor}"


def _pages(meaning: Meaning) -> Iterator[PageSource]:
    if meaning.page:
        about = meaning.code or "this error"
        yield PageSource(title=f"Microsoft Learn about {about}", url=meaning.page)
