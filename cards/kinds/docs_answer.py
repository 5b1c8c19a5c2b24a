"""docs_answer: an answer in words, and the pages it rests on."""

from cards import extension as x
from cards.card import Card
from cards.components.blocks import bullets, finding, header, note, reader_note, section
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.status_styles import TELLING
from cards.context import CardContext
from cards.explanation import MOST_SOURCES, source_buttons, source_line
from cards.records import DocsAnswer
from cards.text import Md, line, md, say


def docs_answer(answer: DocsAnswer, reader: CardContext) -> Card:
    """An answer in words, and the pages it rests on."""
    return fitted(lambda room: _draft(answer, reader, room))


def _draft(answer: DocsAnswer, reader: CardContext, room: SizeLimit) -> CardDraft:
    points = answer.points[: 6 if room.extras else 3]
    body: list[x.Element] = [
        header(TELLING, md(answer.question, 200), _origin(answer)),
        finding(md(answer.finding, 600)),
        *bullets([md(one, 300) for one in points]),
    ]
    rest = len(answer.points) - len(points)
    body += [note(say("{} more", rest))] if rest else []
    if answer.sources:
        body.append(section("Sources"))
        body += [note(source_line(one)) for one in answer.sources[:MOST_SOURCES]]
    body += reader_note(reader.note)
    return CardDraft(
        kind="docs_answer",
        summary=f"Answer: {line(answer.finding, 240)}",
        body=body,
        actions=source_buttons(answer.sources),
    )


def _origin(answer: DocsAnswer) -> Md:
    if answer.generated:
        return Md("AI generated: check before you act")
    known = "Known errors, built in" if answer.built_in else "Microsoft Learn"
    return md(answer.origin or known)
