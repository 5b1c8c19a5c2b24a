"""error_card: what could not be answered, why, who can fix it and how, what was last known."""

from cards import extension as x
from cards.card import Card
from cards.components import buttons as press
from cards.components.blocks import facts, finding, header, reader_note
from cards.components.layout import CardDraft, SizeLimit, fitted
from cards.components.rows import MOST_CHOICES, choices
from cards.components.status_styles import DEGRADED
from cards.context import CardContext
from cards.links import allowed
from cards.records import Problem
from cards.text import Md, line, md, say, sentence, when

_AREAS = {
    "identity": "The bot could not sign in",
    "permission": "The bot doesn't have access",
    "name": "I couldn't find that",
    "window": "Too far back",
    "throttling": "Azure is busy",
    "network": "I couldn't reach Data Factory",
    "action": "Not done",
    "input": "I couldn't do that",
    "remote": "A connected server didn't answer",
    "internal": "Something went wrong on my side",
}


def error_card(problem: Problem, reader: CardContext) -> Card:
    """What could not be answered: what it is, who can fix it and how, what was last known."""
    return fitted(lambda room: _draft(problem, reader, room))


def _draft(problem: Problem, reader: CardContext, room: SizeLimit) -> CardDraft:
    title = _AREAS.get(problem.area, _AREAS["internal"])
    return CardDraft(
        kind="error_card",
        summary=f"Problem: {title}. {line(problem.happened, 180)}",
        body=[
            header(DEGRADED, md(title), _question(problem)),
            finding(sentence(problem.happened, 600)),
            *facts(
                [
                    ("Fix", md(problem.fix, 400)),
                    ("Who can help", md(problem.who, 120)),
                    ("Last known", _last_known(problem, reader)),
                    ("Code", md(problem.code or "", 60)),
                ]
            ),
            *choices(problem.choices, min(MOST_CHOICES, room.rows)),
            *reader_note(reader.note),
        ],
        actions=_buttons(problem),
    )


def _question(problem: Problem) -> Md:
    question = line(problem.asked, 120)
    return say("You asked: {}", question) if question else Md("")


def _last_known(problem: Problem, reader: CardContext) -> Md:
    if not problem.last_known:
        return Md("")
    known, as_of = sentence(problem.last_known, 300), problem.as_of
    return say("{} (as of {})", known, when(as_of, reader.now, reader.zone)) if as_of else known


def _buttons(problem: Problem) -> list[x.Element]:
    made: list[x.Element] = []
    if problem.area in {"throttling", "network", "internal"} and problem.asked.strip():
        made.append(press.ask("Ask again", problem.asked, first=True))
    return [*made, *press.open_page("Azure portal", allowed(problem.link))]
